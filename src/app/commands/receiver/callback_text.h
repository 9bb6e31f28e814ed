// A callback as people read it, and as programs do: what came, whether it is genuine, and what
// became of it.
#pragma once

#include <string>
#include <string_view>

#include "app/client/receiver/receiver.h"
#include "app/client/screen/terminal.h"

namespace hookreel::app::commands {

void print_callback(const client::Callback& callback, client::Terminal& terminal);

struct ForwardedTo {
    std::string_view target;
    client::Terminal& terminal;
};
void print_forwarded(const client::Callback& callback, const client::Forwarded& forwarded,
                     ForwardedTo to);

// One line of JSON. `event` is the body when it is JSON; else `body` when it is UTF-8, else
// `body_base64`. `forwarded` is left out when there is none.
std::string callback_line(const client::Callback& callback, const client::Forwarded* forwarded);

}  // namespace hookreel::app::commands
