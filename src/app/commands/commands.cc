#include "app/commands/commands.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "app/commands/native/native.h"
#include "app/commands/program/program.h"
#include "app/commands/receiver/receiver.h"
#include "app/commands/vod/vod.h"

namespace hookreel::app {
namespace {

// CLI11 says "Could not convert: --port = 99999".
std::string what_cannot_be(std::string text) {
    constexpr std::string_view beginning = "Could not convert: ";
    const std::size_t middle = text.find(" = ");
    if (!text.starts_with(beginning) || middle == std::string::npos) return text;
    return fmt::format("{}: \"{}\" is no number, or too large or too small for it",
                       text.substr(beginning.size(), middle - beginning.size()),
                       text.substr(middle + 3));
}

}  // namespace

int run(int argc, char** argv) {
    CLI::App program(
        "Hookreel tells your application what happens on a video platform: by callbacks, and by a "
        "queue that it pulls.");
    program.name("hookreel");
    program.set_version_flag("--version", "hookreel " HOOKREEL_VERSION, "Print the version");
    program.require_subcommand(0, 1);  // An unknown word is then named in the complaint.
    program.footer(
        "See it work:      hookreel demo\n"
        "Run a server:     hookreel serve --data-dir ./data\n"
        "More on each:     hookreel COMMAND --help");
    commands::Action action;
    commands::add_serve(program, action);
    commands::add_demo(program, action);
    commands::add_listen(program, action);
    commands::add_upload(program, action);
    commands::add_process(program, action);
    commands::add_media(program, action);
    commands::add_pull(program, action);
    commands::add_config(program, action);
    commands::add_endpoint(program, action);
    commands::add_key(program, action);
    commands::add_trigger(program, action);
    commands::add_deliveries(program, action);
    commands::add_retry(program, action);
    commands::add_replay(program, action);
    commands::add_doctor(program, action);
    commands::add_completion(program, action);
    commands::add_man(program, action);
    commands::add_version(program, action);
    program.get_formatter()->column_width(34);
    try {
        program.parse(argc, argv);
    } catch (const CLI::ConversionError& error) {
        program.exit(CLI::ConversionError(what_cannot_be(error.what())));
        return 2;
    } catch (const CLI::ParseError& error) {
        return program.exit(error) == 0 ? 0 : 2;
    }
    if (action) return action();
    std::cerr << program.help();
    return 2;
}

}  // namespace hookreel::app
