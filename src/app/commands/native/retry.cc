#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "app/client/native/delivery_text.h"
#include "app/client/screen/json_text.h"
#include "app/commands/frame/caller.h"
#include "app/commands/native/native.h"

namespace hookreel::app::commands {
namespace {

constexpr const char* examples =
    "Examples:\n"
    "  hookreel retry 5-12\n"
    "  hookreel retry 5-12 5-13 6-1\n"
    "  hookreel deliveries --state dead --limit 10000 --json | tac | jq -r .id | xargs hookreel "
    "retry\n"
    "\n"
    "They are sent in this order; `tac` puts the oldest first. For the dead letters of one "
    "endpoint\n"
    "`hookreel replay ENDPOINT` is better: it keeps the order of its keys.\n"
    "\n"
    "The exit code is 0 when all of them are on their way.";

struct RetryOptions {
    CallerFlags caller;
    std::vector<std::string> ids;
};

Task<int> retry(Caller& caller, const RetryOptions& options) {
    int code = 0;
    for (const std::string& id : options.ids) {
        client::NativeCall call;
        call.method = "POST";
        call.path = {"deliveries", id, "retry"};
        const Result<json::object> delivery = co_await caller.native().object(std::move(call));
        if (!delivery) {
            code = caller.complain("cannot retry " + id, delivery.error());
            const Code why = delivery.error().code;
            // What is wrong with this one alone says nothing of the others.
            if (why != Code::not_found && why != Code::conflict && why != Code::invalid) break;
            continue;
        }
        if (options.caller.output == Output::json)
            caller.terminal().line(client::compact(*delivery));
        else
            caller.terminal().line(client::retry_text(*delivery, caller.now()));
    }
    co_return code;
}

}  // namespace

void add_retry(CLI::App& program, Action& action) {
    CLI::App* command =
        program.add_subcommand("retry", "Send deliveries now, whatever became of them");
    command->footer(examples);
    const auto options = std::make_shared<RetryOptions>();
    command->add_option("ID", options->ids, "Deliveries, as `hookreel deliveries` lists them")
        ->required();
    add_native_flags(*command, options->caller);
    command->callback(
        [options, &action] { action = [options] { return run_call(&retry, *options); }; });
}

}  // namespace hookreel::app::commands
