// `hookreel serve`: the server as a process, from its settings to its clean end.
#pragma once

#include "app/config.h"

namespace hookreel::app {

// Runs until SIGTERM or SIGINT. Prints "listening on http://HOST:PORT" on standard output when it
// serves; the log goes to standard error. Returns the exit code: 0 after a clean stop, 1 when it
// could not start.
int serve(const Config& config);

}  // namespace hookreel::app
