#include "app/commands/program/setting_flags.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace hookreel::app::commands {
namespace {

std::optional<std::string> variable(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
}

}  // namespace

void add_setting_flags(CLI::App& command, SettingFlags& flags) {
    for (const Setting& setting : settings()) {
        CLI::Option* option = command.add_option(
            setting.flag(), flags.values[std::string(setting.name)], std::string(setting.help));
        option->type_name(std::string(setting.value))->allow_extra_args(false)->take_all();
    }
    command.add_option("--config", flags.config_file, "Settings in TOML")
        ->envname("HOOKREEL_CONFIG")
        ->type_name("FILE");
}

Result<Config> read_settings(SettingFlags flags) {
    std::erase_if(flags.values, [](const auto& flag) { return flag.second.empty(); });
    std::optional<ConfigFile> given;
    if (!flags.config_file.empty()) {
        std::ifstream file(flags.config_file);
        std::error_code error;
        if (!file || std::filesystem::is_directory(flags.config_file, error))
            return fail(Code::invalid, fmt::format("--config: cannot read {}; it takes a file",
                                                   flags.config_file));
        std::stringstream text;
        text << file.rdbuf();
        given = ConfigFile{flags.config_file, text.str()};
    }
    return read_config(flags.values, variable, given);
}

}  // namespace hookreel::app::commands
