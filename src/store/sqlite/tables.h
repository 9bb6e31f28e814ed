// The tables of the database file and every statement that the writer runs on them.
//
// docs/formats/store.md describes the file. Threads: those of the connection.
#pragma once

#include "base/clock.h"
#include "store/sqlite/database.h"

namespace hookreel::store {

// Creates the tables of an empty file, refuses a file that is not ours or from a later version,
// and counts the start of the server. Returns the number of this boot. Errors: invalid,
// unavailable.
Result<std::uint64_t> prepare_tables(Database& database);

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

struct StoredState {
    std::vector<StoredQueue> queues;
    std::uint64_t next_pack = 1;
};

// Counts what is there, without reading any event. Errors: unavailable.
Result<StoredState> read_state(Database& database);

struct Tables {
    explicit Tables(Database& connection);

    Database& database;

    Statement insert_queue{database, "INSERT OR IGNORE INTO queues (number, name) VALUES (?, ?)"};

    // A pack and the slots of it that wait.
    Statement insert_pack{database, "INSERT INTO packs (pack, queues, letters) VALUES (?, ?, ?)"};
    Statement delete_pack{database, "DELETE FROM packs WHERE pack = ?"};
    Statement pack_queues{database, "SELECT queues FROM packs WHERE pack = ?"};
    Statement pack_letters{database, "SELECT letters FROM packs WHERE pack = ?"};
    Statement insert_fresh{database, "INSERT INTO fresh (queue, pack, slots) VALUES (?, ?, ?)"};
    Statement update_fresh{database, "UPDATE fresh SET slots = ?3 WHERE queue = ?1 AND pack = ?2"};
    Statement delete_fresh{database, "DELETE FROM fresh WHERE queue = ? AND pack = ?"};
    Statement fresh_exists{database, "SELECT 1 FROM fresh WHERE queue = ? AND pack = ?"};
    Statement fresh_from{database,
                         "SELECT f.pack, f.slots, length(p.queues), p.letters FROM fresh f JOIN "
                         "packs p ON p.pack = f.pack WHERE f.queue = ? AND f.pack >= ? ORDER BY "
                         "f.pack"};

    // Entries with a row of their own.
    Statement put_row{database,
                      "INSERT INTO rows (queue, entry, attempts, due) VALUES (?, ?, ?, ?) ON "
                      "CONFLICT (queue, entry) DO UPDATE SET attempts = excluded.attempts, due = "
                      "excluded.due"};
    Statement delete_row{database, "DELETE FROM rows WHERE queue = ? AND entry = ?"};
    Statement row_exists{database,
                         "SELECT 1 FROM rows WHERE queue = ? AND entry BETWEEN ? AND ? LIMIT 1"};
    Statement rows_by_due{database,
                          "SELECT entry, attempts, due FROM rows WHERE queue = ? ORDER BY due"};
    Statement rows_from{database, "SELECT entry FROM rows WHERE queue = ? ORDER BY entry"};

    Statement insert_dead_letter{database,
                                 "INSERT INTO dead_letters (queue, event, type, attempts, at, "
                                 "reason, body) VALUES (?, ?, ?, ?, ?, ?, ?)"};
    Statement old_dead_letters{
        database, "SELECT number, queue, at FROM dead_letters ORDER BY number LIMIT ?"};
    Statement delete_dead_letters{database, "DELETE FROM dead_letters WHERE number <= ?"};

    Statement insert_attempts{database,
                              "INSERT INTO attempts (latest, count, page) VALUES (?, ?, ?)"};
    Statement old_attempts{database, "SELECT number, latest, count FROM attempts ORDER BY number"};
    Statement delete_attempts{database, "DELETE FROM attempts WHERE number <= ?"};

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

// Removes a pack when no entry of it is left in any queue. Errors: unavailable.
Result<void> free_pack(Tables& tables, std::uint64_t pack);

}  // namespace hookreel::store
