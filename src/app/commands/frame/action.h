// How a command joins the command line: it adds itself to the parser, and says what is to be done
// when it was chosen.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace hookreel::app::commands {

// What the command line asked for; runs after it was parsed. Returns the exit code: 0 when it did
// what it says, 1 when it failed, 2 when the command line makes no sense.
using Action = std::function<int()>;

}  // namespace hookreel::app::commands
