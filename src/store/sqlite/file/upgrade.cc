#include "store/sqlite/file/upgrade.h"

#include "store/sqlite/file/pack.h"

namespace hookreel::store {

const char* const schema_of_version_2 = R"sql(
CREATE TABLE packs (pack INTEGER PRIMARY KEY, queues BLOB NOT NULL, events INTEGER NOT NULL,
                    stored INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL,
                    letters BLOB NOT NULL);
CREATE TABLE joined (pack INTEGER NOT NULL, queue INTEGER NOT NULL, slots INTEGER NOT NULL,
                     PRIMARY KEY (pack, queue)) WITHOUT ROWID;
CREATE TABLE ended (entry INTEGER NOT NULL, queue INTEGER NOT NULL, attempts INTEGER NOT NULL,
                    PRIMARY KEY (entry, queue)) WITHOUT ROWID;
CREATE TABLE dead_letters (number INTEGER PRIMARY KEY, queue INTEGER NOT NULL,
                           entry INTEGER NOT NULL, attempts INTEGER NOT NULL, at INTEGER NOT NULL,
                           reason TEXT NOT NULL);
CREATE INDEX dead_letters_queue ON dead_letters (queue);
CREATE UNIQUE INDEX dead_letters_entry ON dead_letters (queue, entry);
CREATE INDEX dead_letters_age ON dead_letters (entry, queue);
CREATE TABLE attempts (number INTEGER PRIMARY KEY, count INTEGER NOT NULL, low INTEGER NOT NULL,
                       high INTEGER NOT NULL, latest INTEGER NOT NULL, marks BLOB NOT NULL);
CREATE TABLE attempt_pages (number INTEGER PRIMARY KEY, form INTEGER NOT NULL,
                            page BLOB NOT NULL);
CREATE TABLE id_rows (number INTEGER PRIMARY KEY, latest INTEGER NOT NULL,
                      last_pack INTEGER NOT NULL, page BLOB NOT NULL);
CREATE TABLE id_runs (run INTEGER PRIMARY KEY, count INTEGER NOT NULL, latest INTEGER NOT NULL,
                      last_pack INTEGER NOT NULL);
CREATE TABLE id_pages (number INTEGER PRIMARY KEY, page BLOB NOT NULL);
)sql";

namespace {

constexpr const char* aside = R"sql(
ALTER TABLE rows ADD COLUMN key INTEGER NOT NULL DEFAULT 0;
ALTER TABLE packs RENAME TO old_packs;
ALTER TABLE attempts RENAME TO old_attempts;
ALTER TABLE dead_letters RENAME TO old_dead_letters;
DROP INDEX dead_letters_queue;
)sql";

constexpr const char* old_log = R"sql(
INSERT INTO attempts (number, count, low, high, latest, marks)
    SELECT number, count, 0, max(latest) OVER (ORDER BY number), latest, x'' FROM old_attempts;
INSERT INTO attempt_pages (number, form, page) SELECT number, 1, page FROM old_attempts;
DROP TABLE old_attempts;
)sql";

Result<void> copy_packs(Database& database, TimePoint now) {
    Statement copy(database,
                   "INSERT INTO packs (pack, queues, events, stored, low, high, letters) SELECT "
                   "pack, queues, -1, ?1, 0, ?1, letters FROM old_packs");
    return copy.run(static_cast<std::int64_t>(now.time_since_epoch().count()));
}

// A dead letter had its event with it; now the event is a pack that the dead letter holds. Of the
// event's application, key and time nothing was kept.
Result<void> copy_dead_letters(Database& database, TimePoint now) {
    const Result<std::int64_t> last_pack = database.number("SELECT max(pack) FROM packs");
    if (!last_pack) return fail(last_pack.error());
    auto pack = static_cast<std::uint64_t>(*last_pack);
    const std::int64_t stored = now.time_since_epoch().count();
    Statement all(database,
                  "SELECT number, queue, event, type, attempts, at, reason, body FROM "
                  "old_dead_letters ORDER BY number");
    Statement put_pack(database,
                       "INSERT INTO packs (pack, queues, events, stored, low, high, letters) "
                       "VALUES (?1, ?2, -1, ?3, 0, ?3, ?4)");
    Statement put_letter(database,
                         "INSERT INTO dead_letters (number, queue, entry, attempts, at, reason) "
                         "VALUES (?, ?, ?, ?, ?, ?)");
    Rows rows = all.query();
    while (rows.next()) {
        std::string letters;
        append_letter(letters, {.id = model::EventId(std::string(rows.bytes(2))),
                                .application = {},
                                .type = std::string(rows.bytes(3)),
                                .key = {},
                                .time = TimePoint(Duration(rows.integer(5))),
                                .body = std::make_shared<const std::string>(rows.bytes(7))});
        const std::string queues = write_numbers({static_cast<std::uint32_t>(rows.integer(1))});
        Result<void> result = put_pack.run(++pack, Blob{queues}, stored, Blob{letters});
        if (result)
            result = put_letter.run(rows.integer(0), rows.integer(1), entry_id(pack, 0),
                                    rows.integer(4), rows.integer(5), rows.bytes(6));
        if (!result) return result;
    }
    return rows.result();
}

}  // namespace

Result<void> upgrade_from_version_1(Database& database, TimePoint now) {
    Result<void> result = database.execute(aside);
    if (result) result = database.execute(schema_of_version_2);
    if (result) result = copy_packs(database, now);
    if (result) result = copy_dead_letters(database, now);
    if (result) result = database.execute(old_log);
    if (result) result = database.execute("DROP TABLE old_packs; DROP TABLE old_dead_letters");
    return result;
}

}  // namespace hookreel::store
