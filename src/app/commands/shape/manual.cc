#include "app/commands/shape/manual.h"

#include <fmt/format.h>

namespace hookreel::app::commands {
namespace {

// Text that roff shows as it is: no escapes, no requests, and hyphens that can be copied.
std::string plain(std::string_view text) {
    std::string out;
    bool begins_line = true;
    for (const char c : text) {
        if (begins_line && (c == '.' || c == '\'')) out += "\\&";
        begins_line = c == '\n';
        if (c == '\\')
            out += "\\e";
        else if (c == '-')
            out += "\\-";
        else
            out += c;
    }
    return out;
}

std::string bold(std::string_view text) {
    return "\\fB" + plain(text) + "\\fR";
}
std::string italic(std::string_view text) {
    return "\\fI" + plain(text) + "\\fR";
}

bool takes_place(const OptionShape& option) {
    return option.names.empty();
}

void append_option(std::string& page, const OptionShape& option) {
    page += ".TP\n";
    std::string head;
    for (const std::string& name : option.names)
        head += (head.empty() ? "" : ", ") + bold(name);
    if (!option.value.empty()) head += (head.empty() ? "" : " ") + italic(option.value);
    page += head + "\n" + plain(option.help);
    if (!option.choices.empty()) {
        page += "; one of";
        for (const std::string& choice : option.choices)
            page += " " + plain(choice);
    }
    if (!option.default_value.empty()) page += fmt::format(" [{}]", plain(option.default_value));
    page += "\n";
    if (!option.environment.empty())
        page += fmt::format("Also as the variable {}.\n", bold(option.environment));
}

void append_text(std::string& page, std::string_view text) {
    if (text.empty()) return;
    page += ".PP\n.nf\n" + plain(text);
    if (!page.ends_with('\n')) page += "\n";
    page += ".fi\n";
}

std::string usage(const CommandShape& command, const std::string& chain) {
    std::string line = bold(chain);
    if (!command.options.empty()) line += " [" + italic("OPTIONS") + "]";
    for (const OptionShape& option : command.options)
        if (takes_place(option)) line += " " + italic(option.value);
    if (!command.commands.empty()) line += " " + italic("COMMAND");
    return line;
}

void append_command(std::string& page, const CommandShape& command, const std::string& chain) {
    page += fmt::format(".SS {}\n{}\n.PP\n{}\n", plain(chain), usage(command, chain),
                        plain(command.help));
    for (const OptionShape& option : command.options)
        append_option(page, option);
    append_text(page, command.footer);
    for (const CommandShape& below : command.commands)
        append_command(page, below, chain + " " + below.name);
}

}  // namespace

std::string manual_page(const CommandShape& program, std::string_view version) {
    std::string page = fmt::format(
        ".TH HOOKREEL 1 \"\" \"{0} {1}\" \"User Commands\"\n"
        ".SH NAME\n{0} \\- callbacks and a pull queue for video platforms\n"
        ".SH SYNOPSIS\n{2}\n"
        ".SH DESCRIPTION\n{3}\n",
        program.name, version, usage(program, program.name), plain(program.help));
    append_text(page, program.footer);
    page += ".SH OPTIONS\n";
    for (const OptionShape& option : program.options)
        append_option(page, option);
    page += ".SH COMMANDS\n";
    for (const CommandShape& command : program.commands)
        append_command(page, command, program.name + " " + command.name);
    page +=
        ".SH EXIT STATUS\n.TP\n0\nIt did what it says.\n.TP\n1\nIt failed.\n.TP\n2\nThe command "
        "line makes no sense.\n";
    return page;
}

}  // namespace hookreel::app::commands
