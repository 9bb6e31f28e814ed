// A thread that answers questions about records and what happened from its own connection.
//
// It sees what is on disk at the time of the question, which includes everything that was answered
// before. Threads: any.
#pragma once

#include <thread>

#include "store/sqlite/archive_search.h"
#include "store/sqlite/attempt_search.h"
#include "store/sqlite/file/departures.h"
#include "store/sqlite/mail/inbox.h"
#include "store/sqlite/mail/outbox.h"
#include "store/store.h"

namespace hookreel::store {

// The questions, on one connection. Errors: as in Store.
class Reads {
 public:
    Reads(Database& database, QueueIndex& index, const Ids& ids);

    Result<Record> get(const RecordKey& key);
    Result<std::vector<Record>> list(Kind kind, const ListOptions& options);
    Result<std::vector<DeadLetter>> dead_letters(const model::QueueId& queue, int count_max);
    AttemptSearch& log() { return log_; }
    ArchiveSearch& archive() { return archive_; }

 private:
    Database& database_;
    Statement get_{database_, "SELECT version, value FROM records WHERE kind = ? AND id = ?"};
    // One lower bound: of two SQLite seeks the first and then walks to the second.
    Statement list_{database_,
                    "SELECT id, version, value FROM records WHERE kind = ?1 AND id >= ?2 AND id <> "
                    "?3 ORDER BY id LIMIT ?4"};
    Statement dead_letters_{database_,
                            "SELECT d.entry, d.attempts, d.at, d.reason, p.letters FROM "
                            "dead_letters d JOIN packs p ON p.pack = d.entry / 64 WHERE d.queue = "
                            "(SELECT number FROM queues WHERE name = ?) ORDER BY d.number DESC "
                            "LIMIT ?"};
    AttemptSearch log_{database_};
    ArchiveSearch archive_;
};

// A question whose caller is suspended. Gets nothing when the file cannot be read.
using Question = std::move_only_function<void(Reads* reads, Outbox& outbox)>;

class Reader {
 public:
    // Errors: unavailable.
    static Result<std::unique_ptr<Reader>> open(DatabaseOptions options, QueueIndex& index,
                                                const Ids& ids, const Departures& departures);
    ~Reader();

    void ask(const Executor& loop, Question question);
    // Answers what was asked, then ends the thread. What comes later gets nothing.
    void stop();

 private:
    Reader(DatabaseOptions options, QueueIndex& index, const Ids& ids, const Departures& departures)
        : options_(std::move(options)), index_(index), ids_(ids), departures_(departures) {}
    Result<void> open_file();
    void run();
    void answer(Question& question, Outbox& outbox);

    const DatabaseOptions options_;
    QueueIndex& index_;
    const Ids& ids_;
    const Departures& departures_;
    std::unique_ptr<Database> database_;
    std::unique_ptr<Reads> reads_;
    Inbox<Question> inbox_;
    std::thread thread_;
};

}  // namespace hookreel::store
