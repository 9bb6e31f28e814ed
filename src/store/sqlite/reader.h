// A thread that answers questions about records, attempts and dead letters from its own connection.
//
// It sees what is on disk at the time of the question, which includes everything that was answered
// before. Threads: any.
#pragma once

#include <thread>

#include "store/sqlite/database.h"
#include "store/sqlite/inbox.h"
#include "store/sqlite/outbox.h"
#include "store/store.h"

namespace hookreel::store {

// The questions, on one connection. Errors: as in Store.
class Reads {
 public:
    explicit Reads(Database& database);

    Result<Record> get(const RecordKey& key);
    Result<std::vector<Record>> list(Kind kind, const ListOptions& options);
    Result<Page<Attempt>> attempts(const AttemptQuery& filter);
    Result<std::vector<DeadLetter>> dead_letters(const model::QueueId& queue, int count_max);

 private:
    Database& database_;
    Statement get_{database_, "SELECT version, value FROM records WHERE kind = ? AND id = ?"};
    Statement list_{database_,
                    "SELECT id, version, value FROM records WHERE kind = ?1 AND id >= ?2 AND id > "
                    "?3 ORDER BY id LIMIT ?4"};
    Statement attempts_{database_, "SELECT page FROM attempts ORDER BY number DESC"};
    Statement dead_letters_{database_,
                            "SELECT event, type, attempts, at, reason, body FROM dead_letters "
                            "WHERE queue = (SELECT number FROM queues WHERE name = ?) ORDER BY "
                            "number DESC LIMIT ?"};
};

// A question whose caller is suspended. Gets nothing when the file cannot be read.
using Question = std::move_only_function<void(Reads* reads, Outbox& outbox)>;

class Reader {
 public:
    // Errors: unavailable.
    static Result<std::unique_ptr<Reader>> open(DatabaseOptions options);
    ~Reader();

    void ask(const Executor& loop, Question question);
    // Answers what was asked, then ends the thread. What comes later gets nothing.
    void stop();

 private:
    explicit Reader(DatabaseOptions options) : options_(std::move(options)) {}
    Result<void> open_file();
    void run();
    void answer(Question& question, Outbox& outbox);

    const DatabaseOptions options_;
    std::unique_ptr<Database> database_;
    std::unique_ptr<Reads> reads_;
    Inbox<Question> inbox_;
    std::thread thread_;
};

}  // namespace hookreel::store
