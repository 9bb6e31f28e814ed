// A child process: a program with fixed arguments, limits from the kernel, and an end that can be
// awaited.
//
// No shell, no environment, no standard input, no descriptor of ours but its two pipes; a session
// and process group of its own, so that its children die with it. It also dies with the thread that
// started it. Nothing blocks the loop but the fork itself (below 1 ms). Threads: any loop.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.h"
#include "base/result.h"

namespace hookreel::process {

// What one child may use. The kernel enforces all but the time, which we do.
struct Limits {
    Duration time_max{3'600'000};  // On the clock; then it is stopped.
    std::uint64_t cpu_seconds_max = 36'000;
    std::uint64_t memory_bytes_max = 4ull << 30;  // Of address space.
    std::uint64_t file_bytes_max = 64ull << 30;   // Of one file; a child that writes more is ended.
    std::uint64_t open_files_max = 64;
    std::uint64_t output_bytes_max = 1 << 20;  // Of standard output, when it is kept.
    int nice = 10;

    bool operator==(const Limits&) const = default;
};

// How the child confines itself before it becomes the program.
enum class Confinement {
    limits,      // The limits alone.
    namespaces,  // Also no network and no new privileges; needs unprivileged user namespaces.
};

struct Spawn {
    std::vector<std::string> argv{};  // Starts with the program's absolute path.
    std::string folder = "/";         // Working folder.
    Limits limits{};
    Confinement confinement = Confinement::limits;
};

// How a child ended.
struct Exit {
    int status = 0;      // As a shell tells it: the exit code, or 128 + the signal that ended it.
    std::string output;  // Standard output, unless it was taken by line.
    std::string errors;  // The last 8 KiB of standard error.
};

// Takes one line of standard output, without its end. Lines over 4 KiB are cut. Runs on the loop.
using OnLine = std::move_only_function<void(std::string_view line)>;

// Runs to the end. With `on_line`, output is given to it and not kept. A task that is cancelled, a
// deadline, and too much output stop the child: SIGTERM to its group, SIGKILL after 3 s. When this
// returns the child is gone.
// Errors: timed_out, cancelled, too_large (output), unavailable (the program or its confinement
// could not be started).
Task<Result<Exit>> run_child(Spawn spawn, OnLine on_line = {});

// The absolute path of a program, looked up in PATH unless it has a slash. Errors: not_found.
Result<std::string> find_program(std::string_view program);

}  // namespace hookreel::process
