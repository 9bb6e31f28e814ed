#include "api/native_api.h"

#include <fmt/format.h>

#include <stdexcept>

#include "api/frame/raw_json.h"
#include "api/resources/queue_filling.h"
#include "api/resources/tus.h"
#include "base/cancellation.h"
#include "base/random.h"
#include "base/text.h"

namespace hookreel::api {
namespace {

constexpr std::size_t query_bytes_max = 8 * 1024;
constexpr std::size_t json_depth_max = 32;
// Wrong tokens of one address: fifty at once, then five a second.
constexpr RateLimits::Rate refusals_rate{5, 50};

std::unexpected<Problem> unauthorized(std::string detail) {
    std::unexpected<Problem> refused = refuse(401, "unauthorized", std::move(detail));
    refused.error().headers.set("WWW-Authenticate", "Bearer realm=\"hookreel\"");
    return refused;
}

std::unexpected<Problem> too_many(const RateLimits::Outcome& outcome, std::string detail) {
    std::unexpected<Problem> refused = refuse(429, "too-many-requests", std::move(detail));
    tell(outcome, refused.error().headers);
    return refused;
}

std::unexpected<Problem> query_too_large(std::size_t bytes) {
    std::unexpected<Problem> refused = refuse(
        414, "too-large",
        fmt::format("The query has {} bytes; at most {} are taken.", bytes, query_bytes_max));
    refused.error().errors.push_back({"query", "is too large", query_bytes_max});
    return refused;
}

// Errors are collected; what has another type than wanted is told as its schema tells it.
Answer<json::object> read_query(const http::RequestHead& head, const Operation& operation) {
    if (head.query().size() > query_bytes_max) return query_too_large(head.query().size());
    const auto pairs = parse_form(head.query());
    if (!pairs) return refuse(400, "invalid-request", "The query is not well encoded.");
    json::object query;
    std::vector<FieldError> errors;
    for (const auto& [name, text] : *pairs) {
        if (errors.size() >= errors_max) break;
        const auto known = std::ranges::find(operation.in_query, name, &Operation::Parameter::name);
        if (known == operation.in_query.end())
            errors.push_back({is_utf8(name) ? shown_name(name) : "?", "is no parameter here"});
        else if (query.contains(name))
            errors.push_back({name, "is given twice"});
        else if (!is_utf8(text))
            errors.push_back({name, "is not UTF-8"});
        else
            query[name] = from_text(*known->schema, text);
    }
    for (const Operation::Parameter& parameter : operation.in_query) {
        if (const json::value* value = query.if_contains(parameter.name))
            check(*parameter.schema, *value, parameter.name, errors);
        else if (parameter.required && errors.size() < errors_max)
            errors.push_back({parameter.name, "is required"});
    }
    if (!errors.empty()) return refuse_fields(std::move(errors));
    return query;
}

Answer<void> check_path(const json::object& path, const Operation& operation) {
    std::vector<FieldError> errors;
    for (const Operation::Parameter& parameter : operation.in_path)
        check(*parameter.schema, path.at(parameter.name), parameter.name, errors);
    if (!errors.empty()) return refuse_fields(std::move(errors));
    return {};
}

bool is_json(std::string_view type) {
    const std::string media = to_lower(trim(type.substr(0, type.find(';'))));
    return media == "application/json" || media == "application/merge-patch+json";
}

std::unexpected<Problem> body_too_large(std::size_t bytes_max) {
    std::unexpected<Problem> refused =
        refuse(413, "too-large",
               fmt::format("The body is too large; at most {} bytes are taken.", bytes_max));
    refused.error().errors.push_back({"body", "is too large", bytes_max});
    return refused;
}

// The text of the body, as far as the operation takes one.
Task<Answer<std::string>> read_text(http::Request& request, const Operation& operation) {
    const http::RequestHead& head = request.head();
    const std::size_t bytes_max = operation.body ? operation.body_bytes_max : 1024;
    if (request.content_length().value_or(0) > bytes_max) co_return body_too_large(bytes_max);
    Result<std::string> body = co_await request.read_all(bytes_max);
    if (!body && body.error().code == Code::too_large) co_return body_too_large(bytes_max);
    if (!body) co_return refuse(body.error());
    if (body->empty()) co_return std::string();
    if (!operation.body) co_return refuse(400, "invalid-request", "This operation takes no body.");
    if (!is_json(head.headers.get("Content-Type"))) {
        std::unexpected<Problem> refused =
            refuse(415, "unsupported-media-type", "The body must be application/json.");
        refused.error().headers.set("Accept", "application/json");
        co_return refused;
    }
    if (head.headers.has("Content-Encoding") &&
        !equal_ignoring_case(head.headers.get("Content-Encoding"), "identity"))
        co_return refuse(415, "unsupported-media-type", "The body must not be compressed.");
    co_return std::move(*body);
}

Answer<json::value> parse_body(const std::string& text, const Operation& operation) {
    if (text.empty() && !operation.body_required) return json::value(nullptr);
    if (text.empty()) return refuse_field({"body", "is required: a JSON text"});
    Result<json::value> body =
        parse_json(text, {.depth_max = json_depth_max, .bytes_max = text.size()});
    if (!body && body.error().code == Code::too_large)
        return refuse_field(
            {"body", fmt::format("is nested too deep; at most {} levels are taken", json_depth_max),
             json_depth_max});
    if (!body) return refuse_field({"body", body.error().detail});
    if (const auto twice = repeated_member(text, *body))
        return refuse_field({*twice, "is given twice; at most once is taken", 1});
    std::vector<FieldError> errors;
    check(*operation.body, *body, "", errors);
    if (!errors.empty()) return refuse_fields(std::move(errors));
    return std::move(*body);
}

http::Response to_response(Reply reply, int status) {
    http::Response response{reply.status ? reply.status : status, std::move(reply.headers),
                            std::move(reply.body)};
    if (http::length(response.body) > 0) response.headers.set("Content-Type", "application/json");
    return response;
}

std::optional<Scope> scope_of(const Operation& operation) {
    if (operation.scope.empty()) return std::nullopt;
    const Result<Scope> scope = parse_enum<Scope>(operation.scope);
    if (!scope) throw std::logic_error("an unknown scope: " + operation.scope);
    return *scope;
}

}  // namespace

NativeApi::NativeApi(Parts parts, Values values)
    : values_(std::move(values)),
      tokens_(parts.store, values_.owner_token),
      accounts_(parts.store),
      services_{parts.store,
                parts.applications,
                parts.endpoints,
                parts.consumers,
                parts.announcer,
                parts.keys,
                tokens_,
                accounts_,
                values_.catalogue,
                values_.dialects,
                parts.clock,
                parts.log,
                values_.settings,
                handles_,
                parts.uploads,
                parts.handshake,
                std::move(parts.retried),
                std::move(parts.standings),
                parts.spans},
      definition_(values_.catalogue) {
    for (const Handler& handler : handlers())
        functions_.emplace(handler.operation, handler.function);
    for (const Operation& operation : definition_.operations()) {
        scope_of(operation);
        if (!functions_.contains(operation.id))
            throw std::logic_error("an operation without a function: " + operation.id);
    }
}

Task<Result<void>> NativeApi::load() {
    Result<void> done = co_await tokens_.load();
    if (!done) co_return done;
    done = co_await accounts_.load();
    if (!done) co_return done;
    co_return co_await finish_fillings(services_.store, services_.consumers);
}

Task<Result<int>> NativeApi::purge(TimePoint now) {
    constexpr int step_records = 500;
    return purge_audit_log(services_.store, now - audit_retention, step_records);
}

Task<void> NativeApi::tend() {
    for (;;) {
        // A signal that came during the work ends no wait that begins after it.
        if (is_cancelled(co_await asio::this_coro::cancellation_state)) co_return;
        Timer timer(co_await asio::this_coro::executor);
        timer.expires_after(std::chrono::hours(1));
        const auto [error] = co_await timer.async_wait(use_result);
        if (error) co_return;
        const TimePoint now = services_.clock.now();
        for (int removed = 1; removed > 0;) {
            const Result<int> step = co_await purge(now);
            if (!step)
                services_.log.warning("the audit log is not shortened",
                                      {{"reason", step.error().detail}});
            removed = step.value_or(0);
        }
    }
}

Task<http::Response> NativeApi::handle(http::Request& request) {
    const TimePoint now = services_.clock.now();
    const http::RequestHead& head = request.head();
    http::Headers headers;
    http::Response response;
    const std::string options =
        head.method == "OPTIONS" ? definition_.methods(head.path()) : std::string();
    if (!options.empty()) {
        response = http::Response{204, {{"Allow", options}}, {}};
    } else {
        Answer<http::Response> answered = co_await answer(request, now, headers);
        if (answered) {
            response = std::move(*answered);
        } else {
            const std::string instance = "urn:uuid:" + random_uuid();
            if (answered.error().status == 500)
                services_.log.error("a request of the API failed",
                                    {{"path", head.path()},
                                     {"reason", answered.error().detail},
                                     {"instance", instance}});
            response = api::to_response(answered.error(), instance);
        }
    }
    for (const auto& [name, value] : headers)
        response.headers.set(name, value);
    if (takes_files(head.path())) tell_origins(response.headers, head.method);
    if (speaks_tus(head.path()))
        tell_tus(response.headers, services_.uploads.resumable.bytes_max(), head.method);
    response.headers.set("Cache-Control", "no-store");
    response.headers.set("X-Content-Type-Options", "nosniff");
    co_return response;
}

Answer<const Operation*> NativeApi::route(const http::RequestHead& head, json::object& path) const {
    Definition::Match match = definition_.find(method_of(head), head.path());
    if (match.operation) {
        path = std::move(match.path);
        return match.operation;
    }
    const std::string methods = definition_.methods(head.path());
    if (methods.empty())
        return refuse(404, "not-found",
                      "There is no such path; /api/v1/openapi.json describes those that are.");
    std::unexpected<Problem> refused =
        refuse(405, "method-not-allowed", "This path takes only " + methods + ".");
    refused.error().headers.set("Allow", methods);
    return refused;
}

Answer<Caller> NativeApi::authenticate(const http::Request& request, TimePoint now) {
    const http::RequestHead& head = request.head();
    constexpr std::string_view scheme = "Bearer ";
    const std::string_view given = head.headers.get("Authorization");
    if (!given.empty() && given.size() > scheme.size() &&
        equal_ignoring_case(given.substr(0, scheme.size()), scheme)) {
        const std::string_view secret = trim(given.substr(scheme.size()));
        if (std::optional<Caller> caller = tokens_.find(secret, now)) return *caller;
        if (std::optional<Caller> caller = accounts_.find_session(secret, now)) return *caller;
    }
    if (!given.empty()) {
        const RateLimits::Outcome outcome = refusals_.take(head.peer, refusals_rate, now);
        if (!outcome.taken)
            return too_many(outcome,
                            fmt::format("Too many requests with a wrong token: an address may "
                                        "send {} at once, then {} a second.",
                                        refusals_rate.burst, refusals_rate.per_second));
    }
    if (!tokens_.any() && !accounts_.any())
        return unauthorized(
            "This server has no API token yet: start it with --api-token TOKEN "
            "(HOOKREEL_API_TOKEN) and send \"Authorization: Bearer TOKEN\".");
    if (given.empty()) return unauthorized("Send a token: \"Authorization: Bearer TOKEN\".");
    return unauthorized("The token is unknown, or over.");
}

// The one that the request names, else the token's, else the default.
Answer<model::ApplicationId> NativeApi::application(const Caller& caller,
                                                    const json::object& query) const {
    const std::optional<std::int64_t> named = Fields(query).integer("application");
    if (!named) return caller.application.value_or(model::default_application);
    const model::ApplicationId wanted(static_cast<std::uint64_t>(*named));
    if (!caller.may_touch(wanted))
        return refuse(403, "forbidden", "The token is for another application.");
    if (!services_.applications.find(wanted))
        return refuse_field({"application", "does not exist"});
    return wanted;
}

Task<Answer<http::Response>> NativeApi::answer(http::Request& request, TimePoint now,
                                               http::Headers& headers) {
    const http::RequestHead& head = request.head();
    json::object path;
    const Answer<const Operation*> operation = route(head, path);
    if (!operation) co_return std::unexpected(operation.error());
    const Operation& wanted = **operation;
    request.route = wanted.route;

    Caller caller{"nobody", {}, std::nullopt, 0, {}};
    if (!wanted.is_public) {
        Answer<Caller> known = authenticate(request, now);
        if (!known) co_return std::unexpected(std::move(known.error()));
        caller = std::move(*known);
        const double rate = caller.requests_per_second > 0 ? caller.requests_per_second
                                                           : values_.settings.requests_per_second;
        const RateLimits::Outcome outcome = rates_.take(caller.name, {rate, 0}, now);
        if (!outcome.taken)
            co_return too_many(outcome,
                               fmt::format("This token may send {} requests a second.", rate));
        tell(outcome, headers);
        const std::optional<Scope> scope = scope_of(wanted);
        if (scope && !caller.scopes.has(*scope))
            co_return refuse(403, "forbidden",
                             fmt::format("This needs the scope {}.", wanted.scope));
    }
    const Answer<void> path_fits = check_path(path, wanted);
    if (!path_fits) co_return std::unexpected(path_fits.error());
    Answer<json::object> query = read_query(head, wanted);
    if (!query) co_return std::unexpected(std::move(query.error()));
    const Answer<model::ApplicationId> meant = application(caller, *query);
    if (!meant) co_return std::unexpected(meant.error());

    Answer<std::string> text;
    if (!wanted.reads_body) text = co_await read_text(request, wanted);
    if (!text) co_return std::unexpected(std::move(text.error()));
    Answer<json::value> body = wanted.body ? parse_body(*text, wanted) : json::value(nullptr);
    if (!body) co_return std::unexpected(std::move(body.error()));
    Call call{
        services_, definition_,     request,           wanted,           caller,          *meant,
        now,       std::move(path), std::move(*query), std::move(*body), std::move(*text)};
    const Function function = functions_.find(wanted.id)->second;
    Answer<Reply> done = co_await function(call);
    if (!done) co_return std::unexpected(std::move(done.error()));
    co_return to_response(std::move(*done), wanted.success);
}

}  // namespace hookreel::api
