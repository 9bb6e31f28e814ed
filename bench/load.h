// What the senders and receivers of the HTTP benchmarks share: options, the load, and a meter of
// the CPU time of the process.
//
// Host `i` has the address 127.1.x.y, so that 1,000 hosts need no name server; the sink listens on
// all of them.
#pragma once

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "bench/figures.h"

namespace hookreel::bench {

struct LoadOptions {
    std::uint64_t requests = 200'000;
    int in_flight = 64;
    int hosts = 1;
    std::uint16_t port = 8080;
    std::string ca_file;  // Not empty: https, with this authority.

    bool is_https() const { return !ca_file.empty(); }
};

// Reads the command line; ends the process on a wrong one.
inline LoadOptions parse_load(int count, char** arguments, const std::string& what) {
    LoadOptions options;
    CLI::App app(what);
    app.add_option("--requests", options.requests, "how many to send")->capture_default_str();
    app.add_option("--in-flight", options.in_flight, "at a time")->capture_default_str();
    app.add_option("--hosts", options.hosts, "of the sink, in turn")->capture_default_str();
    app.add_option("--port", options.port, "of the sink")->capture_default_str();
    app.add_option("--ca-file", options.ca_file, "send with TLS, trusting this authority");
    try {
        app.parse(count, arguments);
    } catch (const CLI::ParseError& error) {
        std::exit(app.exit(error));
    }
    return options;
}

inline std::string host_address(int host) {
    return fmt::format("127.1.{}.{}", host / 250, host % 250 + 1);
}

// 1,024 bytes, like a rendered event.
inline std::string load_body() {
    std::string body = R"({"EventType":"ProcedureStateChanged","Data":")";
    body.append(1024 - body.size() - 2, 'x');
    return body + "\"}";
}

inline constexpr std::string_view load_signature =
    "2f1a0f1b6c8d9e0a4b3c2d1e0f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a";

// The CPU and wall time of this process from here on.
class Meter {
 public:
    Meter() : cpu_(cpu_seconds()) {}

    // One line that a script can read: key=value, separated by blanks.
    void report(std::string_view name, std::uint64_t done, std::uint64_t failed) const {
        const auto cpu = cpu_seconds() - cpu_;
        const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin_;
        const auto requests = static_cast<double>(done == 0 ? 1 : done);
        fmt::print("name={} requests={} failed={} seconds={:.3f} per_second={:.0f} cpu_us={:.3f}\n",
                   name, done, failed, wall.count(), requests / wall.count(), cpu * 1e6 / requests);
        std::fflush(stdout);
    }

 private:
    double cpu_;
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace hookreel::bench
