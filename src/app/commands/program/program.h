// The commands about this program itself.
//
// Each adds one command with its flags, help and examples, and sets `action` when it is chosen.
#pragma once

#include "app/commands/frame/action.h"

namespace hookreel::app::commands {

void add_serve(CLI::App& program, Action& action);
void add_demo(CLI::App& program, Action& action);
void add_doctor(CLI::App& program, Action& action);
// These two tell of all commands that `program` has when they run; it outlives the action.
void add_completion(CLI::App& program, Action& action);
void add_man(CLI::App& program, Action& action);

void add_version(CLI::App& program, Action& action);

}  // namespace hookreel::app::commands
