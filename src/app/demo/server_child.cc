#include "app/demo/server_child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <csignal>
#include <fstream>
#include <vector>

extern char** environ;

namespace hookreel::app::demo {
namespace {

using Pipe = asio::posix::basic_stream_descriptor<Executor>;

constexpr Duration start_time_max{20'000};
constexpr Duration stop_time_max{10'000};
constexpr Duration poll_interval{20};
constexpr int running = -1;

// Everything that the child needs, made before the fork.
struct Launch {
    std::vector<std::string> arguments;
    std::vector<std::string> environment;
    int output = -1;
    int log = -1;
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (std::string& text : texts)
        all.push_back(text.data());
    all.push_back(nullptr);
    return all;
}

// Our environment without settings of a server, and with the demo's key pair, which so stays out
// of the process list.
std::vector<std::string> environment_with(const model::KeyPair& keys) {
    std::vector<std::string> environment;
    for (char** variable = environ; *variable; ++variable)
        if (!std::string_view(*variable).starts_with("HOOKREEL_"))
            environment.emplace_back(*variable);
    environment.push_back("HOOKREEL_SECRET_ID=" + keys.secret_id);
    environment.push_back("HOOKREEL_SECRET_KEY=" + keys.secret_key);
    return environment;
}

// Only async-signal-safe calls between fork and exec.
pid_t launch(Launch& launch) {
    const std::vector<char*> arguments = pointers(launch.arguments);
    const std::vector<char*> environment = pointers(launch.environment);
    const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::setpgid(0, 0);  // Ctrl-C is for the demo, which then stops the server.
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
        ::dup2(nothing, STDIN_FILENO);
        ::dup2(launch.output, STDOUT_FILENO);
        ::dup2(launch.log, STDERR_FILENO);
        ::execve("/proc/self/exe", arguments.data(), environment.data());
        ::_exit(127);
    }
    ::close(nothing);
    return pid;
}

// Reads lines until one says where the server listens.
Task<Result<std::string>> read_url(Pipe& output) {
    constexpr std::string_view announced = "listening on ";
    std::string read;
    for (;;) {
        const auto [error, length] = co_await asio::async_read_until(
            output, asio::dynamic_buffer(read, 65536), '\n', use_result);
        if (error) co_return fail(Code::unavailable, "it ended before it listened");
        const std::string line = read.substr(0, length - 1);
        read.erase(0, length);
        if (line.starts_with(announced)) co_return line.substr(announced.size());
    }
}

Task<Result<std::string>> read_url_in_time(int descriptor) {
    const Executor executor = co_await asio::this_coro::executor;
    const auto output = std::make_shared<Pipe>(executor, descriptor);
    Timer alarm(executor);
    alarm.expires_after(start_time_max);
    alarm.async_wait([output](boost::system::error_code error) {
        if (!error) output->close();
    });
    co_return co_await read_url(*output);
}

}  // namespace

std::string end_of_log(const std::string& path) {
    constexpr std::size_t lines_max = 8;
    std::ifstream file(path);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) {
        lines.push_back("    " + line);
        if (lines.size() > lines_max) lines.erase(lines.begin());
    }
    return fmt::format("{}", fmt::join(lines, "\n"));
}

Task<Result<std::unique_ptr<ServerChild>>> ServerChild::start(Order order) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) co_return fail(Code::unavailable, "no pipe is left");
    Launch wanted{
        .arguments = {"hookreel", "serve", "--data-dir", order.data_dir, "--listen", "127.0.0.1:0",
                      "--allow-address", "127.0.0.0/8"},
        .environment = environment_with(order.keys),
        .output = ends[1],
        .log = ::open(order.log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)};
    std::unique_ptr<ServerChild> server(new ServerChild(launch(wanted)));
    ::close(ends[1]);
    ::close(wanted.log);
    if (server->pid_ < 0) {
        ::close(ends[0]);
        co_return fail(Code::unavailable, "no process could be started");
    }
    Result<std::string> url = co_await read_url_in_time(ends[0]);
    if (!url)
        co_return fail(Code::unavailable,
                       fmt::format("the server did not start: {}\n{}", url.error().detail,
                                   end_of_log(order.log_file)));
    server->url_ = std::move(*url);
    co_return std::move(server);
}

ServerChild::~ServerChild() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

Task<int> ServerChild::wait(Duration at_most) {
    for (Duration waited{0}; waited < at_most; waited += poll_interval) {
        int status = 0;
        if (::waitpid(pid_, &status, WNOHANG) == pid_) {
            pid_ = -1;
            co_return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        }
        co_await sleep_for(poll_interval);
    }
    co_return running;
}

Task<int> ServerChild::stop() {
    ::kill(pid_, SIGTERM);
    const int status = co_await wait(stop_time_max);
    if (status != running) co_return status;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
    co_return 128 + SIGKILL;
}

}  // namespace hookreel::app::demo
