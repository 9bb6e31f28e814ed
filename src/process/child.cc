#include "process/child.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <cstdlib>
#include <filesystem>

#include "base/cancellation.h"
#include "base/text.h"
#include "process/start.h"

namespace hookreel::process {
namespace {

using Stream = asio::posix::basic_stream_descriptor<Executor>;

constexpr std::size_t errors_bytes_max = 8 * 1024;
constexpr std::size_t line_bytes_max = 4 * 1024;
constexpr Duration patience{3'000};        // From SIGTERM to SIGKILL.
constexpr Duration drain_time_max{1'000};  // For output that is left after the end.

// Cuts a stream of bytes into lines of a bounded length.
class Lines {
 public:
    explicit Lines(OnLine& on_line) : on_line_(on_line) {}
    void take(std::string_view bytes) {
        for (const char byte : bytes) {
            if (byte == '\n') {
                on_line_(line_);
                line_.clear();
            } else if (line_.size() < line_bytes_max) {
                line_.push_back(byte);
            }
        }
    }

 private:
    OnLine& on_line_;
    std::string line_;
};

// A child that runs, until it is reaped. Belongs to one loop.
class Running {
 public:
    Running(Executor executor, Started started, const Limits& limits, OnLine on_line)
        : pid_(started.pid),
          handle_(executor, started.handle.release()),
          output_(executor, started.output.release()),
          errors_(executor, started.errors.release()),
          readers_(executor),
          limits_(limits),
          on_line_(std::move(on_line)) {}
    // Only when the loop itself ends with the child still running.
    ~Running() {
        if (pid_ > 0) reap(SIGKILL);
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    Task<Result<Exit>> finish();

 private:
    enum class End { exited, deadline, cancelled };

    Task<End> wait(Duration time_max);
    Task<void> stop();
    Task<void> drain();
    Task<void> read_output();
    Task<void> read_errors();
    void signal_group(int number) { kill(-pid_, number); }
    int reap(int number);

    pid_t pid_;
    Stream handle_;
    Stream output_;
    Stream errors_;
    TaskGroup readers_;
    Limits limits_;
    OnLine on_line_;
    Exit exit_;
    bool too_much_ = false;
};

// Signals what is left of the group and takes the status of its first process.
int Running::reap(int number) {
    signal_group(number);
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

Task<Running::End> Running::wait(Duration time_max) {
    using namespace asio::experimental::awaitable_operators;
    Timer timer(co_await asio::this_coro::executor);
    timer.expires_after(time_max);
    auto either = handle_.async_wait(Stream::wait_read, use_result) || timer.async_wait(use_result);
    const auto first = co_await std::move(either);
    const auto error = std::visit([](const auto& result) { return std::get<0>(result); }, first);
    if (error) co_return End::cancelled;
    co_return first.index() == 0 ? End::exited : End::deadline;
}

Task<void> Running::stop() {
    signal_group(SIGTERM);
    const End end = co_await wait(patience);
    if (end == End::exited) co_return;
    signal_group(SIGKILL);
    co_await handle_.async_wait(Stream::wait_read, use_result);
}

Task<void> Running::read_output() {
    std::array<char, 16 * 1024> buffer;
    Lines lines(on_line_);
    for (;;) {
        const auto [error, count] =
            co_await output_.async_read_some(asio::buffer(buffer), use_result);
        if (error) co_return;
        const std::string_view bytes(buffer.data(), count);
        if (on_line_) {
            lines.take(bytes);
        } else if (exit_.output.size() + count > limits_.output_bytes_max) {
            too_much_ = true;
            signal_group(SIGKILL);
            co_return;
        } else {
            exit_.output += bytes;
        }
    }
}

Task<void> Running::read_errors() {
    std::array<char, 4 * 1024> buffer;
    for (;;) {
        const auto [error, count] =
            co_await errors_.async_read_some(asio::buffer(buffer), use_result);
        if (error) co_return;
        exit_.errors.append(buffer.data(), count);
        if (exit_.errors.size() > errors_bytes_max)
            exit_.errors.erase(0, exit_.errors.size() - errors_bytes_max);
    }
}

// The pipes end with the group. A stranger that left the group and kept them gets a moment.
Task<void> Running::drain() {
    using namespace asio::experimental::awaitable_operators;
    Timer timer(co_await asio::this_coro::executor);
    timer.expires_after(drain_time_max);
    auto either = readers_.join() || timer.async_wait(use_result);
    co_await std::move(either);
    output_.close();
    errors_.close();
    co_await readers_.join();
}

Task<Result<Exit>> Running::finish() {
    co_await asio::this_coro::throw_if_cancelled(false);
    readers_.spawn(read_output());
    readers_.spawn(read_errors());
    const End end = co_await wait(limits_.time_max);
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    if (end != End::exited) co_await stop();
    exit_.status = reap(SIGKILL);
    co_await drain();

    if (too_much_) {
        co_return fail(Code::too_large, fmt::format("the program wrote more than {} of output",
                                                    human_bytes(limits_.output_bytes_max)));
    }
    if (end == End::cancelled) co_return fail(Code::cancelled, "the program was stopped");
    if (end == End::deadline) {
        co_return fail(Code::timed_out, fmt::format("the program ran longer than {} s",
                                                    limits_.time_max.count() / 1000));
    }
    if (exit_.status == cannot_execute || exit_.status == cannot_confine)
        co_return fail(Code::unavailable, std::string(trim(exit_.errors)));
    co_return std::move(exit_);
}

Task<Result<Exit>> start_and_finish(Spawn spawn, OnLine on_line) {
    Result<Started> started = start(spawn);
    if (!started) co_return fail(std::move(started.error()));
    Running running(co_await asio::this_coro::executor, std::move(*started), spawn.limits,
                    std::move(on_line));
    co_return co_await running.finish();
}

}  // namespace

Task<Result<Exit>> run_child(Spawn spawn, OnLine on_line) {
    // A cancel that came between two waits of the caller is remembered, but not told again.
    if (is_cancelled(co_await asio::this_coro::cancellation_state))
        co_return fail(Code::cancelled, "the program was not started");
    // A thread of coroutines of its own, so that what it does about a cancel stays its own.
    const Executor executor = co_await asio::this_coro::executor;
    Task<Result<Exit>> own = start_and_finish(std::move(spawn), std::move(on_line));
    co_return co_await asio::co_spawn(executor, std::move(own), use_task);
}

Result<std::string> find_program(std::string_view program) {
    if (program.contains('/')) return std::filesystem::absolute(program).string();
    const char* const path = std::getenv("PATH");
    std::string_view rest = path ? path : "/usr/local/bin:/usr/bin:/bin";
    while (!rest.empty()) {
        const std::string_view folder = rest.substr(0, rest.find(':'));
        rest.remove_prefix(std::min(rest.size(), folder.size() + 1));
        const std::string candidate = fmt::format("{}/{}", folder, program);
        if (folder.starts_with('/') && access(candidate.c_str(), X_OK) == 0) return candidate;
    }
    return fail(Code::not_found, fmt::format("{} is not installed (not found in PATH)", program));
}

}  // namespace hookreel::process
