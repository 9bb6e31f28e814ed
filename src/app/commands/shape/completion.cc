#include "app/commands/shape/completion.h"

#include <fmt/format.h>

#include <functional>

namespace hookreel::app::commands {
namespace {

// A command with the words that lead to it: "" for the program, " config event".
using Visit = std::function<void(const CommandShape& command, const std::string& chain)>;

void walk(const CommandShape& command, const std::string& chain, const Visit& visit) {
    visit(command, chain);
    for (const CommandShape& below : command.commands)
        walk(below, chain + " " + below.name, visit);
}

bool takes_file(const OptionShape& option) {
    return option.value == "FILE" || option.value == "DIR";
}

bool takes_place(const OptionShape& option) {
    return option.names.empty();
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : " ") + word;
    return text;
}

// Within single quotes of a POSIX shell.
std::string shell_quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text)
        if (c == '\'')
            out += "'\\''";
        else
            out += c;
    return out + "'";
}

// Within single quotes of fish.
std::string fish_quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'' || c == '\\') out += '\\';
        out += c;
    }
    return out + "'";
}

// Help in one line.
std::string summary(std::string_view help) {
    std::string line(help.substr(0, help.find('\n')));
    constexpr std::size_t columns_max = 80;
    if (line.size() <= columns_max) return line;
    const std::size_t blank = line.rfind(' ', columns_max);
    return line.substr(0, blank == std::string::npos ? columns_max : blank) + " …";
}

// The cases that tell which command the words before the cursor lead to.
std::string chain_cases(const CommandShape& program) {
    std::string cases;
    walk(program, "", [&](const CommandShape&, const std::string& chain) {
        if (chain.empty()) return;
        cases += (cases.empty() ? "" : " | ") + shell_quoted(chain);
    });
    return cases;
}

// What completes the value of a flag: words, files, or nothing. `words` says how a shell does it.
struct ValueActions {
    std::function<std::string(const std::string& choices)> words;
    std::string files;
};
std::string value_cases(const CommandShape& program, const ValueActions& actions) {
    std::string cases;
    walk(program, "", [&](const CommandShape& command, const std::string& chain) {
        for (const OptionShape& option : command.options) {
            if (option.value.empty() || takes_place(option)) continue;
            std::string patterns;
            for (const std::string& name : option.names)
                patterns += (patterns.empty() ? "" : " | ") + shell_quoted(chain + " " + name);
            const std::string action = !option.choices.empty()
                                           ? actions.words(joined(option.choices))
                                       : takes_file(option) ? actions.files
                                                            : std::string(":");
            cases +=
                fmt::format("        {})\n            {}\n            return\n            ;;\n",
                            patterns, action);
        }
    });
    return cases;
}

bool has_file_place(const CommandShape& command) {
    for (const OptionShape& option : command.options)
        if (takes_place(option) && takes_file(option)) return true;
    return false;
}

// Commands, flags, and the choices of what has a place.
std::vector<std::string> words_of(const CommandShape& command) {
    std::vector<std::string> words;
    for (const CommandShape& below : command.commands)
        words.push_back(below.name);
    for (const OptionShape& option : command.options) {
        words.insert(words.end(), option.names.begin(), option.names.end());
        if (takes_place(option))
            words.insert(words.end(), option.choices.begin(), option.choices.end());
    }
    return words;
}

std::string bash_script(const CommandShape& program) {
    const ValueActions actions{
        [](const std::string& choices) {
            return fmt::format("mapfile -t COMPREPLY < <(compgen -W {} -- \"$word\")",
                               shell_quoted(choices));
        },
        "compopt -o filenames 2>/dev/null\n            mapfile -t COMPREPLY < <(compgen -f -- "
        "\"$word\")"};
    std::string words;
    walk(program, "", [&](const CommandShape& command, const std::string& chain) {
        words += fmt::format("        {}) words={}", shell_quoted(chain),
                             shell_quoted(joined(words_of(command))));
        words += has_file_place(command) ? " files=yes ;;\n" : " ;;\n";
    });
    return fmt::format(
        "# bash completion of {0}; written by `{0} completion bash`.\n"
        "_{0}() {{\n"
        "    local word=${{COMP_WORDS[COMP_CWORD]}} chain= words= files= i\n"
        "    COMPREPLY=()\n"
        "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
        "        case \"$chain ${{COMP_WORDS[i]}}\" in\n"
        "        {1}) chain=\"$chain ${{COMP_WORDS[i]}}\" ;;\n"
        "        esac\n"
        "    done\n"
        "    case \"$chain ${{COMP_WORDS[COMP_CWORD - 1]}}\" in\n"
        "{2}"
        "    esac\n"
        "    case \"$chain\" in\n"
        "{3}"
        "    esac\n"
        "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
        "    if [[ -n $files && $word != -* ]]; then\n"
        "        compopt -o filenames 2>/dev/null\n"
        "        mapfile -t -O \"${{#COMPREPLY[@]}}\" COMPREPLY < <(compgen -f -- \"$word\")\n"
        "    fi\n"
        "}}\n"
        "complete -F _{0} {0}\n",
        program.name, chain_cases(program), value_cases(program, actions), words);
}

// "name:help" for _describe, whose names have no ':'.
std::string zsh_choices(const CommandShape& command) {
    std::string choices;
    for (const CommandShape& below : command.commands)
        choices += " " + shell_quoted(below.name + ":" + summary(below.help));
    for (const OptionShape& option : command.options) {
        for (const std::string& name : option.names)
            choices += " " + shell_quoted(name + ":" + summary(option.help));
        if (!takes_place(option)) continue;
        for (const std::string& choice : option.choices)
            choices += " " + shell_quoted(choice);
    }
    return choices;
}

std::string zsh_script(const CommandShape& program) {
    const ValueActions actions{[](const std::string& choices) { return "compadd -- " + choices; },
                               "_files"};
    std::string cases;
    walk(program, "", [&](const CommandShape& command, const std::string& chain) {
        cases += fmt::format("        {}) choices=({} ){} ;;\n", shell_quoted(chain),
                             zsh_choices(command), has_file_place(command) ? " files=yes" : "");
    });
    return fmt::format(
        "#compdef {0}\n"
        "# zsh completion of {0}; written by `{0} completion zsh`.\n"
        "_{0}() {{\n"
        "    local chain= files= i\n"
        "    local -a choices\n"
        "    for ((i = 2; i < CURRENT; i++)); do\n"
        "        case \"$chain ${{words[i]}}\" in\n"
        "        {1}) chain=\"$chain ${{words[i]}}\" ;;\n"
        "        esac\n"
        "    done\n"
        "    case \"$chain ${{words[CURRENT-1]}}\" in\n"
        "{2}"
        "    esac\n"
        "    case \"$chain\" in\n"
        "{3}"
        "    esac\n"
        "    _describe {0} choices\n"
        "    [[ -z $files ]] || _files\n"
        "}}\n"
        "if [ \"$funcstack[1]\" = _{0} ]; then _{0} \"$@\"; else compdef _{0} {0}; fi\n",
        program.name, chain_cases(program), value_cases(program, actions), cases);
}

std::string fish_line(const CommandShape& program, const std::string& chain) {
    return fmt::format("complete -c {0} -n \"__{0}_at '{1}'\"", program.name, chain);
}

std::string fish_options(const CommandShape& program, const CommandShape& command,
                         const std::string& chain) {
    std::string lines;
    for (const OptionShape& option : command.options) {
        std::string line = fish_line(program, chain);
        for (const std::string& name : option.names)
            line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
        if (!option.choices.empty())
            line +=
                (takes_place(option) ? " -a " : " -x -a ") + fish_quoted(joined(option.choices));
        else if (takes_file(option))
            line += takes_place(option) ? " -F" : " -r -F";
        else if (!option.value.empty())
            line += " -x";
        if (takes_place(option) && option.choices.empty() && !takes_file(option)) continue;
        lines += line + " -d " + fish_quoted(summary(option.help)) + "\n";
    }
    return lines;
}

std::string fish_script(const CommandShape& program) {
    std::string lines;
    std::string chains;
    walk(program, "", [&](const CommandShape& command, const std::string& chain) {
        if (!chain.empty()) chains += " '" + chain + "'";
        for (const CommandShape& below : command.commands)
            lines += fmt::format("{} -a {} -d {}\n", fish_line(program, chain), below.name,
                                 fish_quoted(summary(below.help)));
        lines += fish_options(program, command, chain);
    });
    return fmt::format(
        "# fish completion of {0}; written by `{0} completion fish`.\n"
        "function __{0}_at\n"
        "    set -l chain ''\n"
        "    for word in (commandline -opc)[2..-1]\n"
        "        switch \"$chain $word\"\n"
        "            case{1}\n"
        "                set chain \"$chain $word\"\n"
        "        end\n"
        "    end\n"
        "    test \"$chain\" = \"$argv[1]\"\n"
        "end\n"
        "complete -c {0} -f\n"
        "{2}",
        program.name, chains, lines);
}

}  // namespace

std::string completion_script(const CommandShape& program, Shell shell) {
    switch (shell) {
        case Shell::bash:
            return bash_script(program);
        case Shell::zsh:
            return zsh_script(program);
        case Shell::fish:
            break;
    }
    return fish_script(program);
}

}  // namespace hookreel::app::commands
