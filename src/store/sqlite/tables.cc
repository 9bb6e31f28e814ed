#include "store/sqlite/tables.h"

#include <fmt/format.h>

#include <bit>

#include "store/sqlite/pack.h"

namespace hookreel::store {
namespace {

constexpr std::int64_t application_id = 0x486f6f6b;  // "Hook"
constexpr std::int64_t schema_version = 1;

constexpr const char* schema = R"sql(
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
INSERT INTO meta (name, value) VALUES ('boot', 0);
CREATE TABLE queues (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE packs (pack INTEGER PRIMARY KEY, queues BLOB NOT NULL, letters BLOB NOT NULL);
CREATE TABLE fresh (queue INTEGER NOT NULL, pack INTEGER NOT NULL, slots INTEGER NOT NULL,
                    PRIMARY KEY (queue, pack)) WITHOUT ROWID;
CREATE TABLE rows (queue INTEGER NOT NULL, entry INTEGER NOT NULL, attempts INTEGER NOT NULL,
                   due INTEGER NOT NULL, PRIMARY KEY (queue, entry)) WITHOUT ROWID;
CREATE INDEX rows_due ON rows (queue, due);
CREATE TABLE dead_letters (number INTEGER PRIMARY KEY, queue INTEGER NOT NULL, event TEXT NOT NULL,
                           type TEXT NOT NULL, attempts INTEGER NOT NULL, at INTEGER NOT NULL,
                           reason TEXT NOT NULL, body BLOB NOT NULL);
CREATE INDEX dead_letters_queue ON dead_letters (queue, number);
CREATE TABLE attempts (number INTEGER PRIMARY KEY, latest INTEGER NOT NULL, count INTEGER NOT NULL,
                       page BLOB NOT NULL);
CREATE TABLE records (kind INTEGER NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
                      value BLOB NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
)sql";

Result<void> create(Database& database) {
    const std::string stamps = fmt::format("PRAGMA application_id={}; PRAGMA user_version={};",
                                           application_id, schema_version);
    if (Result<void> result = database.begin(); !result) return result;
    Result<void> result = database.execute(schema);
    if (result) result = database.execute(stamps.c_str());
    if (result) return database.commit();
    database.rollback();
    return result;
}

Result<void> check_or_create(Database& database) {
    const Result<std::int64_t> application = database.number("PRAGMA application_id");
    const Result<std::int64_t> version = database.number("PRAGMA user_version");
    const Result<std::int64_t> tables = database.number("SELECT count(*) FROM sqlite_schema");
    for (const Result<std::int64_t>* read : {&application, &version, &tables})
        if (!*read) return fail(read->error());
    if (*application == 0 && *version == 0 && *tables == 0) return create(database);
    if (*application != application_id)
        return fail(Code::invalid, "the file is a SQLite database, but not one of Hookreel");
    if (*version != schema_version)
        return fail(Code::invalid,
                    fmt::format("the database has version {}, this program knows version {}",
                                *version, schema_version));
    return {};
}

}  // namespace

Result<std::uint64_t> prepare_tables(Database& database) {
    if (Result<void> result = check_or_create(database); !result)
        return fail(std::move(result.error()));
    if (Result<void> result =
            database.execute("UPDATE meta SET value = value + 1 WHERE name = 'boot'");
        !result)
        return fail(std::move(result.error()));
    Result<std::int64_t> boot = database.number("SELECT value FROM meta WHERE name = 'boot'");
    if (!boot) return fail(std::move(boot.error()));
    return static_cast<std::uint64_t>(*boot);
}

namespace {

using ByNumber = std::map<std::int64_t, StoredQueue>;

Result<ByNumber> read_queues(Database& database) {
    ByNumber queues;
    Statement names(database, "SELECT number, name FROM queues");
    Rows rows = names.query();
    while (rows.next()) {
        StoredQueue& queue = queues[rows.integer(0)];
        queue.number = static_cast<std::uint32_t>(rows.integer(0));
        queue.name = rows.bytes(1);
    }
    if (Result<void> result = rows.result(); !result) return fail(std::move(result.error()));
    return queues;
}

Result<void> read_fresh(Database& database, ByNumber& queues) {
    Statement all(database, "SELECT queue, pack, slots FROM fresh ORDER BY queue, pack");
    Rows rows = all.query();
    StoredQueue* queue = nullptr;
    while (rows.next()) {
        const auto number = static_cast<std::uint32_t>(rows.integer(0));
        if (queue == nullptr || queue->number != number) {
            queue = &queues[number];
            queue->number = number;
            queue->first_pack = rows.number(1);
        }
        queue->last_pack = rows.number(1);
        queue->entries += static_cast<std::uint64_t>(std::popcount(rows.number(2)));
    }
    return rows.result();
}

Result<void> read_rows(Database& database, ByNumber& queues) {
    Statement counts(database, "SELECT queue, count(*), min(due) FROM rows GROUP BY queue");
    Rows rows = counts.query();
    while (rows.next()) {
        StoredQueue& queue = queues[rows.integer(0)];
        queue.rows = rows.number(1);
        queue.entries += queue.rows;
        queue.next_due = TimePoint(Duration(rows.integer(2)));
    }
    return rows.result();
}

Result<void> read_dead(Database& database, ByNumber& queues) {
    Statement counts(database, "SELECT queue, count(*) FROM dead_letters GROUP BY queue");
    Rows rows = counts.query();
    while (rows.next())
        queues[rows.integer(0)].dead = rows.number(1);
    return rows.result();
}

}  // namespace

Result<StoredState> read_state(Database& database) {
    Result<ByNumber> queues = read_queues(database);
    if (!queues) return fail(std::move(queues.error()));
    for (auto read : {read_fresh, read_rows, read_dead})
        if (Result<void> result = read(database, *queues); !result)
            return fail(std::move(result.error()));
    const Result<std::int64_t> last_pack = database.number("SELECT max(pack) FROM packs");
    if (!last_pack) return fail(last_pack.error());
    StoredState state{.queues = {}, .next_pack = static_cast<std::uint64_t>(*last_pack) + 1};
    for (auto& [number, queue] : *queues)
        state.queues.push_back(std::move(queue));
    return state;
}

namespace {

Result<bool> holds(Tables& tables, std::uint32_t queue, std::uint64_t pack) {
    Rows fresh = tables.fresh_exists.query(queue, pack);
    if (fresh.next()) return true;
    if (Result<void> result = fresh.result(); !result) return fail(std::move(result.error()));
    Rows row =
        tables.row_exists.query(queue, entry_id(pack, 0), entry_id(pack, pack_slots_max - 1));
    if (row.next()) return true;
    if (Result<void> result = row.result(); !result) return fail(std::move(result.error()));
    return false;
}

}  // namespace

Result<void> free_pack(Tables& tables, std::uint64_t pack) {
    std::vector<std::uint32_t> queues;
    {
        Rows rows = tables.pack_queues.query(pack);
        if (rows.next()) queues = read_numbers(rows.bytes(0));
        if (Result<void> result = rows.result(); !result) return result;
    }
    for (std::uint32_t queue : queues) {
        const Result<bool> held = holds(tables, queue, pack);
        if (!held) return fail(held.error());
        if (*held) return {};
    }
    return tables.delete_pack.run(pack);
}

Tables::Tables(Database& connection) : database(connection) {}

}  // namespace hookreel::store
