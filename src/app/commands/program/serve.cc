#include "app/serve.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "app/commands/frame/caller.h"
#include "app/commands/program/program.h"
#include "app/commands/program/setting_flags.h"

namespace hookreel::app::commands {
namespace {

constexpr const char* examples =
    "Examples:\n"
    "  hookreel serve\n"
    "  hookreel serve --data-dir /var/lib/hookreel --listen 0.0.0.0:8080 \\\n"
    "                 --public-url https://vod.example.com\n"
    "  hookreel serve --allow-address 127.0.0.0/8     (callbacks to this machine)\n"
    "  HOOKREEL_LISTEN=127.0.0.1:0 hookreel serve     (any free port)\n"
    "\n"
    "Every flag is also a variable (--data-dir: HOOKREEL_DATA_DIR) and a line of the file that\n"
    "--config names (data_dir = \"…\"). A flag wins over a variable, a variable over the file.";

int run_serve(SettingFlags flags) {
    const Result<Config> config = read_settings(std::move(flags));
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
    const auto flags = std::make_shared<SettingFlags>();
    add_setting_flags(*command, *flags);
    command->callback(
        [flags, &action] { action = [flags] { return run_serve(std::move(*flags)); }; });
}

}  // namespace hookreel::app::commands
