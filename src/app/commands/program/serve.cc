#include "app/serve.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>

#include "app/commands/frame/caller.h"
#include "app/commands/program/program.h"
#include "app/config.h"

namespace hookreel::app::commands {
namespace {

constexpr const char* examples =
    "Examples:\n"
    "  hookreel serve\n"
    "  hookreel serve --data-dir /var/lib/hookreel --listen 0.0.0.0:8080\n"
    "  hookreel serve --allow-address 127.0.0.0/8     (callbacks to this machine)\n"
    "  HOOKREEL_LISTEN=127.0.0.1:0 hookreel serve     (any free port)\n"
    "\n"
    "Every flag is also a variable (--data-dir: HOOKREEL_DATA_DIR) and a line of the file that\n"
    "--config names (data_dir = \"…\"). A flag wins over a variable, a variable over the file.";

struct ServeFlags {
    Flags values;
    std::string config_file;
};

std::optional<std::string> variable(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
}

int run_serve(ServeFlags flags) {
    std::erase_if(flags.values, [](const auto& flag) { return flag.second.empty(); });
    std::optional<ConfigFile> given;
    if (!flags.config_file.empty()) {
        std::ifstream file(flags.config_file);
        if (!file) {
            say_error(fmt::format("--config: cannot read {}", flags.config_file));
            return 1;
        }
        std::stringstream text;
        text << file.rdbuf();
        given = ConfigFile{flags.config_file, text.str()};
    }
    const Result<Config> config = read_config(flags.values, variable, given);
    if (!config) {
        say_error(config.error().detail);
        return 1;
    }
    return serve(*config);
}

}  // namespace

void add_serve(CLI::App& program, Action& action) {
    CLI::App* command = program.add_subcommand("serve", "Run the server");
    command->footer(examples);
    const auto flags = std::make_shared<ServeFlags>();
    for (const Setting& setting : settings()) {
        CLI::Option* option = command->add_option(
            setting.flag(), flags->values[std::string(setting.name)], std::string(setting.help));
        option->type_name(std::string(setting.value))->allow_extra_args(false)->take_all();
    }
    command->add_option("--config", flags->config_file, "Settings in TOML")
        ->envname("HOOKREEL_CONFIG")
        ->type_name("FILE");
    command->callback(
        [flags, &action] { action = [flags] { return run_serve(std::move(*flags)); }; });
}

}  // namespace hookreel::app::commands
