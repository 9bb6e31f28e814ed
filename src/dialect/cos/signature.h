// The signature of the object protocol ("q-sign", Tencent 436/7778): made, read and checked.
//
// A request is signed in its Authorization header or in its query, over its method, its path, and
// those parameters and headers that the signature lists. Pure functions; `now` is passed in.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "http/message.h"
#include "model/application.h"

namespace hookreel::dialect::cos {

// Decoded names and values, in order.
using Form = std::vector<std::pair<std::string, std::string>>;

// What a signature speaks of.
struct SignedRequest {
    std::string_view method;
    // Decoded, "/<key>": a prefix that the client's domain puts before it is not signed.
    std::string_view path;
    const Form& parameters;
    const http::Headers& headers;
};

// A stretch of time as it is sent and signed: "1795196139;1795197039", in Unix seconds.
struct Window {
    std::string text;
    TimePoint begin{};
    TimePoint end{};
};

struct Signature {
    std::string secret_id;
    Window sign_time;
    Window key_time;
    std::vector<std::string> headers;     // Names as listed: lower case, percent-encoded.
    std::vector<std::string> parameters;  // The same.
    std::string value;                    // 40 hex digits.
    std::string token;                    // x-cos-security-token; empty when there is none.
};

// The signature of a request: of its Authorization header, else of its query. Errors: not_found
// (neither has one), invalid (not of the form, or over 64 names).
Result<Signature> read_signature(const http::Headers& headers, const Form& parameters);

// Whether the secret key made this signature for this request; in constant time. Host is taken as
// it came and then without its port, because SDKs differ.
bool fits(const Signature& signature, const SignedRequest& request, std::string_view secret_key);

// A client's clock may be ahead of ours by that much.
inline constexpr std::chrono::seconds clock_tolerance{300};
enum class Timeliness { valid, too_early, expired };
Timeliness timeliness(const Signature& signature, TimePoint now);

struct SignOptions {
    model::KeyPair keys;
    TimePoint begin{};
    TimePoint end{};
};
// The Authorization header of a request; all its parameters and headers are signed.
std::string sign(const SignedRequest& request, const SignOptions& options);
// The same signature for a query, to be appended to what is there.
std::string as_query(std::string_view authorization);

}  // namespace hookreel::dialect::cos
