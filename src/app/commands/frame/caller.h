// What every command that calls a server shares: its flags, and the loop, clock, client and
// terminal that it works with.
//
// Threads: one.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "app/client/native/native_client.h"
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
    std::string api_token;
    std::string ca_file;
    std::uint64_t sub_app_id = 0;
    Output output = Output::people;
};
// The flags of a command that calls the VOD API, and of one that calls the native API.
void add_vod_flags(CLI::App& command, CallerFlags& flags);
void add_native_flags(CLI::App& command, CallerFlags& flags);
// --json alone.
void add_output_flag(CLI::App& command, Output& output);

// Whether the same call may succeed later, as when the server is being restarted.
bool may_pass(const Error& error);

// "hookreel: <text>" on standard error.
void say_error(std::string_view text);

class Caller {
 public:
    // Errors: invalid (the server's URL).
    static Result<std::unique_ptr<Caller>> make(const CallerFlags& flags);

    Loop& loop() { return loop_; }
    client::Terminal& terminal() { return terminal_; }
    client::VodClient& vod() { return vod_; }
    client::NativeClient& native() { return native_; }
    TimePoint now() const { return clock_.now(); }

    // Says on standard error what failed and what to do about it. Returns the exit code.
    int complain(std::string_view what, const Error& error);
    // Runs the task on the loop to its end.
    int run(Task<int> task);

 private:
    Caller(client::Account account, client::NativeAccount native, http::ClientOptions options);
    Task<int> finish(Task<int> task);

    Loop loop_{1};
    SystemClock clock_;
    client::Terminal terminal_;
    http::Client http_;
    client::VodClient vod_;
    client::NativeClient native_;
};

// Makes a caller by the flags and runs `command(caller, options)` with it. Returns the exit code.
template <class Options>
int run_call(Task<int> (*command)(Caller&, const Options&), const Options& options) {
    const Result<std::unique_ptr<Caller>> caller = Caller::make(options.caller);
    if (!caller) return say_error(caller.error().detail), 1;
    return (*caller)->run(command(**caller, options));
}

// Runs one task on a loop of its own.
int run_task(Loop& loop, Task<int> task);

// The client options of a command: whatever address the user typed may be called.
http::ClientOptions open_client_options();

}  // namespace hookreel::app::commands
