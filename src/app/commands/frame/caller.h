// What every command that calls a server shares: its flags, and the loop, clock, client and
// terminal that it works with.
//
// Threads: one.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "app/client/screen/terminal.h"
#include "app/client/vod/vod_client.h"
#include "base/async.h"

namespace CLI {
class App;
}

namespace hookreel::app::commands {

enum class Output { people, json };

struct CallerFlags {
    std::string server = "http://127.0.0.1:8080";
    std::string secret_id;
    std::string secret_key;
    std::string ca_file;
    std::uint64_t sub_app_id = 0;
    Output output = Output::people;
};
void add_caller_flags(CLI::App& command, CallerFlags& flags);
// --json alone.
void add_output_flag(CLI::App& command, Output& output);

class Caller {
 public:
    // Errors: invalid (the server's URL).
    static Result<std::unique_ptr<Caller>> make(const CallerFlags& flags);

    Loop& loop() { return loop_; }
    client::Terminal& terminal() { return terminal_; }
    client::VodClient& vod() { return vod_; }

    // Says on standard error what failed and what to do about it. Returns the exit code.
    int complain(std::string_view what, const Error& error);
    // Runs the task on the loop to its end.
    int run(Task<int> task);

 private:
    Caller(client::Account account, http::ClientOptions options);
    Task<int> finish(Task<int> task);

    Loop loop_{1};
    SystemClock clock_;
    client::Terminal terminal_;
    http::Client http_;
    client::VodClient vod_;
};

// Runs one task on a loop of its own.
int run_task(Loop& loop, Task<int> task);

// The client options of a command: whatever address the user typed may be called.
http::ClientOptions open_client_options();

// "hookreel: <text>" on standard error.
void say_error(std::string_view text);

}  // namespace hookreel::app::commands
