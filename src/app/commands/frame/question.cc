#include "app/commands/frame/question.h"

#include <fmt/format.h>
#include <unistd.h>

#include <iostream>
#include <string>

#include "app/commands/frame/caller.h"
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

int ask_to_delete(std::string_view question) {
    switch (ask(question)) {
        case Reply::yes:
            return 0;
        case Reply::no:
            say_error("nothing was deleted");
            return 1;
        case Reply::nobody:
            break;
    }
    say_error("nobody is there to be asked: say --yes");
    return 2;
}

}  // namespace hookreel::app::commands
