#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "app/client/native/names.h"
#include "app/client/screen/json_text.h"
#include "app/commands/frame/caller.h"
#include "app/commands/frame/moment.h"
#include "app/commands/native/native.h"

namespace hookreel::app::commands {
namespace {

constexpr const char* examples =
    "Examples:\n"
    "  hookreel replay ENDPOINT                         (its dead letters)\n"
    "  hookreel replay ENDPOINT --recover --since 2h    (all that it missed while it was down)\n"
    "  hookreel replay ENDPOINT --state missing         (what it wants and never was sent, such "
    "as\n"
    "                                                    what happened before it was made)\n"
    "  hookreel replay ENDPOINT --state delivered --since 1d --type media.processed\n"
    "\n"
    "States: dead; delivered; missing: what never was in its queue; failed: dead and missing; "
    "all:\n"
    "each that does not wait now.";

struct ReplayOptions {
    CallerFlags caller;
    std::string endpoint, since, until, state;
    std::vector<std::string> types, keys;
    enum class Recover { no, yes } recover = Recover::no;
};

json::object wanted(const ReplayOptions& options) {
    json::object body;
    for (const auto& [name, value] :
         {std::pair("since", &options.since), std::pair("until", &options.until),
          std::pair("state", &options.state)})
        if (!value->empty()) body[name] = *value;
    for (const auto& [name, values] :
         {std::pair("types", &options.types), std::pair("keys", &options.keys)}) {
        if (values->empty()) continue;
        json::array all;
        for (const std::string& value : *values)
            all.push_back(json::string(value));
        body[name] = std::move(all);
    }
    return body;
}

std::string events(std::int64_t count) {
    return fmt::format("{} {}", count, count == 1 ? "event" : "events");
}

std::int64_t count_of(const json::object& answer) {
    const json::value* count = client::find(answer, {"replayed"});
    return count && count->is_int64() ? count->get_int64() : 0;
}

// The server brings about 10,000 events into the queue per call.
Task<int> replay(Caller& caller, const ReplayOptions& options) {
    const bool recovers = options.recover == ReplayOptions::Recover::yes;
    client::Terminal& terminal = caller.terminal();
    std::int64_t total = 0;
    std::string cursor;
    do {
        client::NativeCall call;
        call.method = "POST";
        call.path = {"endpoints", options.endpoint, recovers ? "recover" : "replay"};
        call.query = {{"cursor", cursor}};
        call.body = wanted(options);
        const Result<json::object> step = co_await caller.native().object(std::move(call));
        if (!step) {
            terminal.erase();
            const int code = caller.complain("cannot replay to " + options.endpoint, step.error());
            if (step.error().code == Code::not_found) say_error(client::where_endpoints_are);
            if (total > 0) say_error(events(total) + " entered its queue before.");
            co_return code;
        }
        total += count_of(*step);
        cursor = client::find_text(*step, {"next_cursor"});
        if (options.caller.output == Output::people) terminal.moving_line(events(total) + " …");
    } while (!cursor.empty());
    if (options.caller.output == Output::json)
        terminal.line(client::compact(json::object{{"replayed", total}, {"next_cursor", nullptr}}));
    else
        terminal.line(fmt::format("{} entered the queue of {}", events(total), options.endpoint));
    co_return 0;
}

int run_replay(ReplayOptions options) {
    const TimePoint now = SystemClock().now();
    for (std::string* moment : {&options.since, &options.until}) {
        Result<std::string> read = api_moment(*moment, now);
        if (!read) return say_error(read.error().detail), 2;
        *moment = std::move(*read);
    }
    return run_call(&replay, options);
}

void add_filters(CLI::App& command, const std::shared_ptr<ReplayOptions>& options) {
    CLI::Option* since =
        command.add_option("--since", options->since, "From then on: 15m, 2h, 7d, or a time")
            ->type_name("WHEN");
    CLI::Option* until =
        command.add_option("--until", options->until, "Before then")->type_name("WHEN");
    CLI::Option* state =
        command.add_option("--state", options->state, "In this state; default: dead")
            ->type_name("STATE")
            ->check(CLI::IsMember({"dead", "delivered", "missing", "failed", "all"}));
    CLI::Option* types =
        command.add_option("--type", options->types, "Of this type or pattern; repeat for more")
            ->type_name("TYPE")
            ->allow_extra_args(false)
            ->take_all();
    CLI::Option* keys =
        command.add_option("--key", options->keys, "With this key; repeat for more")
            ->type_name("KEY")
            ->allow_extra_args(false)
            ->take_all();
    CLI::Option* recover = command.add_flag_callback(
        "--recover", [options] { options->recover = ReplayOptions::Recover::yes; },
        "All that it should have got since then and has not");
    recover->needs(since)->excludes(until, state, types, keys);
}

}  // namespace

void add_replay(CLI::App& program, Action& action) {
    CLI::App* command =
        program.add_subcommand("replay", "Send events to an endpoint again, or for the first time");
    command->footer(examples);
    const auto options = std::make_shared<ReplayOptions>();
    command->add_option("ENDPOINT", options->endpoint, "Its id")->required();
    add_filters(*command, options);
    add_native_flags(*command, options->caller);
    command->callback([options, &action] { action = [options] { return run_replay(*options); }; });
}

}  // namespace hookreel::app::commands
