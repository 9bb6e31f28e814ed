// The server that the demo shows: this same program as a child, `hookreel serve`, on a folder and a
// port of its own.
//
// It is stopped with SIGTERM, and dies with the demo. Threads: one loop.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "base/async.h"
#include "base/result.h"
#include "model/application.h"

namespace hookreel::app::demo {

class ServerChild {
 public:
    struct Order {
        std::string data_dir;
        std::string log_file;
        model::KeyPair keys;
    };

    // Starts it and waits until it says where it listens. Errors: unavailable (it did not start;
    // the detail has the end of its log), timed_out.
    static Task<Result<std::unique_ptr<ServerChild>>> start(Order order);
    // Kills it when it still runs.
    ~ServerChild();
    ServerChild(const ServerChild&) = delete;
    ServerChild& operator=(const ServerChild&) = delete;

    // "http://127.0.0.1:41234"
    const std::string& url() const { return url_; }

    // SIGTERM, and after 10 s SIGKILL. Returns the exit status as a shell tells it.
    Task<int> stop();

 private:
    explicit ServerChild(pid_t pid) : pid_(pid) {}
    Task<int> wait(Duration at_most);

    pid_t pid_;
    std::string url_;
};

// The last lines of a log, for people.
std::string end_of_log(const std::string& path);

}  // namespace hookreel::app::demo
