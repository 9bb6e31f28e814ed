// The commands that speak the native API to a server.
//
// Each adds one command with its flags, help and examples, and sets `action` when it is chosen.
#pragma once

#include "app/commands/frame/action.h"

namespace hookreel::app::commands {

void add_endpoint(CLI::App& program, Action& action);
void add_key(CLI::App& program, Action& action);
void add_trigger(CLI::App& program, Action& action);
void add_deliveries(CLI::App& program, Action& action);
void add_retry(CLI::App& program, Action& action);
void add_replay(CLI::App& program, Action& action);

}  // namespace hookreel::app::commands
