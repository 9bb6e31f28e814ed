// The flags of all settings of the server, for the commands that read them.
#pragma once

#include <string>

#include "app/config.h"

namespace CLI {
class App;
}

namespace hookreel::app::commands {

struct SettingFlags {
    Flags values;
    std::string config_file;
};
// One flag per setting, and --config. `flags` outlives the parsing.
void add_setting_flags(CLI::App& command, SettingFlags& flags);

// What was set, by flags, environment and file. Errors: invalid, naming the place and the setting.
Result<Config> read_settings(SettingFlags flags);

}  // namespace hookreel::app::commands
