// ./dev bench push [http|https] [IN_FLIGHT [HOSTS]]: what one durable, logged callback costs,
// beside a bare epoll sender of the same run. By default it is http, 64 in flight to one host.
//
// Each sender is a process of its own and measures its CPU; the receiver is a third one. The HTTP
// client alone is measured too, to tell its part from that of store and delivery.
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>

#include "base/text.h"
#include "bench/figures.h"
#include "fmt/format.h"

extern char** environ;

namespace hookreel::bench {
namespace {

[[noreturn]] void give_up(const std::string& why) {
    fmt::print(stderr, "bench push: {}\n", why);
    std::exit(1);
}

// A program beside this one, and what it writes.
class Program {
 public:
    Program(const std::string& name, std::vector<std::string> arguments) {
        const auto self = std::filesystem::read_symlink("/proc/self/exe");
        arguments.insert(arguments.begin(), (self.parent_path() / name).string());
        std::vector<char*> pointers;
        for (std::string& argument : arguments)
            pointers.push_back(argument.data());
        pointers.push_back(nullptr);
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) give_up("no pipe is left");
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
        const int failed =
            ::posix_spawn(&pid_, pointers[0], &actions, nullptr, pointers.data(), environ);
        ::posix_spawn_file_actions_destroy(&actions);
        ::close(ends[1]);
        if (failed) give_up("cannot run " + arguments[0]);
        output_ = ::fdopen(ends[0], "r");
    }
    ~Program() {
        ::kill(pid_, SIGTERM);
        ::waitpid(pid_, nullptr, 0);
        std::fclose(output_);
    }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    // The next line, without its end; empty when there is none.
    std::string line() {
        std::array<char, 512> text{};
        return std::fgets(text.data(), text.size(), output_) ? std::string(trim(text.data())) : "";
    }

 private:
    pid_t pid_ = -1;
    std::FILE* output_ = nullptr;
};

// The number after `key` in "name=client requests=5 cpu_us=6.5".
double value_of(std::string_view line, std::string_view key) {
    const std::size_t begin = line.find(fmt::format(" {}=", key));
    if (begin == std::string_view::npos) give_up(fmt::format("no {} in \"{}\"", key, line));
    line.remove_prefix(begin + key.size() + 2);
    const Result<double> value = parse_real(line.substr(0, line.find(' ')));
    if (!value) give_up("no number after " + std::string(key));
    return *value;
}

void measure(const std::string& program, const std::vector<std::string>& load, Figure& figure) {
    Program sender(program, load);
    const std::string line = sender.line();
    if (value_of(line, "failed") > 0) give_up(program + ": some failed: " + line);
    figure.runs.push_back(value_of(line, "cpu_us"));
}

void run(const Options& options) {
    const std::uint64_t events = options.events > 0 ? options.events : 100'000;
    std::vector<std::string> words = options.rest;
    const bool names_scheme = !words.empty() && words[0].starts_with("http");
    const std::string scheme = names_scheme ? words[0] : "http";
    if (names_scheme) words.erase(words.begin());
    const std::string in_flight = !words.empty() ? words[0] : "64";
    const std::string hosts = words.size() > 1 ? words[1] : "1";
    const Folder folder;
    const std::string certificate = folder.path() + "/sink.pem";
    std::vector<std::string> serving = {"--hosts", hosts};
    if (scheme == "https") serving.insert(serving.end(), {"--certificate-file", certificate});
    Program sink("bench_sink", serving);
    const std::string listening = sink.line();
    std::vector<std::string> load = {"--requests",  fmt::to_string(events),
                                     "--port",      listening.substr(listening.rfind(' ') + 1),
                                     "--in-flight", in_flight,
                                     "--hosts",     hosts};
    if (scheme == "https") load.insert(load.end(), {"--ca-file", certificate});
    Figure yardstick{"bare epoll sender, not durable", "us/event", {}};
    Figure client{"Hookreel's HTTP client alone", "us/event", {}};
    Figure delivery{"Hookreel, durable and logged", "us/event", {}};
    for (int i = 0; i < options.runs; ++i) {
        measure("bench_yardstick_sender", load, yardstick);
        measure("bench_client_sender", load, client);
        measure("bench_delivery_sender", load, delivery);
    }
    const std::string setup = fmt::format(
        "push: CPU of the sending process, {} events of 1 KiB over {}, {} in flight to {} hosts, "
        "{} runs",
        events, scheme, in_flight, hosts, options.runs);
    print(setup,
          {yardstick, client, delivery, ratio("durable push / bare sender", delivery, yardstick)},
          options.form);
}

}  // namespace
}  // namespace hookreel::bench

int main(int argc, char** argv) {
    using namespace hookreel::bench;
    run(read_options(argc, argv));
}
