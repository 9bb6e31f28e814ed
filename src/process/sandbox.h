// Runs programs on hostile files: they see what they are given, write one folder, and reach no
// network.
//
// With bubblewrap a program sees the system's programs, its readable files and its writable folder,
// each at its own path, and nothing else. Where that is not allowed it loses the network and all
// privileges, and where that is not allowed either only its limits are left. Knows no program.
// Threads: any loop; the sandbox itself never changes.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "process/child.h"

namespace hookreel::process {

// One run of a program. Paths are absolute.
struct Command {
    std::string program{};
    std::vector<std::string> arguments{};
    std::vector<std::string> readable{};  // Files or folders.
    std::string writable{};               // A folder, also the working folder; empty: none.
    Limits limits{};
};

// The strictest first.
enum class Isolation { bubblewrap, namespaces, limits };
constexpr std::array<std::string_view, 3> names(Isolation*) {
    return {"bubblewrap", "namespaces", "limits"};
}

// The strictest isolation that works here, found by running `true` in each. Blocks for some 10 ms:
// once, at start-up. Warns when it is not bubblewrap.
Isolation strictest_isolation(const Log& log);

// What is started for a command: the pure part of `Sandbox::run`.
Spawn spawn_of(Isolation isolation, const Command& command);

class Sandbox {
 public:
    explicit Sandbox(Isolation isolation) : isolation_(isolation) {}

    Isolation isolation() const { return isolation_; }
    // As run_child.
    Task<Result<Exit>> run(Command command, OnLine on_line = {}) const;

 private:
    Isolation isolation_;
};

}  // namespace hookreel::process
