// One connection to a SQLite file, and the statements that are prepared on it.
//
// The only place that knows SQLite's functions and codes: errors come out as `unavailable` with
// SQLite's words, and the connection remembers what kind of fault it met. Threads: one at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace hookreel::store {

// What went wrong below a connection: `full` passes when space returns, after `broken` nothing that
// this connection says may be believed.
enum class Fault { none, full, broken };

struct DatabaseOptions {
    std::string path;
    std::string vfs;  // Empty: the operating system's. Tests put a faulty one below.
    int cache_kib = 8 * 1024;
};

class Statement;

class Database {
 public:
    // Opens or creates the file, in WAL mode with a sync per commit. Errors: unavailable.
    static Result<std::unique_ptr<Database>> open(const DatabaseOptions& options);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    // Refuses statements that change the file from now on. Errors: unavailable.
    Result<void> make_read_only();
    // Gives the connection's statements a function of two numbers.
    using Function = std::function<std::int64_t(std::int64_t, std::int64_t)>;
    void define(const char* name, Function function);

    // Runs statements that return nothing. Errors: unavailable.
    Result<void> execute(const char* sql);
    // The single number that a query returns; 0 when it returns none.
    Result<std::int64_t> number(const char* sql);

    Result<void> begin();
    // Durable when it succeeds. After a failure nothing of the transaction is left.
    Result<void> commit();
    // Also when SQLite has rolled back by itself.
    void rollback();
    // Pages of the log after the last commit. Long: worth moving into the file.
    int log_pages() const { return log_pages_; }
    bool log_is_long() const;
    // Moves as much of the log into the file as nobody reads. Does not wait for others.
    Result<void> move_log();
    // Makes durable what was moved.
    Result<void> sync_file();

    // The worst fault since the last call.
    Fault take_fault();

 private:
    friend class Statement;
    friend class Rows;
    explicit Database(sqlite3* handle);
    Result<void> configure(const DatabaseOptions& options);
    Error error(int code);

    sqlite3* handle_;
    Fault fault_ = Fault::none;
    int log_pages_ = 0;  // Pages in the write-ahead log after the last commit.
    std::vector<std::unique_ptr<Function>> functions_;
    std::unique_ptr<Statement> begin_;
    std::unique_ptr<Statement> commit_;
    std::unique_ptr<Statement> rollback_;
};

// Bytes that are bound as text or as a blob; they must live until the statement has run.
struct Blob {
    std::string_view bytes;
};

// A result that is stepped through; it must be gone before the statement is used again.
class Rows {
 public:
    ~Rows();
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;

    // False at the end, and on an error: see `result`.
    bool next();
    Result<void> result() const { return result_; }
    std::int64_t integer(int column) const;
    std::uint64_t number(int column) const { return static_cast<std::uint64_t>(integer(column)); }
    // Valid until the next step.
    std::string_view bytes(int column) const;

 private:
    friend class Statement;
    Rows(Database& database, sqlite3_stmt* statement)
        : database_(database), statement_(statement) {}

    Database& database_;
    sqlite3_stmt* statement_;
    Result<void> result_;
};

class Statement {
 public:
    // Throws when the SQL is wrong: a programmer's error.
    Statement(Database& database, const char* sql);
    ~Statement();
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    // Runs it to its end, with the values for ?1, ?2 and so on: integers, texts, Blobs.
    template <class... Values>
    Result<void> run(const Values&... values) {
        bind_all(values...);
        return finish();
    }
    template <class... Values>
    Rows query(const Values&... values) {
        bind_all(values...);
        return Rows(database_, statement_);
    }

 private:
    template <class... Values>
    void bind_all(const Values&... values) {
        int index = 0;
        (bind(++index, values), ...);
    }
    void bind(int index, std::int64_t value);
    void bind(int index, std::uint64_t value) { bind(index, static_cast<std::int64_t>(value)); }
    void bind(int index, std::uint32_t value) { bind(index, static_cast<std::int64_t>(value)); }
    void bind(int index, int value) { bind(index, static_cast<std::int64_t>(value)); }
    void bind(int index, std::string_view text);
    void bind(int index, const std::string& text) { bind(index, std::string_view(text)); }
    void bind(int index, Blob blob);
    Result<void> finish();

    Database& database_;
    sqlite3_stmt* statement_ = nullptr;
};

}  // namespace hookreel::store
