#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "app/commands/program/program.h"
#include "app/commands/shape/completion.h"

namespace hookreel::app::commands {
namespace {

constexpr const char* examples =
    "Examples:\n"
    "  source <(hookreel completion bash)        (for this shell)\n"
    "  hookreel completion bash > /etc/bash_completion.d/hookreel\n"
    "  hookreel completion zsh > \"${fpath[1]}/_hookreel\"\n"
    "  hookreel completion fish > ~/.config/fish/completions/hookreel.fish";

int print_completion(const CLI::App& program, const std::string& word) {
    constexpr auto shells = names(static_cast<Shell*>(nullptr));
    for (std::size_t i = 0; i < shells.size(); ++i)
        if (shells[i] == word)
            fmt::print("{}", completion_script(shape_of(program), static_cast<Shell>(i)));
    return 0;
}

}  // namespace

void add_completion(CLI::App& program, Action& action) {
    CLI::App* command = program.add_subcommand(
        "completion", "Print a script with which a shell completes these commands");
    command->footer(examples);
    const auto shell = std::make_shared<std::string>();
    command->add_option("SHELL", *shell, "Which shell")
        ->required()
        ->type_name("SHELL")
        ->check(CLI::IsMember(std::vector<std::string>{"bash", "zsh", "fish"}));
    command->callback([shell, &program, &action] {
        action = [shell, &program] { return print_completion(program, *shell); };
    });
}

}  // namespace hookreel::app::commands
