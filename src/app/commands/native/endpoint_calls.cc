#include "app/commands/native/endpoint_calls.h"

#include <fmt/format.h>

#include "app/client/native/endpoint_text.h"
#include "app/client/native/names.h"
#include "app/client/screen/json_text.h"
#include "app/commands/frame/moment.h"
#include "app/commands/frame/question.h"

namespace hookreel::app::commands {
namespace {

using client::NativeCall;

NativeCall on_endpoint(const EndpointOptions& options, std::string method,
                       const std::string& verb = "") {
    NativeCall call;
    call.method = std::move(method);
    call.path = {"endpoints", options.id};
    if (!verb.empty()) call.path.push_back(verb);
    return call;
}

int complain(Caller& caller, const EndpointOptions& options, std::string_view verb,
             const Error& error) {
    const int code = caller.complain(fmt::format("cannot {} {}", verb, options.id), error);
    if (error.code == Code::not_found) say_error(client::where_endpoints_are);
    return code;
}

void print(const json::object& endpoint, const EndpointOptions& options, Caller& caller) {
    client::Terminal& terminal = caller.terminal();
    if (options.caller.output == Output::json) return terminal.line(client::compact(endpoint));
    terminal.line(client::table(client::endpoint_facts(endpoint, {}, terminal), terminal.screen()));
}

std::string line_of(const json::object& endpoint) {
    return fmt::format("{}  {}", client::printable(client::find_text(endpoint, {"id"})),
                       client::printable(client::find_text(endpoint, {"state"})));
}

// One that changes the state, and tells only of that.
Task<int> change_state(Caller& caller, const EndpointOptions& options, NativeCall call,
                       std::string_view verb) {
    const Result<json::object> endpoint = co_await caller.native().object(std::move(call));
    if (!endpoint) co_return complain(caller, options, verb, endpoint.error());
    if (options.caller.output == Output::json)
        caller.terminal().line(client::compact(*endpoint));
    else
        caller.terminal().line(line_of(*endpoint));
    co_return 0;
}

void explain_secret(std::string_view secret, Caller& caller) {
    client::Terminal& terminal = caller.terminal();
    terminal.line("");
    terminal.line(
        fmt::format("  {}", terminal.paint(client::Paint::bold, client::printable(secret))));
    terminal.line("");
    terminal.line(
        "The receiver verifies webhook-signature with it, by Standard Webhooks; code in\n"
        "nine languages is in docs/guides/receivers.md, and `hookreel listen --secret` is such\n"
        "a receiver for trials. `hookreel endpoint secret` shows it again.");
}

}  // namespace

Task<int> list_endpoints(Caller& caller, const EndpointOptions& options) {
    NativeCall call;
    call.path = {"endpoints"};
    call.query = {{"state", options.state}};
    const Result<std::vector<json::object>> found =
        co_await caller.native().list(std::move(call), options.count_max);
    if (!found) co_return caller.complain("cannot list endpoints", found.error());
    client::Terminal& terminal = caller.terminal();
    if (options.caller.output == Output::json) {
        for (const json::object& endpoint : *found)
            terminal.line(client::compact(endpoint));
        co_return 0;
    }
    if (found->empty()) {
        terminal.line("There is no such endpoint. Make one: hookreel endpoint create URL");
        co_return 0;
    }
    std::vector<client::Row> rows = {client::endpoint_head()};
    for (const json::object& endpoint : *found)
        rows.push_back(client::endpoint_row(endpoint, terminal));
    terminal.line(client::table(std::move(rows), terminal.screen()));
    co_return 0;
}

Task<int> show_endpoint(Caller& caller, const EndpointOptions& options) {
    NativeCall call = on_endpoint(options, "GET");
    Result<json::object> endpoint = co_await caller.native().object(std::move(call));
    if (!endpoint) co_return complain(caller, options, "show", endpoint.error());
    NativeCall count = on_endpoint(options, "GET", "statistics");
    const Result<json::object> statistics = co_await caller.native().object(std::move(count));
    if (!statistics) co_return complain(caller, options, "show", statistics.error());
    client::Terminal& terminal = caller.terminal();
    if (options.caller.output == Output::json) {
        (*endpoint)["statistics"] = *statistics;
        terminal.line(client::compact(*endpoint));
        co_return 0;
    }
    terminal.line(
        client::table(client::endpoint_facts(*endpoint, *statistics, terminal), terminal.screen()));
    co_return 0;
}

Task<int> create_endpoint(Caller& caller, const EndpointOptions& options) {
    Result<json::object> body = settings_body(options.settings);
    if (!body) co_return say_error(body.error().detail), 2;
    (*body)["url"] = options.url;
    for (const auto& [name, value] :
         {std::pair("order", &options.order), std::pair("state", &options.state)})
        if (!value->empty()) (*body)[name] = *value;
    if (!options.secret.empty()) {
        json::object given = {{"secret", options.secret}};
        if (!options.algorithm.empty()) given["algorithm"] = options.algorithm;
        (*body)["secrets"] = json::array{std::move(given)};
    } else if (!options.algorithm.empty()) {
        (*body)["algorithm"] = options.algorithm;
    }
    NativeCall call;
    call.method = "POST";
    call.path = {"endpoints"};
    call.body = std::move(*body);
    const Result<json::object> made = co_await caller.native().object(std::move(call));
    if (!made) co_return caller.complain("cannot create the endpoint", made.error());
    print(*made, options, caller);
    if (options.caller.output == Output::people)
        explain_secret(client::find_text(*made, {"secret"}), caller);
    co_return 0;
}

Task<int> change_endpoint(Caller& caller, const EndpointOptions& options) {
    Result<json::object> body = settings_body(options.settings);
    if (!body) co_return say_error(body.error().detail), 2;
    if (!options.url.empty()) (*body)["url"] = options.url;
    for (const std::string& name : options.defaults)
        (*body)[name] = nullptr;
    if (body->empty()) {
        say_error("nothing to change: name what with a flag, see --help");
        co_return 2;
    }
    NativeCall call = on_endpoint(options, "PATCH");
    call.body = std::move(*body);
    const Result<json::object> changed = co_await caller.native().object(std::move(call));
    if (!changed) co_return complain(caller, options, "change", changed.error());
    print(*changed, options, caller);
    co_return 0;
}

Task<int> pause_endpoint(Caller& caller, const EndpointOptions& options) {
    NativeCall call = on_endpoint(options, "POST", "pause");
    if (!options.reason.empty()) call.body = json::value{{"reason", options.reason}};
    co_return co_await change_state(caller, options, std::move(call), "pause");
}

Task<int> resume_endpoint(Caller& caller, const EndpointOptions& options) {
    NativeCall call = on_endpoint(options, "POST", "resume");
    co_return co_await change_state(caller, options, std::move(call), "resume");
}

namespace {

bool was_tried(const json::object& delivery) {
    const std::string_view state = client::find_text(delivery, {"state"});
    return state == "delivered" || state == "dead" || state == "retrying";
}

constexpr Duration patience{60'000};

// The delivery as soon as its first attempt is over, or as it is when the patience ends.
Task<Result<json::object>> await_first_attempt(Caller& caller, std::string id) {
    constexpr Duration pause{100};
    const TimePoint end = caller.now() + patience;
    for (;;) {
        NativeCall call;
        call.path = {"deliveries", id};
        Result<json::object> delivery = co_await caller.native().object(std::move(call));
        if (!delivery || was_tried(*delivery) || caller.now() >= end) co_return delivery;
        co_await sleep_for(pause);
    }
}

// Says of a delivery that was not tried in time what it waits for, and how its endpoint answered
// last.
Task<int> tell_untried(Caller& caller, const EndpointOptions& options, json::object delivery) {
    NativeCall call;
    call.path = {"attempts"};
    call.query = {{"endpoint", options.id}};
    const Result<std::vector<json::object>> last =
        co_await caller.native().list(std::move(call), 1);
    const json::object attempt = last && !last->empty() ? last->front() : json::object();
    const std::string text = client::untried_text(delivery, attempt, patience, caller.now());
    say_error("cannot tell what came of it: " + text);
    if (options.caller.output == Output::json) caller.terminal().line(client::compact(delivery));
    co_return 1;
}

// What came of a test: 0 when the receiver took it.
Task<int> tell_outcome(Caller& caller, const EndpointOptions& options, std::string id) {
    const Result<json::object> delivery = co_await await_first_attempt(caller, id);
    if (!delivery) co_return caller.complain("cannot tell what came of it", delivery.error());
    if (!was_tried(*delivery)) co_return co_await tell_untried(caller, options, *delivery);
    const bool taken = client::find_text(*delivery, {"state"}) == "delivered";
    client::Terminal& terminal = caller.terminal();
    if (options.caller.output == Output::json) {
        terminal.line(client::compact(*delivery));
        co_return taken ? 0 : 1;
    }
    NativeCall call;
    call.path = {"deliveries", id, "attempts"};
    const Result<std::vector<json::object>> attempts =
        co_await caller.native().list(std::move(call), 1);
    if (!attempts) co_return caller.complain("cannot show the attempt", attempts.error());
    std::vector<client::Row> rows = {client::attempt_head()};
    for (const json::object& attempt : *attempts)
        rows.push_back(client::attempt_row(attempt, terminal));
    terminal.line(client::table(std::move(rows), terminal.screen()));
    co_return taken ? 0 : 1;
}

}  // namespace

Task<int> test_endpoint(Caller& caller, const EndpointOptions& options) {
    NativeCall call = on_endpoint(options, "POST", "test");
    json::object body;
    if (!options.type.empty()) body["type"] = options.type;
    if (!options.data.empty()) {
        Result<json::value> data = parse_json(options.data);
        if (!data || !data->is_object()) {
            say_error("--data takes a JSON object, such as '{\"sum\":7}'");
            co_return 2;
        }
        body["data"] = std::move(*data);
    }
    if (!body.empty()) call.body = std::move(body);
    const Result<json::object> sent = co_await caller.native().object(std::move(call));
    if (!sent) {
        const int code = complain(caller, options, "test", sent.error());
        if (sent.error().code == Code::conflict)
            say_error(fmt::format("`hookreel endpoint resume {}` does so.", options.id));
        co_return code;
    }
    const std::string delivery(client::find_text(*sent, {"delivery"}));
    const bool waits = options.wait == EndpointOptions::Wait::yes && !delivery.empty();
    if (options.caller.output == Output::people)
        caller.terminal().line(fmt::format("event     {}\ndelivery  {}",
                                           client::find_text(*sent, {"event"}), delivery));
    else if (!waits)
        caller.terminal().line(client::compact(*sent));
    if (!waits) co_return 0;
    co_return co_await tell_outcome(caller, options, delivery);
}

Task<int> show_secrets(Caller& caller, const EndpointOptions& options) {
    NativeCall call = on_endpoint(options, "GET", "secret");
    const Result<json::object> found = co_await caller.native().object(std::move(call));
    if (!found) co_return complain(caller, options, "show the secrets of", found.error());
    client::Terminal& terminal = caller.terminal();
    if (options.caller.output == Output::json) {
        terminal.line(client::compact(*found));
        co_return 0;
    }
    std::vector<client::Row> rows = {client::secret_head()};
    if (const json::value* all = client::find(*found, {"secrets"}); all && all->is_array())
        for (const json::value& secret : all->get_array())
            if (secret.is_object()) rows.push_back(client::secret_row(secret.get_object()));
    // Not cut to the screen: half a secret is none.
    std::string text = client::table(rows);
    text.pop_back();
    terminal.line(text);
    co_return 0;
}

Task<int> rotate_secret(Caller& caller, const EndpointOptions& options) {
    json::object body;
    if (!options.algorithm.empty()) body["algorithm"] = options.algorithm;
    if (!options.secret.empty()) body["secret"] = options.secret;
    if (!options.keep_old.empty()) {
        const Result<Duration> span = read_span(options.keep_old);
        if (!span) co_return say_error("--keep-old: " + span.error().detail), 2;
        body["keep_old_seconds"] = std::chrono::duration<double>(*span).count();
    }
    NativeCall call = on_endpoint(options, "POST", "rotate-secret");
    if (!body.empty()) call.body = std::move(body);
    const Result<json::object> rotated = co_await caller.native().object(std::move(call));
    if (!rotated) co_return complain(caller, options, "rotate the secret of", rotated.error());
    if (options.caller.output == Output::json) {
        caller.terminal().line(client::compact(*rotated));
        co_return 0;
    }
    explain_secret(client::find_text(*rotated, {"secret"}), caller);
    caller.terminal().line("Until the old ones end, requests are signed with all of them.");
    co_return 0;
}

namespace {

std::string question_of(const json::object& statistics) {
    const double waiting =
        client::find_number(statistics, {"waiting"}) + client::find_number(statistics, {"sending"});
    if (waiting == 0) return "Delete this endpoint? Nothing waits for it.";
    return fmt::format(
        "Delete this endpoint? What waits for it ({:.0f} {}) becomes dead letters, which cannot be "
        "retried.",
        waiting, waiting == 1 ? "event" : "events");
}

// Shows what is meant and asks. Returns 0 when it is to be done.
Task<int> agree_to_delete(Caller& caller, const EndpointOptions& options) {
    if (options.consent == EndpointOptions::Consent::given) co_return 0;
    NativeCall call = on_endpoint(options, "GET");
    const Result<json::object> endpoint = co_await caller.native().object(std::move(call));
    if (!endpoint) co_return complain(caller, options, "delete", endpoint.error());
    NativeCall count = on_endpoint(options, "GET", "statistics");
    const Result<json::object> statistics = co_await caller.native().object(std::move(count));
    if (!statistics) co_return complain(caller, options, "delete", statistics.error());
    fmt::print(stderr, "  {}  {}\n", line_of(*endpoint),
               client::printable(client::find_text(*endpoint, {"url"})));
    co_return ask_to_delete(question_of(*statistics));
}

}  // namespace

Task<int> delete_endpoint(Caller& caller, const EndpointOptions& options) {
    if (const int code = co_await agree_to_delete(caller, options); code != 0) co_return code;
    NativeCall call = on_endpoint(options, "DELETE");
    const Result<json::value> done = co_await caller.native().call(std::move(call));
    if (!done) co_return complain(caller, options, "delete", done.error());
    if (options.caller.output == Output::people)
        caller.terminal().line(options.id + "  deleted; what waited is now dead letters");
    co_return 0;
}

}  // namespace hookreel::app::commands
