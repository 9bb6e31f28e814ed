#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "app/client/vod/event_text.h"
#include "app/commands/frame/caller.h"
#include "app/commands/vod/vod.h"

namespace hookreel::app::commands {
namespace {

constexpr const char* examples =
    "Examples:\n"
    "  hookreel pull                       (shows up to 16; they come again after 30 s)\n"
    "  hookreel pull --confirm --all       (empties the queue)\n"
    "  hookreel pull --confirm --follow    (waits for more until Ctrl-C, also while the server is\n"
    "                                       restarted)\n"
    "  hookreel pull --json --confirm | jq .EventType\n"
    "\n"
    "Events come to the queue in the mode PULL: hookreel config event --mode PULL --upload ON";

enum class Extent { once, all, follow };

struct PullOptions {
    CallerFlags caller;
    enum class Confirm { no, yes } confirm = Confirm::no;
    Extent extent = Extent::once;
};

std::vector<const json::object*> events_of(const json::object& pulled) {
    std::vector<const json::object*> events;
    const json::value* set = client::find(pulled, {"EventSet"});
    if (!set || !set->is_array()) return events;
    for (const json::value& event : set->get_array())
        if (event.is_object()) events.push_back(&event.get_object());
    return events;
}

void print(const std::vector<const json::object*>& events, Output output,
           client::Terminal& terminal) {
    if (output == Output::json) {
        for (const json::object* event : events)
            terminal.line(client::compact(*event));
        return;
    }
    std::vector<std::vector<std::string>> rows = {{"HANDLE", "EVENT", "FILE"}};
    for (const json::object* event : events)
        rows.push_back({client::printable(client::find_text(*event, {"EventHandle"})),
                        client::printable(client::find_text(*event, {"EventType"})),
                        client::event_subject(*event)});
    terminal.line(client::table(std::move(rows), terminal.screen()));
}

Task<Result<void>> confirm(Caller& caller, const std::vector<const json::object*>& events) {
    json::array handles;
    for (const json::object* event : events)
        handles.push_back(json::string(client::find_text(*event, {"EventHandle"})));
    json::object parameters = {{"EventHandles", std::move(handles)}};
    const Result<json::object> done =
        co_await caller.vod().call("ConfirmEvents", std::move(parameters));
    if (!done) co_return fail(done.error());
    co_return Result<void>();
}

// Mostly nobody said that events are to come here.
Task<void> explain_nothing(Caller& caller) {
    caller.terminal().line("No event is waiting.");
    const Result<json::object> config = co_await caller.vod().call("DescribeEventConfig");
    if (config && client::find_text(*config, {"Mode"}) == "PUSH")
        caller.terminal().line(
            "Events go to a URL, the mode is PUSH: hookreel config event --mode PULL --upload ON");
}

// One PullEvents and what follows from it. Returns how many events came.
Task<Result<std::size_t>> pull_once(Caller& caller, const PullOptions& options) {
    const Result<json::object> pulled = co_await caller.vod().call("PullEvents");
    if (!pulled && client::api_code(pulled.error()) == "ResourceNotFound") co_return 0u;
    if (!pulled) co_return fail(pulled.error());
    const std::vector<const json::object*> events = events_of(*pulled);
    if (events.empty()) co_return 0u;
    print(events, options.caller.output, caller.terminal());
    if (options.confirm == PullOptions::Confirm::yes) {
        const Result<void> confirmed = co_await confirm(caller, events);
        if (!confirmed) co_return fail(confirmed.error());
        if (options.caller.output == Output::people)
            caller.terminal().line(fmt::format("{} confirmed", events.size()));
    }
    co_return events.size();
}

// Also what was pulled before the server was restarted, can no longer be confirmed, and comes
// again.
bool goes_on_after(const Error& error) {
    return may_pass(error) || error.detail.contains("event handle");
}

Task<int> pull(Caller& caller, const PullOptions& options) {
    constexpr Duration pause{1000};
    std::size_t sum = 0;
    bool has_answered = false, waits = false;
    for (;;) {
        const Result<std::size_t> count = co_await pull_once(caller, options);
        if (!count && options.extent == Extent::follow && has_answered &&
            goes_on_after(count.error())) {
            if (!waits) say_error(fmt::format("{}. Waiting for the server.", count.error().detail));
            waits = true;
            co_await sleep_for(pause);
            continue;
        }
        if (!count) co_return caller.complain("cannot pull", count.error());
        if (waits) say_error("The server answers again.");
        has_answered = true;
        waits = false;
        sum += *count;
        if (options.extent == Extent::once) break;
        if (options.extent == Extent::all && *count == 0) break;
    }
    if (sum == 0 && options.caller.output == Output::people) co_await explain_nothing(caller);
    co_return 0;
}

}  // namespace

void add_pull(CLI::App& program, Action& action) {
    CLI::App* command = program.add_subcommand("pull", "Pull events from the queue");
    command->footer(examples);
    const auto options = std::make_shared<PullOptions>();
    command->add_flag_callback(
        "--confirm", [options] { options->confirm = PullOptions::Confirm::yes; },
        "Confirm them, so that they do not come again");
    command->add_flag_callback(
        "--all", [options] { options->extent = Extent::all; }, "Go on until none is waiting");
    command->add_flag_callback(
        "--follow", [options] { options->extent = Extent::follow; }, "Go on until Ctrl-C");
    add_vod_flags(*command, options->caller);
    command->callback(
        [options, &action] { action = [options] { return run_call(&pull, *options); }; });
}

}  // namespace hookreel::app::commands
