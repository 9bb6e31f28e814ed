// Shell scripts that complete the words of a command line. Pure.
//
// A word is completed to the commands and flags that fit at its place; the value of a flag to its
// choices, or to files where it names one; else to nothing.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "app/commands/shape/command_shape.h"

namespace hookreel::app::commands {

enum class Shell { bash, zsh, fish };
constexpr std::array<std::string_view, 3> names(Shell*) {
    return {"bash", "zsh", "fish"};
}

std::string completion_script(const CommandShape& program, Shell shell);

}  // namespace hookreel::app::commands
