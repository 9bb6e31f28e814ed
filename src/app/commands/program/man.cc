#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "app/commands/program/program.h"
#include "app/commands/shape/manual.h"

namespace hookreel::app::commands {
namespace {

constexpr const char* examples =
    "Examples:\n"
    "  hookreel man | man -l -\n"
    "  hookreel man > /usr/local/share/man/man1/hookreel.1";

}  // namespace

void add_man(CLI::App& program, Action& action) {
    CLI::App* command = program.add_subcommand("man", "Print the manual page");
    command->footer(examples);
    command->callback([&program, &action] {
        action = [&program] {
            fmt::print("{}", manual_page(shape_of(program), HOOKREEL_VERSION));
            return 0;
        };
    });
}

}  // namespace hookreel::app::commands
