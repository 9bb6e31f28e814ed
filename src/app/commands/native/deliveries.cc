#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "app/client/native/delivery_text.h"
#include "app/client/native/names.h"
#include "app/client/screen/json_text.h"
#include "app/commands/frame/caller.h"
#include "app/commands/frame/moment.h"
#include "app/commands/native/native.h"

namespace hookreel::app::commands {
namespace {

constexpr const char* examples =
    "Examples:\n"
    "  hookreel deliveries                                  (the last 20, newest first)\n"
    "  hookreel deliveries --state dead --since 1d\n"
    "  hookreel deliveries --type 'media.*' --endpoint ENDPOINT --limit 100\n"
    "  hookreel deliveries --follow                         (each change, until Ctrl-C)\n"
    "  hookreel deliveries show ID --exchange               (what went over the wire)\n"
    "  hookreel deliveries --state dead --limit 10000 --json | tac | jq -r .id | xargs hookreel "
    "retry";

constexpr const char* show_examples =
    "Examples:\n"
    "  hookreel deliveries show 5-12\n"
    "  hookreel deliveries show 5-12 --exchange             (heads, and the answer's body)\n"
    "  hookreel deliveries show 5-12 --json | jq '.attempts[].status'\n"
    "\n"
    "Also --server, --api-token, --application and --ca-file, as in `hookreel deliveries --help`.";

constexpr const char* filter_group = "Which";

struct DeliveriesOptions {
    CallerFlags caller;
    std::string endpoint, queue, event, state, type, since, until;
    std::size_t count_max = 20;
    enum class Follow { no, yes } follow = Follow::no;
    std::string id;
    enum class Exchange { hidden, shown } exchange = Exchange::hidden;
};

client::NativeCall search(const DeliveriesOptions& options) {
    client::NativeCall call;
    call.path = {"deliveries"};
    call.query = {{"endpoint", options.endpoint}, {"queue", options.queue},
                  {"event", options.event},       {"state", options.state},
                  {"type", options.type},         {"since", options.since},
                  {"until", options.until}};
    return call;
}

// Whether nothing is found because what is looked for does not exist; then it is said.
Task<bool> complain_of_unknown(Caller& caller, const DeliveriesOptions& options) {
    const std::string said = co_await client::unknown_name(
        caller.native(), {options.endpoint, options.queue, options.event});
    if (!said.empty()) say_error(said);
    co_return !said.empty();
}

Task<int> list(Caller& caller, const DeliveriesOptions& options) {
    client::NativeCall call = search(options);
    const Result<std::vector<json::object>> found =
        co_await caller.native().list(std::move(call), options.count_max);
    if (!found) co_return caller.complain("cannot list deliveries", found.error());
    if (found->empty() && co_await complain_of_unknown(caller, options)) co_return 1;
    client::Terminal& terminal = caller.terminal();
    if (options.caller.output == Output::json) {
        for (const json::object& delivery : *found)
            terminal.line(client::compact(delivery));
        co_return 0;
    }
    if (found->empty()) {
        terminal.line("There is no such delivery.");
        co_return 0;
    }
    std::vector<client::Row> rows = {client::delivery_head()};
    for (const json::object& delivery : *found)
        rows.push_back(client::delivery_row(delivery, terminal, caller.now()));
    terminal.line(client::table(std::move(rows), terminal.screen()));
    co_return 0;
}

// A change as a line of its own: what comes later is not known, so columns have no common width.
std::string change_line(const json::object& delivery, const client::Terminal& terminal,
                        TimePoint now) {
    std::string line = client::clock_text(now);
    for (const std::string& cell : client::delivery_row(delivery, terminal, now))
        if (!cell.empty()) line += "  " + cell;
    return terminal.interactive() ? client::cut(line, std::size_t(terminal.screen().columns))
                                  : line;
}

void tell(const std::vector<json::object>& news, Caller& caller, Output output) {
    client::Terminal& terminal = caller.terminal();
    for (const json::object& delivery : news)
        terminal.line(output == Output::json ? client::compact(delivery)
                                             : change_line(delivery, terminal, caller.now()));
}

// Of the newest deliveries, each change of state and each attempt, also while the server is
// restarted.
Task<int> follow(Caller& caller, const DeliveriesOptions& options) {
    constexpr std::size_t watched_max = 1000;
    constexpr Duration pause{500};
    client::DeliveryWatch watch;
    bool has_answered = false, waits = false;
    for (;;) {
        client::NativeCall call = search(options);
        Result<std::vector<json::object>> found =
            co_await caller.native().list(std::move(call), watched_max);
        if (found) {
            // An event may come later.
            const bool may_be_unknown = !has_answered && found->empty() && options.event.empty();
            if (may_be_unknown && co_await complain_of_unknown(caller, options)) co_return 1;
            if (waits) say_error("The server answers again.");
            waits = false;
            std::vector<json::object> news = watch.news(std::move(*found));
            // At first only the last ones: what happened before is not news.
            if (!has_answered && news.size() > options.count_max)
                news.erase(news.begin(), news.end() - std::ptrdiff_t(options.count_max));
            tell(news, caller, options.caller.output);
            has_answered = true;
        } else if (!has_answered || !may_pass(found.error())) {
            co_return caller.complain("cannot follow deliveries", found.error());
        } else if (!waits) {
            say_error(fmt::format("{}. Waiting for the server.", found.error().detail));
            waits = true;
        }
        co_await sleep_for(pause);
    }
}

void print_delivery(const json::object& delivery, const std::vector<json::object>& attempts,
                    const DeliveriesOptions& options, Caller& caller) {
    client::Terminal& terminal = caller.terminal();
    terminal.line(
        client::table(client::delivery_facts(delivery, terminal, caller.now()), terminal.screen()));
    if (attempts.empty()) return;
    terminal.line("");
    const bool exchange = options.exchange == DeliveriesOptions::Exchange::shown;
    std::vector<client::Row> rows = {client::attempt_head()};
    for (const json::object& attempt : attempts)
        rows.push_back(client::attempt_row(attempt, terminal));
    terminal.line(client::table(std::move(rows), terminal.screen()));
    if (!exchange) return;
    for (const json::object& attempt : attempts) {
        terminal.line("");
        terminal.line(terminal.paint(
            client::Paint::bold,
            fmt::format("attempt {}  {}", client::attempt_row(attempt, terminal).front(),
                        client::printable(client::find_text(attempt, {"url"})))));
        for (const std::string& line : client::exchange_lines(attempt))
            terminal.line(line);
    }
}

Task<int> show(Caller& caller, const DeliveriesOptions& options) {
    constexpr std::size_t attempts_max = 200;  // More than any schedule has.
    client::NativeCall call;
    call.path = {"deliveries", options.id};
    client::NativeCall log = call;
    log.path.emplace_back("attempts");
    const Result<json::object> delivery = co_await caller.native().object(std::move(call));
    if (!delivery) {
        int code = caller.complain("cannot show " + options.id, delivery.error());
        if (delivery.error().code == Code::not_found)
            say_error("`hookreel deliveries` lists the ids; an event's is found by --event.");
        co_return code;
    }
    const Result<std::vector<json::object>> attempts =
        co_await caller.native().list(std::move(log), attempts_max);
    if (!attempts) co_return caller.complain("cannot show its attempts", attempts.error());
    if (options.caller.output == Output::json) {
        json::array all(attempts->begin(), attempts->end());
        const json::object both = {{"delivery", *delivery}, {"attempts", std::move(all)}};
        caller.terminal().line(client::compact(both));
        co_return 0;
    }
    print_delivery(*delivery, *attempts, options, caller);
    co_return 0;
}

int run_deliveries(DeliveriesOptions options) {
    const TimePoint now = SystemClock().now();
    for (std::string* moment : {&options.since, &options.until}) {
        Result<std::string> read = api_moment(*moment, now);
        if (!read) return say_error(read.error().detail), 2;
        *moment = std::move(*read);
    }
    const bool follows = options.follow == DeliveriesOptions::Follow::yes;
    return run_call(follows ? &follow : &list, options);
}

void add_filters(CLI::App& command, DeliveriesOptions& options) {
    constexpr const char* group = filter_group;
    CLI::Option* endpoint = command.add_option("--endpoint", options.endpoint, "To this endpoint")
                                ->type_name("ID")
                                ->group(group);
    command.add_option("--queue", options.queue, "In this queue; reel is the reliable callback")
        ->type_name("NAME")
        ->group(group)
        ->excludes(endpoint);
    command.add_option("--event", options.event, "Of this event")->type_name("ID")->group(group);
    command.add_option("--state", options.state, "In this state")
        ->type_name("STATE")
        ->check(CLI::IsMember({"waiting", "retrying", "sending", "delivered", "dead"}))
        ->group(group);
    command.add_option("--type", options.type, "Of this type, or of a pattern such as media.*")
        ->type_name("TYPE")
        ->group(group);
    command.add_option("--since", options.since, "From then on: 15m, 2h, 7d, or a time")
        ->type_name("WHEN")
        ->group(group);
    command.add_option("--until", options.until, "Before then")->type_name("WHEN")->group(group);
    command
        .add_option("--limit", options.count_max,
                    "So many at most; with --follow, so many that "
                    "were there before")
        ->type_name("N")
        ->check(CLI::Range(1, 100'000))
        ->capture_default_str()
        ->group(group);
}

void add_show(CLI::App& deliveries, const std::shared_ptr<DeliveriesOptions>& options,
              Action& action) {
    CLI::App* command = deliveries.add_subcommand("show", "One delivery with its attempts");
    command->footer(show_examples);
    command->add_option("ID", options->id, "The delivery")->required();
    command->add_flag_callback(
        "--exchange", [options] { options->exchange = DeliveriesOptions::Exchange::shown; },
        "Also what went over the wire: heads, and the answer's body");
    // The flags about the server are those of the command above: had it its own, their variables
    // would win over the flags that were given there.
    command->fallthrough();
    command->callback(
        [options, &action] { action = [options] { return run_call(&show, *options); }; });
}

}  // namespace

void add_deliveries(CLI::App& program, Action& action) {
    CLI::App* command = program.add_subcommand(
        "deliveries", "What became of each event at each endpoint, with every attempt");
    command->footer(examples);
    const auto options = std::make_shared<DeliveriesOptions>();
    add_filters(*command, *options);
    command->add_flag_callback(
        "--follow", [options] { options->follow = DeliveriesOptions::Follow::yes; },
        "Show each change of the newest 1,000 until Ctrl-C");
    add_native_flags(*command, options->caller);
    command->require_subcommand(0, 1);
    add_show(*command, options, action);
    command->callback([command, options, &action] {
        const bool shows = !command->get_subcommands().empty();
        if (!shows) action = [options] { return run_deliveries(*options); };
        for (const CLI::Option* option : command->get_options())
            if (shows && option->count() > 0 &&
                (option->get_group() == filter_group || option->check_lname("follow")))
                throw CLI::ValidationError(option->get_name(), "does not go with show");
    });
}

}  // namespace hookreel::app::commands
