// The commands that stand at the other end: they take what a server sends.
//
// Each adds one command with its flags, help and examples, and sets `action` when it is chosen.
#pragma once

#include "app/commands/frame/action.h"

namespace hookreel::app::commands {

void add_listen(CLI::App& program, Action& action);

}  // namespace hookreel::app::commands
