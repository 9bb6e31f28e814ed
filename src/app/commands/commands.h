// The commands of the one binary, and what its command line looks like.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace hookreel::app {

// Parses the command line and runs the command. Returns the exit code: 0 when it did what it says,
// 1 when it failed, 2 when the command line makes no sense.
int run(int argc, char** argv);

namespace commands {

// What the command line asked for; runs after it was parsed.
using Action = std::function<int()>;

// Each adds one command with its flags, help and examples, and sets `action` when it is chosen.
void add_serve(CLI::App& program, Action& action);
void add_demo(CLI::App& program, Action& action);
void add_listen(CLI::App& program, Action& action);
void add_upload(CLI::App& program, Action& action);
void add_process(CLI::App& program, Action& action);
void add_pull(CLI::App& program, Action& action);
void add_config(CLI::App& program, Action& action);
void add_version(CLI::App& program, Action& action);

}  // namespace commands
}  // namespace hookreel::app
