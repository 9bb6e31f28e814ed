#include "store/sqlite/file/checkpointer.h"

namespace hookreel::store {

Checkpointer::Checkpointer(DatabaseOptions options) : options_(std::move(options)) {
    thread_ = std::thread([this] { run(); });
}

Checkpointer::~Checkpointer() {
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
        changed_.notify_one();
    }
    thread_.join();
}

Checkpointer::Stage Checkpointer::stage() const {
    const std::lock_guard lock(mutex_);
    return stage_;
}

void Checkpointer::start() {
    const std::lock_guard lock(mutex_);
    stage_ = Stage::working;
    changed_.notify_one();
}

void Checkpointer::settle() {
    const std::lock_guard lock(mutex_);
    stage_ = Stage::idle;
}

void Checkpointer::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return closing_ || stage_ == Stage::working; });
        if (closing_) return;
        lock.unlock();
        copy();
        lock.lock();
        stage_ = Stage::done;
    }
}

// What fails here shows again when the writer moves the rest.
void Checkpointer::copy() {
    if (!database_) {
        Result<std::unique_ptr<Database>> opened = Database::open(options_);
        if (!opened) return;
        database_ = std::move(*opened);
    }
    Result<void> moved = database_->move_log();
    if (moved) moved = database_->sync_file();
    if (!moved) database_.reset();
}

}  // namespace hookreel::store
