// A yes-or-no question to whoever sits at the terminal.
#pragma once

#include <string_view>

namespace hookreel::app::commands {

// nobody: standard input is no terminal, or ended.
enum class Reply { yes, no, nobody };

// Asks on standard error, so that the output stays clean, and reads a line. Only "y" and "yes" are
// a yes.
Reply ask(std::string_view question);

// The same before something is deleted: what to exit with, 0 when it is to be done. Says why not,
// and, where nobody can be asked, that there is --yes.
int ask_to_delete(std::string_view question);

}  // namespace hookreel::app::commands
