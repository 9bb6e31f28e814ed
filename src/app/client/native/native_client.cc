#include "app/client/native/native_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "base/text.h"

namespace hookreel::app::client {
namespace {

// A replay brings up to 10,000 events into a queue before it answers.
constexpr Duration call_timeout{120'000};
constexpr std::size_t answer_bytes_max = 64u << 20;
constexpr std::size_t page_items_max = 1000;
constexpr std::string_view problem_prefix = "urn:hookreel:problem:";

// The kinds of problems (docs/formats/native-api.md).
constexpr std::array<std::string_view, 13> kinds = {
    "invalid-request",   "unauthorized", "forbidden",  "not-found", "method-not-allowed",
    "timed-out",         "conflict",     "lease-lost", "too-large", "unsupported-media-type",
    "too-many-requests", "internal",     "unavailable"};

Code code_of(int status) {
    switch (status) {
        case 401:
        case 403:
            return Code::denied;
        case 404:
            return Code::not_found;
        case 408:
            return Code::timed_out;
        case 409:
            return Code::conflict;
        case 413:
        case 414:
            return Code::too_large;
        case 429:
        case 503:
            return Code::unavailable;
        default:
            return status >= 500 ? Code::internal : Code::invalid;
    }
}

std::string_view text_of(const json::object& object, std::string_view name) {
    const json::value* found = object.if_contains(name);
    return found && found->is_string() ? std::string_view(found->get_string()) : std::string_view();
}

// What is wrong with each field on one line; the detail of the whole when no field is named.
std::string told(const json::object& problem) {
    std::string text;
    const json::value* errors = problem.if_contains("errors");
    if (errors && errors->is_array())
        for (const json::value& error : errors->get_array()) {
            const json::object* one = error.if_object();
            if (!one) continue;
            text += fmt::format("{}{} {}", text.empty() ? "" : "; ", text_of(*one, "field"),
                                text_of(*one, "detail"));
        }
    return text.empty() ? std::string(text_of(problem, "detail")) : text;
}

std::unexpected<Error> strange(const http::ClientResponse& answer, std::string_view what) {
    return fail(Code::protocol,
                fmt::format("the answer is not one of the native API (status {}, {})",
                            answer.status, what));
}

// Path and query, with the application that the account names.
std::string target_of(const NativeCall& call, const NativeAccount& account) {
    std::string target = "/api/v1";
    for (const std::string& name : call.path)
        target += "/" + percent_encode(name);
    char separator = '?';
    const auto add = [&](std::string_view name, std::string_view value) {
        if (value.empty()) return;
        target += fmt::format("{}{}={}", separator, name, percent_encode(value));
        separator = '&';
    };
    for (const auto& [name, value] : call.query)
        add(name, value);
    if (account.application.value() != 0)
        add("application", std::to_string(account.application.value()));
    return target;
}

}  // namespace

NativeClient::NativeClient(http::Client& http, NativeAccount account)
    : http_(http), account_(std::move(account)) {}

Task<Result<json::value>> NativeClient::call(NativeCall call) {
    http::ClientRequest request;
    request.method = call.method;
    request.url = account_.server;
    request.url.target = target_of(call, account_);
    if (!account_.token.empty()) request.headers.set("Authorization", "Bearer " + account_.token);
    if (call.body) {
        request.headers.set("Content-Type", "application/json");
        request.body = json::serialize(*call.body);
    }
    // What was asked for once is done once.
    if (call.method != "GET") request.repeat = http::ClientRequest::Repeat::never;
    request.timeout = call_timeout;
    request.response_bytes_max = answer_bytes_max;
    const Result<http::ClientResponse> answer = co_await http_.send(std::move(request));
    if (!answer) co_return fail(answer.error());
    co_return read_native_answer(*answer);
}

Task<Result<json::object>> NativeClient::object(NativeCall call) {
    Result<json::value> answer = co_await this->call(std::move(call));
    if (!answer) co_return fail(std::move(answer.error()));
    if (!answer->is_object())
        co_return fail(Code::protocol, "the answer is not one of the native API (not an object)");
    co_return std::move(answer->get_object());
}

Task<Result<std::vector<json::object>>> NativeClient::list(NativeCall call, std::size_t count_max) {
    std::vector<json::object> items;
    std::string cursor;
    do {
        NativeCall next = call;
        const std::size_t wanted = std::min(count_max - items.size(), page_items_max);
        next.query.emplace_back("limit", std::to_string(wanted));
        next.query.emplace_back("cursor", cursor);
        Result<json::object> page = co_await object(std::move(next));
        if (!page) co_return fail(std::move(page.error()));
        cursor = text_of(*page, "next_cursor");
        Result<std::vector<json::object>> found = items_of(std::move(*page));
        if (!found) co_return found;
        std::ranges::move(*found, std::back_inserter(items));
    } while (!cursor.empty() && items.size() < count_max);
    co_return items;
}

Result<std::vector<json::object>> items_of(json::object page) {
    json::value* found = page.if_contains("items");
    if (!found || !found->is_array())
        return fail(Code::protocol, "the answer is not a list of the native API");
    std::vector<json::object> items;
    for (json::value& item : found->get_array())
        if (item.is_object()) items.push_back(std::move(item.get_object()));
    return items;
}

Result<json::value> read_native_answer(const http::ClientResponse& answer) {
    const bool good = answer.status >= 200 && answer.status < 300;
    if (good && answer.body.empty()) return json::value(nullptr);
    if (!answer.body_is_whole)
        return fail(Code::too_large,
                    fmt::format("the answer has more than {} bytes", answer_bytes_max));
    Result<json::value> body = parse_json(answer.body, {.bytes_max = answer_bytes_max});
    // Of something between, or of a server that starts and is older than its problems.
    if (answer.status == 503 && !body)
        return fail(Code::unavailable, "the server is not ready yet");
    if (!body) return strange(answer, body.error().detail);
    if (good) return body;
    const json::object* problem = body->if_object();
    const std::string_view type = problem ? text_of(*problem, "type") : std::string_view();
    if (!type.starts_with(problem_prefix)) return strange(answer, "not a problem of RFC 9457");
    return fail(code_of(answer.status),
                fmt::format("{}: {}", type.substr(problem_prefix.size()), told(*problem)));
}

std::string_view problem_kind(const Error& error) {
    const std::string_view detail = error.detail;
    const std::string_view kind = detail.substr(0, detail.find(':'));
    return std::ranges::find(kinds, kind) == kinds.end() ? std::string_view() : kind;
}

std::string advice(const Error& error, const NativeAccount& account) {
    const std::string_view kind = problem_kind(error);
    if (kind == "unauthorized" && error.detail.contains("--api-token")) return {};
    if (kind == "unauthorized" && account.token.empty())
        return "Give the token that `hookreel serve --api-token` was started with, or one that "
               "POST /api/v1/tokens made: --api-token, or HOOKREEL_API_TOKEN.";
    if (kind == "unauthorized")
        return "The server does not know this token, or it is over. Compare --api-token or "
               "HOOKREEL_API_TOKEN with what `hookreel serve` was started with.";
    if (kind == "forbidden")
        return "Take a token with this scope, and of this application (--application).";
    if (kind == "too-many-requests") return "Wait a second, and try again.";
    if (kind == "internal") return "It is a fault of the server: its log says more.";
    if (kind == "unavailable") return "Nothing can be stored now: /readyz and the log say why.";
    return {};
}

}  // namespace hookreel::app::client
