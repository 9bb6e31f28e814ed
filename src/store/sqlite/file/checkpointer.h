// Moves the write-ahead log into the database file beside the writer.
//
// While the writer goes on, nearly all of the log is copied and synced by this thread, on its own
// connection; what is left the writer moves itself, in a moment, between two groups. So no group
// waits for megabytes. Threads: the writer asks, one thread works.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "store/sqlite/file/database.h"

namespace hookreel::store {

class Checkpointer {
 public:
    explicit Checkpointer(DatabaseOptions options);
    ~Checkpointer();

    enum class Stage { idle, working, done };
    Stage stage() const;
    // From idle to working; when the copy is made, or failed, to done.
    void start();
    // From done to idle.
    void settle();

 private:
    void run();
    void copy();

    const DatabaseOptions options_;
    std::unique_ptr<Database> database_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    Stage stage_ = Stage::idle;
    bool closing_ = false;
    std::thread thread_;
};

}  // namespace hookreel::store
