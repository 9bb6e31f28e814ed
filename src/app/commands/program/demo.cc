#include "app/demo/demo.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "app/commands/program/program.h"

namespace hookreel::app::commands {
namespace {

constexpr const char* examples =
    "Examples:\n"
    "  hookreel demo\n"
    "  hookreel demo holiday.mp4\n"
    "  hookreel demo --fast";

}  // namespace

void add_demo(CLI::App& program, Action& action) {
    CLI::App* command = program.add_subcommand(
        "demo", "Show it all on a real video: a server, callbacks, the queue");
    command->footer(examples);
    const auto options = std::make_shared<demo::DemoOptions>();
    command->add_option("FILE", options->file, "Your own video; default: a clip that is made")
        ->check(CLI::ExistingFile);
    command->add_flag_callback(
        "--fast", [options] { options->pace = demo::Pace::fast; },
        "Leave out the 30 s until an unconfirmed event comes again");
    command->callback(
        [options, &action] { action = [options] { return demo::run_demo(*options); }; });
}

}  // namespace hookreel::app::commands
