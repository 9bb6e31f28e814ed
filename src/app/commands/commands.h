// The command line of the one binary.
#pragma once

namespace hookreel::app {

// Parses the command line and runs the command. Returns the exit code: 0 when it did what it says,
// 1 when it failed, 2 when the command line makes no sense.
int run(int argc, char** argv);

}  // namespace hookreel::app
