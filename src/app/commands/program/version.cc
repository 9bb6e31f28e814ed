#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "app/commands/frame/caller.h"
#include "app/commands/program/program.h"

namespace hookreel::app::commands {

void add_version(CLI::App& program, Action& action) {
    CLI::App* command = program.add_subcommand("version", "Print the version");
    command->footer(
        "Examples:\n"
        "  hookreel version\n"
        "  hookreel version --json | jq -r .version\n"
        "  hookreel --version");
    const auto output = std::make_shared<Output>(Output::people);
    add_output_flag(*command, *output);
    command->callback([output, &action] {
        action = [output] {
            if (*output == Output::json)
                fmt::print("{{\"version\":\"{}\"}}\n", HOOKREEL_VERSION);
            else
                fmt::print("hookreel {}\n", HOOKREEL_VERSION);
            return 0;
        };
    });
}

}  // namespace hookreel::app::commands
