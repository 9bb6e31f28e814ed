#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/commands/program/program.h"

namespace hookreel::app::commands {

void add_version(CLI::App& program, Action& action) {
    CLI::App* command = program.add_subcommand("version", "Print the version");
    command->footer("Examples:\n  hookreel version\n  hookreel --version");
    command->callback([&action] {
        action = [] {
            fmt::print("hookreel {}\n", HOOKREEL_VERSION);
            return 0;
        };
    });
}

}  // namespace hookreel::app::commands
