#include "store/sqlite/file/tables.h"

#include <fmt/format.h>

#include <bit>

#include "store/sqlite/file/pack.h"
#include "store/sqlite/file/upgrade.h"

namespace hookreel::store {
namespace {

constexpr std::int64_t application_id = 0x486f6f6b;  // "Hook"
constexpr std::int64_t schema_version = 4;
// Letters may have a trace since version 3, and there are departures since version 4; all else is
// the same.
constexpr std::int64_t version_of_this_layout = 2;

constexpr const char* schema = R"sql(
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
INSERT INTO meta (name, value) VALUES ('boot', 0);
CREATE TABLE queues (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE fresh (queue INTEGER NOT NULL, pack INTEGER NOT NULL, slots INTEGER NOT NULL,
                    PRIMARY KEY (queue, pack)) WITHOUT ROWID;
CREATE TABLE rows (queue INTEGER NOT NULL, entry INTEGER NOT NULL, attempts INTEGER NOT NULL,
                   due INTEGER NOT NULL, key INTEGER NOT NULL DEFAULT 0,
                   PRIMARY KEY (queue, entry)) WITHOUT ROWID;
CREATE INDEX rows_due ON rows (queue, due);
CREATE TABLE records (kind INTEGER NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
                      value BLOB NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
)sql";

constexpr const char* departures_schema = R"sql(
CREATE TABLE departures (number INTEGER PRIMARY KEY, places BLOB NOT NULL);
)sql";

Result<void> create(Database& database) {
    const std::string stamps = fmt::format("PRAGMA application_id={}; PRAGMA user_version={};",
                                           application_id, schema_version);
    if (Result<void> result = database.begin(); !result) return result;
    Result<void> result = database.execute(schema);
    if (result) result = database.execute(schema_of_version_2);
    if (result) result = database.execute(departures_schema);
    if (result) result = database.execute(stamps.c_str());
    if (result) return database.commit();
    database.rollback();
    return result;
}

Result<void> upgrade(Database& database, std::int64_t version, TimePoint now) {
    if (Result<void> result = database.begin(); !result) return result;
    Result<void> result;
    if (version < version_of_this_layout) result = upgrade_from_version_1(database, now);
    if (result) result = database.execute(departures_schema);
    const std::string stamp = fmt::format("PRAGMA user_version={};", schema_version);
    if (result) result = database.execute(stamp.c_str());
    if (result) return database.commit();
    database.rollback();
    return result;
}

Result<void> check_or_create(Database& database, TimePoint now) {
    const Result<std::int64_t> application = database.number("PRAGMA application_id");
    const Result<std::int64_t> version = database.number("PRAGMA user_version");
    const Result<std::int64_t> tables = database.number("SELECT count(*) FROM sqlite_schema");
    for (const Result<std::int64_t>* read : {&application, &version, &tables})
        if (!*read) return fail(read->error());
    if (*application == 0 && *version == 0 && *tables == 0) return create(database);
    if (*application != application_id)
        return fail(Code::invalid, "the file is a SQLite database, but not one of Hookreel");
    if (*version >= 1 && *version < schema_version) return upgrade(database, *version, now);
    if (*version != schema_version)
        return fail(Code::invalid,
                    fmt::format("the database has version {}, this program knows version {}",
                                *version, schema_version));
    return {};
}

}  // namespace

Result<std::uint64_t> prepare_tables(Database& database, TimePoint now) {
    if (Result<void> result = check_or_create(database, now); !result)
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
    Statement all(database, "SELECT queue, pack, slots FROM live ORDER BY queue, pack");
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
    // Numbers that were given out before a crash may be known outside, in the ids of deliveries.
    const Result<std::int64_t> next_pack = database.number(
        "SELECT max((SELECT ifnull(max(pack), 0) + 1 FROM packs), (SELECT "
        "ifnull(max(value), 1) FROM meta WHERE name = 'pack_reserve'))");
    const Result<std::int64_t> floor =
        database.number("SELECT ifnull(max(value), 1) FROM meta WHERE name = 'archive_floor'");
    const Result<std::int64_t> high =
        database.number("SELECT high FROM packs ORDER BY pack DESC LIMIT 1");
    const Result<std::int64_t> log_page = database.number("SELECT max(number) FROM attempts");
    const Result<std::int64_t> log_high =
        database.number("SELECT high FROM attempts ORDER BY number DESC LIMIT 1");
    for (const Result<std::int64_t>* read : {&next_pack, &floor, &high, &log_page, &log_high})
        if (!*read) return fail(read->error());
    StoredState state{.queues = {},
                      .sequence = {.next_pack = static_cast<std::uint64_t>(*next_pack),
                                   .pack_reserve = static_cast<std::uint64_t>(*next_pack),
                                   .high = TimePoint(Duration(*high)),
                                   .next_log_page = static_cast<std::uint64_t>(*log_page) + 1,
                                   .log_high = TimePoint(Duration(*log_high))},
                      .archive_floor = static_cast<std::uint64_t>(*floor)};
    for (auto& [number, queue] : *queues)
        state.queues.push_back(std::move(queue));
    return state;
}

namespace {

Result<bool> any(Rows rows) {
    if (rows.next()) return true;
    if (Result<void> result = rows.result(); !result) return fail(std::move(result.error()));
    return false;
}

Result<bool> holds(Tables& tables, std::uint32_t queue, std::uint64_t pack) {
    const EntryId first = entry_id(pack, 0);
    const EntryId last = entry_id(pack, pack_slots_max - 1);
    Result<bool> held = any(tables.fresh_slots.query(queue, pack));
    if (held && !*held) held = any(tables.row_exists.query(queue, first, last));
    if (held && !*held) held = any(tables.dead_exists.query(queue, first, last));
    return held;
}

Result<void> delete_archived(Tables& tables, std::uint64_t pack) {
    Result<void> result = tables.delete_joined.run(pack);
    if (result)
        result = tables.delete_all_ended.run(entry_id(pack, 0), entry_id(pack, pack_slots_max - 1));
    if (result) result = tables.delete_pack.run(pack);
    return result;
}

}  // namespace

Result<void> free_pack(Tables& tables, PackNumber number, std::uint64_t archive_floor) {
    const std::uint64_t pack = number.value;
    std::vector<std::uint32_t> queues;
    bool kept = false;
    {
        Rows rows = tables.pack_queues.query(pack);
        if (rows.next()) {
            queues = read_numbers(rows.bytes(0));
            kept = rows.integer(1) >= 0;
        }
        if (Result<void> result = rows.result(); !result) return result;
    }
    if (kept && pack >= archive_floor) return {};
    if (kept) {
        Rows rows = tables.joined_queues.query(pack);
        while (rows.next())
            queues.push_back(static_cast<std::uint32_t>(rows.integer(0)));
        if (Result<void> result = rows.result(); !result) return result;
    }
    for (std::uint32_t queue : queues) {
        const Result<bool> held = holds(tables, queue, pack);
        if (!held) return fail(held.error());
        if (*held) return {};
    }
    return kept ? delete_archived(tables, pack) : tables.delete_pack.run(pack);
}

Result<std::uint64_t> first_pack_since(Statement& pack_high, std::uint64_t from, TimePoint since,
                                       std::uint64_t end) {
    std::uint64_t low = from;
    while (low < end) {
        const std::uint64_t middle = low + (end - low) / 2;
        Rows rows = pack_high.query(middle);
        const bool found = rows.next();
        if (Result<void> result = rows.result(); !result) return fail(std::move(result.error()));
        if (found && TimePoint(Duration(rows.integer(1))) < since)
            low = rows.number(0) + 1;
        else
            end = middle;
    }
    return low;
}

Tables::Tables(Database& connection) : database(connection) {}

}  // namespace hookreel::store
