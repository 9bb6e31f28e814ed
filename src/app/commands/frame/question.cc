#include "app/commands/frame/question.h"

#include <fmt/format.h>
#include <unistd.h>

#include <iostream>
#include <string>

#include "base/text.h"

namespace hookreel::app::commands {

Reply ask(std::string_view question) {
    if (!isatty(STDIN_FILENO)) return Reply::nobody;
    fmt::print(stderr, "{} [y/N] ", question);
    std::string line;
    if (!std::getline(std::cin, line)) return Reply::nobody;
    const std::string answer = to_lower(line);
    return answer == "y" || answer == "yes" ? Reply::yes : Reply::no;
}

}  // namespace hookreel::app::commands
