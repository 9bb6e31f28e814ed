// The command line as a value: what commands there are, with which flags, and what is said of them.
//
// It is read from the parser itself, so that what is made of it (completion, the manual) says what
// the program does. Pure.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace hookreel::app::commands {

struct OptionShape {
    std::vector<std::string> names{};    // "--port", "-p"; none: it has a place instead.
    std::string value{};                 // What it takes, "FILE"; empty: nothing.
    std::vector<std::string> choices{};  // All that it takes, if they are few.
    std::string help{};
    std::string environment{};    // The variable that stands in for it; empty: none.
    std::string default_value{};  // Empty: none.

    bool operator==(const OptionShape&) const = default;
};

struct CommandShape {
    std::string name{};
    std::string help{};
    std::string footer{};  // Examples and remarks, as they are printed.
    std::vector<OptionShape> options{};
    std::vector<CommandShape> commands{};

    bool operator==(const CommandShape&) const = default;
};

CommandShape shape_of(const CLI::App& command);

}  // namespace hookreel::app::commands
