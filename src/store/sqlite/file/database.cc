#include "store/sqlite/file/database.h"

#include <sqlite3.h>

#include <mutex>
#include <stdexcept>

namespace hookreel::store {
namespace {

// The log is moved into the file when it holds so many pages: 8 MiB.
constexpr int checkpoint_pages = 2048;

// SQLite counts its allocations under a lock, which costs every one of them; nobody reads the
// count.
void configure_library() {
    static std::once_flag once;
    std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

// Tells the connection how long the log is, in place of SQLite's own checkpoint.
int note_log_pages(void* pages, sqlite3*, const char*, int count) {
    *static_cast<int*>(pages) = count;
    return SQLITE_OK;
}

void call(sqlite3_context* context, int, sqlite3_value** values) {
    const auto& function = *static_cast<Database::Function*>(sqlite3_user_data(context));
    sqlite3_result_int64(context,
                         function(sqlite3_value_int64(values[0]), sqlite3_value_int64(values[1])));
}

}  // namespace

Database::Database(sqlite3* handle) : handle_(handle) {}

Database::~Database() {
    begin_.reset();
    commit_.reset();
    rollback_.reset();
    sqlite3_close_v2(handle_);
}

Result<std::unique_ptr<Database>> Database::open(const DatabaseOptions& options) {
    configure_library();
    sqlite3* handle = nullptr;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    const int code = sqlite3_open_v2(options.path.c_str(), &handle, flags,
                                     options.vfs.empty() ? nullptr : options.vfs.c_str());
    if (handle == nullptr) throw std::bad_alloc();
    std::unique_ptr<Database> database(new Database(handle));
    if (code != SQLITE_OK) return fail(database->error(code));
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_busy_timeout(handle, 5000);
    if (Result<void> result = database->configure(options); !result)
        return fail(std::move(result.error()));
    return database;
}

Result<void> Database::configure(const DatabaseOptions& options) {
    const std::string pragmas = fmt::format(
        "PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        "PRAGMA secure_delete=OFF; PRAGMA cache_size=-{}; PRAGMA temp_store=MEMORY;"
        "PRAGMA wal_autocheckpoint=0; PRAGMA journal_size_limit=67108864;",
        options.cache_kib);
    if (Result<void> result = execute(pragmas.c_str()); !result) return result;
    sqlite3_wal_hook(handle_, note_log_pages, &log_pages_);
    begin_ = std::make_unique<Statement>(*this, "BEGIN IMMEDIATE");
    commit_ = std::make_unique<Statement>(*this, "COMMIT");
    rollback_ = std::make_unique<Statement>(*this, "ROLLBACK");
    return {};
}

Result<void> Database::make_read_only() {
    return execute("PRAGMA query_only=1");
}

void Database::define(const char* name, Function function) {
    Function& kept = *functions_.emplace_back(std::make_unique<Function>(std::move(function)));
    const int code = sqlite3_create_function_v2(handle_, name, 2, SQLITE_UTF8, &kept, call, nullptr,
                                                nullptr, nullptr);
    if (code != SQLITE_OK) throw std::bad_alloc();
}

Result<void> Database::execute(const char* sql) {
    const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return fail(error(code));
    return {};
}

Result<std::int64_t> Database::number(const char* sql) {
    Statement statement(*this, sql);
    Rows rows = statement.query();
    const std::int64_t value = rows.next() ? rows.integer(0) : 0;
    if (Result<void> result = rows.result(); !result) return fail(std::move(result.error()));
    return value;
}

Result<void> Database::begin() {
    return begin_->run();
}

Result<void> Database::commit() {
    Result<void> result = commit_->run();
    if (!result) rollback();
    return result;
}

void Database::rollback() {
    if (sqlite3_get_autocommit(handle_) != 0) return;
    const Result<void> result = rollback_->run();
    if (!result) fault_ = Fault::broken;
}

bool Database::log_is_long() const {
    return log_pages_ >= checkpoint_pages;
}

Result<void> Database::move_log() {
    const int code =
        sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY) return fail(error(code));
    log_pages_ = 0;  // The next commit says how long it is then.
    return {};
}

Result<void> Database::sync_file() {
    sqlite3_file* file = nullptr;
    int code = sqlite3_file_control(handle_, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    if (code == SQLITE_OK && file != nullptr && file->pMethods != nullptr)
        code = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
    if (code != SQLITE_OK) return fail(error(code));
    return {};
}

Fault Database::take_fault() {
    return std::exchange(fault_, Fault::none);
}

Error Database::error(int code) {
    const int primary = code & 0xff;
    const Fault fault = primary == SQLITE_FULL ? Fault::full : Fault::broken;
    fault_ = std::max(fault_, fault);
    return {Code::unavailable, fault == Fault::full
                                   ? std::string("the disk is full")
                                   : fmt::format("the database failed: {} (SQLite {})",
                                                 sqlite3_errmsg(handle_), code)};
}

Rows::~Rows() {
    sqlite3_reset(statement_);
}

bool Rows::next() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) result_ = fail(database_.error(code));
    return false;
}

std::int64_t Rows::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}

std::string_view Rows::bytes(int column) const {
    const void* bytes = sqlite3_column_blob(statement_, column);
    const int size = sqlite3_column_bytes(statement_, column);
    return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

Statement::Statement(Database& database, const char* sql) : database_(database) {
    const int code = sqlite3_prepare_v3(database_.handle_, sql, -1, SQLITE_PREPARE_PERSISTENT,
                                        &statement_, nullptr);
    if (code == SQLITE_ERROR)
        throw std::logic_error(fmt::format("{}: {}", sqlite3_errmsg(database_.handle_), sql));
    // Anything else is a fault of the file, which shows again when the statement runs.
    if (code != SQLITE_OK) database_.fault_ = Fault::broken;
}

Statement::~Statement() {
    sqlite3_finalize(statement_);
}

void Statement::bind(int index, std::int64_t value) {
    sqlite3_bind_int64(statement_, index, value);
}

void Statement::bind(int index, std::string_view text) {
    sqlite3_bind_text(statement_, index, text.data() == nullptr ? "" : text.data(),
                      static_cast<int>(text.size()), SQLITE_STATIC);
}

void Statement::bind(int index, Blob blob) {
    sqlite3_bind_blob(statement_, index, blob.bytes.data() == nullptr ? "" : blob.bytes.data(),
                      static_cast<int>(blob.bytes.size()), SQLITE_STATIC);
}

Result<void> Statement::finish() {
    const int code = sqlite3_step(statement_);
    sqlite3_reset(statement_);
    if (code != SQLITE_DONE && code != SQLITE_ROW) return fail(database_.error(code));
    return {};
}

}  // namespace hookreel::store
