// The manual page of the program, in the macros of man(7). Pure.
#pragma once

#include <string>
#include <string_view>

#include "app/commands/shape/command_shape.h"

namespace hookreel::app::commands {

std::string manual_page(const CommandShape& program, std::string_view version);

}  // namespace hookreel::app::commands
