#include "app/commands/shape/command_shape.h"

#include <CLI/CLI.hpp>

namespace hookreel::app::commands {
namespace {

// The parser writes choices behind the name: "MODE:{PULL,PUSH}".
void read_value(OptionShape& shape, const std::string& type) {
    const std::size_t colon = type.find(':');
    shape.value = type.substr(0, colon);
    const std::size_t open = type.find('{');
    if (open == std::string::npos || !type.ends_with('}')) return;
    std::string choices = type.substr(open + 1, type.size() - open - 2);
    for (;;) {
        const std::size_t comma = choices.find(',');
        shape.choices.push_back(choices.substr(0, comma));
        if (comma == std::string::npos) return;
        choices.erase(0, comma + 1);
    }
}

OptionShape shape_of(const CLI::Option& option) {
    OptionShape shape;
    for (const std::string& name : option.get_lnames())
        shape.names.push_back("--" + name);
    for (const std::string& name : option.get_snames())
        shape.names.push_back("-" + name);
    if (option.get_items_expected_max() != 0) read_value(shape, option.get_type_name());
    if (shape.names.empty() && shape.value == "TEXT") shape.value = option.get_name();
    shape.help = option.get_description();
    shape.environment = option.get_envname();
    shape.default_value = option.get_default_str();
    return shape;
}

}  // namespace

CommandShape shape_of(const CLI::App& command) {
    CommandShape shape{command.get_name(), command.get_description(), command.get_footer()};
    const auto is_shown = [](const CLI::Option* option) { return !option->get_group().empty(); };
    for (const CLI::Option* option : command.get_options(is_shown))
        shape.options.push_back(shape_of(*option));
    const auto any = [](const CLI::App*) { return true; };
    for (const CLI::App* below : command.get_subcommands(any))
        shape.commands.push_back(shape_of(*below));
    return shape;
}

}  // namespace hookreel::app::commands
