#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>

#include "app/client/native/trial_event.h"
#include "app/client/screen/json_text.h"
#include "app/commands/frame/caller.h"
#include "app/commands/native/native.h"

namespace hookreel::app::commands {
namespace {

constexpr const char* examples =
    "Examples:\n"
    "  hookreel trigger --list\n"
    "  hookreel trigger media.processed\n"
    "  hookreel trigger media.uploaded --data '{\"asset\":{\"name\":\"holiday\"}}'\n"
    "  hookreel trigger order.paid --key customer-7 --data '{\"sum\":7}'\n"
    "  hookreel trigger media.processed --dry-run     (shows it and sends nothing)\n"
    "\n"
    "Everybody who wants the type gets it. To send it to one endpoint alone:\n"
    "  hookreel endpoint test ENDPOINT --type media.processed\n"
    "\n"
    "--data changes members of the sample's data (RFC 7396: null takes one away). Then, and with\n"
    "--key, the event is published like one of your own: to endpoints and queues of the native\n"
    "API. The sample as it is also goes out as a callback of the VOD API.";

struct TriggerOptions {
    CallerFlags caller;
    std::string type;
    std::optional<std::string> key, data;
    enum class Verb { send, show, list } verb = Verb::send;
};

Task<int> list_types(Caller& caller, const TriggerOptions& options) {
    client::NativeCall call;
    call.path = {"event-types"};
    Result<json::object> page = co_await caller.native().object(std::move(call));
    if (!page) co_return caller.complain("cannot list the types", page.error());
    const Result<std::vector<json::object>> types = client::items_of(std::move(*page));
    if (!types) co_return caller.complain("cannot list the types", types.error());
    client::Terminal& terminal = caller.terminal();
    std::vector<std::vector<std::string>> rows = {{"TYPE", "IT SAYS"}};
    for (const json::object& type : *types) {
        if (options.caller.output == Output::json) terminal.line(client::compact(type));
        rows.push_back({std::string(client::find_text(type, {"type"})),
                        std::string(client::find_text(type, {"description"}))});
    }
    if (options.caller.output == Output::people)
        terminal.line(client::table(std::move(rows), terminal.screen()));
    co_return 0;
}

// The sample of the type; null when the server knows none.
Task<Result<json::value>> sample_of(Caller& caller, const TriggerOptions& options) {
    client::NativeCall call;
    call.path = {"event-types", options.type};
    Result<json::object> type = co_await caller.native().object(std::move(call));
    if (!type && type.error().code == Code::not_found) co_return json::value(nullptr);
    if (!type) co_return fail(std::move(type.error()));
    const json::value* example = client::find(*type, {"example"});
    co_return example ? *example : json::value(nullptr);
}

void tell(const json::object& published, const TriggerOptions& options, Caller& caller) {
    client::Terminal& terminal = caller.terminal();
    if (options.caller.output == Output::json) return terminal.line(client::compact(published));
    const json::value* events = client::find(published, {"events"});
    if (!events || !events->is_array()) return;
    for (const json::value& event : events->get_array()) {
        if (!event.is_object()) continue;
        std::string queues;
        if (const json::value* all = client::find(event.get_object(), {"queues"});
            all && all->is_array())
            for (const json::value& queue : all->get_array())
                if (queue.is_string())
                    queues += (queues.empty() ? "" : ", ") + std::string(queue.get_string());
        terminal.line(
            fmt::format("event  {}\nto     {}", client::find_text(event.get_object(), {"id"}),
                        queues.empty() ? "nobody: no endpoint and no queue wants it" : queues));
    }
}

// The sample as it is: the server raises it in every dialect.
Task<int> raise(Caller& caller, const TriggerOptions& options) {
    client::NativeCall call;
    call.method = "POST";
    call.path = {"event-types", options.type, "trigger"};
    const Result<json::object> published = co_await caller.native().object(std::move(call));
    if (!published) {
        const int code = caller.complain("cannot trigger " + options.type, published.error());
        if (published.error().code == Code::not_found)
            say_error("`hookreel trigger --list` lists the types; one of your own needs --data.");
        co_return code;
    }
    tell(*published, options, caller);
    co_return 0;
}

Task<int> trigger(Caller& caller, const TriggerOptions& options) {
    if (options.verb == TriggerOptions::Verb::list) co_return co_await list_types(caller, options);
    client::TrialWishes wishes{options.type, options.key, {}};
    if (options.data) {
        Result<json::value> data = parse_json(*options.data);
        if (!data) co_return say_error("--data is no JSON: " + data.error().detail), 2;
        wishes.data = std::move(*data);
    }
    const bool shows = options.verb == TriggerOptions::Verb::show;
    if (!shows && !wishes.key && !wishes.data) co_return co_await raise(caller, options);
    const Result<json::value> sample = co_await sample_of(caller, options);
    if (!sample) co_return caller.complain("cannot read the sample", sample.error());
    json::object event = client::trial_event(wishes, *sample);
    if (shows) {
        client::Terminal& terminal = caller.terminal();
        terminal.line(options.caller.output == Output::json ? client::compact(event)
                                                            : client::pretty(event, terminal));
        co_return 0;
    }
    client::NativeCall call;
    call.method = "POST";
    call.path = {"events"};
    call.body = std::move(event);
    const Result<json::object> published = co_await caller.native().object(std::move(call));
    if (!published) co_return caller.complain("cannot trigger " + options.type, published.error());
    tell(*published, options, caller);
    co_return 0;
}

int run_trigger(const TriggerOptions& options) {
    if (options.type.empty() && options.verb != TriggerOptions::Verb::list) {
        say_error("name a type; `hookreel trigger --list` lists them");
        return 2;
    }
    return run_call(&trigger, options);
}

}  // namespace

void add_trigger(CLI::App& program, Action& action) {
    CLI::App* command = program.add_subcommand(
        "trigger", "Raise an event for a trial: the sample of a type, or one with your data");
    command->footer(examples);
    const auto options = std::make_shared<TriggerOptions>();
    command->add_option("TYPE", options->type, "Its type");
    command->add_option("--data", options->data, "What is else than in the sample's data, as JSON")
        ->type_name("JSON");
    command->add_option("--key", options->key, "Its key")->type_name("KEY");
    CLI::Option* dry = command->add_flag_callback(
        "--dry-run", [options] { options->verb = TriggerOptions::Verb::show; },
        "Show what would be published");
    CLI::Option* list = command->add_flag_callback(
        "--list", [options] { options->verb = TriggerOptions::Verb::list; },
        "List the types that the server knows");
    list->excludes(dry);
    add_native_flags(*command, options->caller);
    command->callback([options, &action] { action = [options] { return run_trigger(*options); }; });
}

}  // namespace hookreel::app::commands
