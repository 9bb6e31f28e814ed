// The commands that speak the Tencent VOD API to a server.
//
// Each adds one command with its flags, help and examples, and sets `action` when it is chosen.
#pragma once

#include "app/commands/frame/action.h"

namespace hookreel::app::commands {

void add_upload(CLI::App& program, Action& action);
// As `hookreel process` and, below `media`, as `hookreel media process`.
void add_process(CLI::App& parent, Action& action);
void add_media(CLI::App& program, Action& action);
void add_pull(CLI::App& program, Action& action);
void add_config(CLI::App& program, Action& action);

}  // namespace hookreel::app::commands
