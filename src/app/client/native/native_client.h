// Calls of the native API (/api/v1) over the server's own client, with its refusals as errors.
//
// Threads: the loop of the HTTP client.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/async.h"
#include "base/json.h"
#include "http/client/client.h"
#include "model/application.h"

namespace hookreel::app::client {

// Which server is called, and as whom.
struct NativeAccount {
    http::Url server;
    std::string token;                   // Empty: none is sent.
    model::ApplicationId application{};  // 0: the token's own, or the default one.
};

struct NativeCall {
    std::string method = "GET";
    std::vector<std::string> path;  // Below /api/v1, unescaped: {"endpoints", "e1", "pause"}.
    std::vector<std::pair<std::string, std::string>> query;  // What has no value is left out.
    std::optional<json::value> body;
};

class NativeClient {
 public:
    // `http` outlives it.
    NativeClient(http::Client& http, NativeAccount account);

    // The answer's body; null when it has none. A refusal (RFC 9457) has its kind at the start of
    // the detail ("not-found: There is no such endpoint.", see problem_kind) and becomes invalid,
    // denied, not_found, conflict, too_large, timed_out, unavailable or internal. Errors also:
    // those of http::Client, protocol (not an answer of the native API).
    Task<Result<json::value>> call(NativeCall call);
    // As above, for what is answered with an object.
    Task<Result<json::object>> object(NativeCall call);
    // The items of a list, page by page, until there are `count_max` of them or it ends.
    Task<Result<std::vector<json::object>>> list(NativeCall call, std::size_t count_max);

    const NativeAccount& account() const { return account_; }

 private:
    http::Client& http_;
    NativeAccount account_;
};

// The items of a page, as far as they are objects. Errors: protocol (it is no page).
Result<std::vector<json::object>> items_of(json::object page);

// The kind of a refusal: "not-found" of "not-found: There is …". Empty when it is none.
std::string_view problem_kind(const Error& error);

// What to do about a refusal, for people: one or two sentences, or nothing.
std::string advice(const Error& error, const NativeAccount& account);

// Reads one answer of the native API.
Result<json::value> read_native_answer(const http::ClientResponse& answer);

}  // namespace hookreel::app::client
