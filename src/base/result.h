// The result of anything that may fail for a reason outside this program: a value, or an Error.
//
// An Error is a short code on which a caller acts differently, and a detail for people. Exceptions
// stay for a programmer's error, for exhausted memory and for start-up. Values, no threads.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace hookreel {

enum class Code {
    invalid,      // The input breaks a rule; the detail names the field and the rule.
    not_found,    // What was named does not exist.
    conflict,     // It exists already, or changed since it was read.
    lease_lost,   // The handle is unknown, ran out, or belongs to an older attempt.
    too_large,    // A limit on size or count is reached; the detail names the limit.
    denied,       // Not authenticated, not allowed, or an address that the rules refuse.
    timed_out,    // The deadline passed first.
    network,      // The peer could not be reached or broke off.
    protocol,     // The peer does not speak the protocol.
    unavailable,  // We cannot serve now: closed, disk full, sync failed. Trying later may help.
    cancelled,    // Given up because the caller or the server is stopping.
    internal,     // A fault of ours, worth a report.
};

// The code's name as it is written in logs and metrics, such as "lease_lost".
std::string_view name(Code code);

struct Error {
    Code code = Code::internal;
    std::string detail;

    bool operator==(const Error&) const = default;
};

template <class T>
using Result = std::expected<T, Error>;

// Builds the failing side of any Result: return fail(Code::not_found, "no such file");
[[nodiscard]] inline std::unexpected<Error> fail(Code code, std::string detail) {
    return std::unexpected(Error{code, std::move(detail)});
}
[[nodiscard]] inline std::unexpected<Error> fail(Error error) {
    return std::unexpected(std::move(error));
}

// The result of `make` on the value, or the same error. (libstdc++ 12 has no expected::transform.)
template <class T, class Make>
auto map(Result<T> result, Make make) -> Result<decltype(make(std::move(*result)))> {
    if (!result) return fail(std::move(result.error()));
    return make(std::move(*result));
}

}  // namespace hookreel
