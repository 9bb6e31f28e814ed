// A task on the screen of whoever asked for it: its id, or its way to its end.
//
// Threads: the caller's loop.
#pragma once

#include <string>

#include "app/commands/frame/caller.h"

namespace hookreel::app::commands {

enum class Wait { no, yes };

// --priority and --wait.
void add_task_flags(CLI::App& command, std::int64_t& priority, Wait& wait);

// Without `wait` its id alone. Else a moving bar on a terminal, and elsewhere a line for each step
// that is further; then what became of it. Returns the exit code: 0 when all of it went well.
Task<int> show_task(Caller& caller, Output output, Wait wait, std::string task_id);

}  // namespace hookreel::app::commands
