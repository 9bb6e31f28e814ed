// The tables of the database file and every statement that the writer runs on them.
//
// docs/formats/store.md describes the file. Threads: those of the connection.
#pragma once

#include "base/clock.h"
#include "store/sqlite/file/database.h"

namespace hookreel::store {

// Creates the tables of an empty file, brings a file of an earlier version to this one, refuses
// one that is not ours or from a later version, and counts the start of the server. Returns the
// number of this boot. Errors: invalid, unavailable.
Result<std::uint64_t> prepare_tables(Database& database, TimePoint now);

// A queue as the file has it.
struct StoredQueue {
    std::uint32_t number = 0;
    std::string name;
    std::uint64_t entries = 0;
    std::uint64_t rows = 0;  // Those of them that have a row of their own.
    std::uint64_t dead = 0;
    std::uint64_t first_pack = 1;  // With fresh slots.
    std::uint64_t last_pack = 0;
    TimePoint next_due = never;  // Of the rows.
};

// What goes on from group to group.
struct Sequence {
    std::uint64_t next_pack = 1;
    std::uint64_t pack_reserve = 1;  // Numbers before it may have been given out.
    TimePoint high{};                // The latest event of any pack.
    std::uint64_t next_log_page = 1;
    TimePoint log_high{};  // The latest attempt of any page.
};

struct StoredState {
    std::vector<StoredQueue> queues;
    Sequence sequence;
    std::uint64_t archive_floor = 1;  // Packs before it are no more in the archive.
};

// Counts what is there, without reading any event. The connection knows `live`. Errors:
// unavailable.
Result<StoredState> read_state(Database& database);

// The first pack from a number on, and the latest event of all packs up to it.
inline constexpr const char* pack_high_sql =
    "SELECT pack, high FROM packs WHERE pack >= ? ORDER BY pack LIMIT 1";
// The first pack from `from` on that may hold an event of that time or later, found by halving,
// because `high` never falls. Errors: unavailable.
Result<std::uint64_t> first_pack_since(Statement& pack_high, std::uint64_t from, TimePoint since,
                                       std::uint64_t end = std::uint64_t(1) << 57);

// The statements of a connection that knows `live`.
struct Tables {
    explicit Tables(Database& connection);

    Database& database;

    Statement insert_queue{database, "INSERT OR IGNORE INTO queues (number, name) VALUES (?, ?)"};

    Statement keep_pack_reserve{database,
                                "INSERT OR REPLACE INTO meta (name, value) VALUES "
                                "('pack_reserve', ?)"};
    Statement keep_archive_floor{database,
                                 "INSERT OR REPLACE INTO meta (name, value) VALUES "
                                 "('archive_floor', ?)"};

    // A pack and the slots of it that wait.
    Statement insert_pack{database,
                          "INSERT INTO packs (pack, queues, events, stored, low, high, letters) "
                          "VALUES (?, ?, ?, ?, ?, ?, ?)"};
    Statement delete_pack{database, "DELETE FROM packs WHERE pack = ?"};
    Statement pack_queues{database, "SELECT queues, events FROM packs WHERE pack = ?"};
    Statement pack_letters{database, "SELECT letters FROM packs WHERE pack = ?"};
    Statement packs_from{database,
                         "SELECT pack, events, stored FROM packs WHERE pack >= ? ORDER BY pack"};
    Statement pack_high{database, pack_high_sql};
    Statement pack_lows{database,
                        "SELECT pack, low FROM packs WHERE pack >= ? ORDER BY pack LIMIT ?"};
    Statement insert_fresh{database, "INSERT INTO fresh (queue, pack, slots) VALUES (?, ?, ?)"};
    Statement update_fresh{database, "UPDATE fresh SET slots = ?3 WHERE queue = ?1 AND pack = ?2"};
    Statement delete_fresh{database, "DELETE FROM fresh WHERE queue = ? AND pack = ?"};
    Statement clear_fresh{database,
                          "UPDATE fresh SET slots = slots & ~?3 WHERE queue = ?1 AND pack = ?2"};
    Statement delete_empty_fresh{database,
                                 "DELETE FROM fresh WHERE queue = ? AND pack = ? AND slots = 0"};
    Statement fresh_slots{database,
                          "SELECT f.slots, p.stored FROM live f JOIN packs p ON p.pack = f.pack "
                          "WHERE f.queue = ? AND f.pack = ?"};
    Statement fresh_from{
        database,
        "SELECT f.pack, f.slots, length(p.queues), p.letters, p.stored, p.events FROM "
        "live f JOIN packs p ON p.pack = f.pack WHERE f.queue = ? AND f.pack >= ? ORDER BY "
        "f.pack"};
    // See departures.h.
    Statement insert_departures{database, "INSERT INTO departures (number, places) VALUES (?, ?)"};
    Statement delete_departures{database, "DELETE FROM departures WHERE number < ?"};

    // Entries with a row of their own.
    Statement put_row{database,
                      "INSERT INTO rows (queue, entry, attempts, due, key) VALUES (?, ?, ?, ?, ?) "
                      "ON CONFLICT (queue, entry) DO UPDATE SET attempts = excluded.attempts, due "
                      "= excluded.due"};
    Statement delete_row{database, "DELETE FROM rows WHERE queue = ? AND entry = ?"};
    Statement row_exists{database,
                         "SELECT 1 FROM rows WHERE queue = ? AND entry BETWEEN ? AND ? LIMIT 1"};
    Statement row_of{database, "SELECT attempts, due FROM rows WHERE queue = ? AND entry = ?"};
    Statement rows_by_due{database,
                          "SELECT entry, attempts, due FROM rows WHERE queue = ?1 AND (due, entry) "
                          ">= (?2, ?3) ORDER BY due, entry"};
    Statement rows_from{database, "SELECT entry FROM rows WHERE queue = ? ORDER BY entry"};
    Statement row_keys{database,
                       "SELECT entry, key FROM rows WHERE queue = ? AND entry >= ? AND key != 0 "
                       "ORDER BY entry LIMIT ?"};

    // Slots of an archived pack that entered a queue by a replay.
    Statement join{database,
                   "INSERT INTO joined (pack, queue, slots) VALUES (?, ?, ?) ON CONFLICT (pack, "
                   "queue) DO UPDATE SET slots = slots | excluded.slots"};
    Statement joined_queues{database, "SELECT queue, slots FROM joined WHERE pack = ?"};
    Statement delete_joined{database, "DELETE FROM joined WHERE pack = ?"};

    // How entries of archived packs ended, where it is not "delivered with the first attempt".
    Statement put_ended{database,
                        "INSERT OR REPLACE INTO ended (entry, queue, attempts) VALUES (?, ?, ?)"};
    Statement ended_of{database, "SELECT attempts FROM ended WHERE entry = ? AND queue = ?"};
    Statement delete_ended{database, "DELETE FROM ended WHERE entry = ? AND queue = ?"};
    Statement delete_all_ended{database, "DELETE FROM ended WHERE entry BETWEEN ? AND ?"};

    Statement insert_dead_letter{database,
                                 "INSERT INTO dead_letters (queue, entry, attempts, at, reason) "
                                 "VALUES (?, ?, ?, ?, ?)"};
    Statement update_dead_letter{
        database, "UPDATE dead_letters SET reason = ?3 WHERE queue = ?1 AND entry = ?2"};
    Statement old_dead_letters{
        database, "SELECT number, queue, at, entry FROM dead_letters ORDER BY number LIMIT ?"};
    Statement delete_dead_letters{database, "DELETE FROM dead_letters WHERE number <= ?"};
    Statement delete_dead_letter{database,
                                 "DELETE FROM dead_letters WHERE queue = ? AND entry = ?"};
    Statement dead_letter_of{database,
                             "SELECT attempts FROM dead_letters WHERE queue = ? AND entry = ?"};
    Statement dead_from{database,
                        "SELECT entry FROM dead_letters WHERE queue = ? AND entry >= ? ORDER BY "
                        "entry LIMIT ?"};
    Statement dead_exists{
        database, "SELECT 1 FROM dead_letters WHERE queue = ? AND entry BETWEEN ? AND ? LIMIT 1"};

    Statement insert_attempts{database,
                              "INSERT INTO attempts (number, count, low, high, latest, marks) "
                              "VALUES (?, ?, ?, ?, ?, ?)"};
    Statement insert_attempt_page{
        database, "INSERT INTO attempt_pages (number, form, page) VALUES (?, ?, ?)"};
    Statement old_attempts{database, "SELECT number, latest, count FROM attempts ORDER BY number"};
    Statement delete_attempts{database, "DELETE FROM attempts WHERE number <= ?"};
    Statement delete_attempt_pages{database, "DELETE FROM attempt_pages WHERE number <= ?"};

    // See ids.h.
    Statement insert_id_row{database,
                            "INSERT INTO id_rows (number, latest, last_pack, page) VALUES (?, ?, "
                            "?, ?)"};
    Statement delete_id_row{database, "DELETE FROM id_rows WHERE number = ?"};
    Statement delete_id_rows{database, "DELETE FROM id_rows WHERE number <= ?"};
    Statement insert_id_run{
        database, "INSERT INTO id_runs (run, count, latest, last_pack) VALUES (?, ?, ?, ?)"};
    Statement delete_id_run{database, "DELETE FROM id_runs WHERE run = ?"};
    Statement insert_id_page{database, "INSERT INTO id_pages (number, page) VALUES (?, ?)"};
    Statement delete_id_pages{database, "DELETE FROM id_pages WHERE number BETWEEN ? AND ?"};
    Statement id_page{database, "SELECT page FROM id_pages WHERE number = ?"};

    Statement record_version{database, "SELECT version FROM records WHERE kind = ? AND id = ?"};
    Statement put_record{database,
                         "INSERT INTO records (kind, id, version, value) VALUES (?, ?, 1, ?) ON "
                         "CONFLICT (kind, id) DO UPDATE SET version = version + 1, value = "
                         "excluded.value"};
    Statement remove_record{database, "DELETE FROM records WHERE kind = ? AND id = ?"};

    // Writes as much as a busy moment does, to see whether there is space again.
    Statement write_probe{database,
                          "INSERT OR REPLACE INTO meta (name, value) VALUES ('probe', "
                          "zeroblob(262144))"};
    Statement delete_probe{database, "DELETE FROM meta WHERE name = 'probe'"};
};

// Removes a pack when no entry of it is left in any queue or among the dead letters, and the
// archive, which begins at `archive_floor`, does not keep it. Errors: unavailable.
struct PackNumber {
    std::uint64_t value = 0;
};
Result<void> free_pack(Tables& tables, PackNumber pack, std::uint64_t archive_floor);

}  // namespace hookreel::store
