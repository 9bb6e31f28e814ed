// `hookreel demo`: a server, a receiver, a clip, and the tutorial through all of it.
#pragma once

#include <string>

#include "app/demo/tutorial.h"

namespace hookreel::app::demo {

struct DemoOptions {
    std::string file;  // The user's video; empty: a clip is made.
    Pace pace = Pace::whole;
};

// Returns 0 when every step did what it says, 1 when one did not, 130 when it was interrupted. On
// a terminal it serves on until Ctrl-C.
int run_demo(const DemoOptions& options);

}  // namespace hookreel::app::demo
