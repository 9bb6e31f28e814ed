// What a failed call answers: the platform's error code and a sentence for people, and how our own
// errors become them.
//
// Clients act on the code only (open point 4). Pure functions.
#pragma once

#include <expected>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/result.h"
#include "dialect/tencent_vod/protocol/schema.h"
#include "dialect/tencent_vod/protocol/signature.h"

namespace hookreel::dialect::tencent_vod {

struct WireError {
    std::string code;  // "InvalidParameterValue.FileId"
    std::string message;

    bool operator==(const WireError&) const = default;
};

template <class T>
using Answer = std::expected<T, WireError>;

[[nodiscard]] inline std::unexpected<WireError> refuse(std::string_view code, std::string message) {
    return std::unexpected(WireError{std::string(code), std::move(message)});
}

// The code that one action answers for one of ours, when it is not the general one.
struct ErrorRule {
    Code ours;
    std::string_view code;
    std::string_view message;
};

// The first rule for the error's code; else the general mapping, which prefers codes that the
// action lists. The detail of an internal error stays in the log.
WireError wire_error(const schema::Action& action, const Error& error,
                     std::initializer_list<ErrorRule> rules = {});

WireError wire_error(SignatureFault fault);

// The key that signed may not do this. UnauthorizedOperation, or the common code (spec a.5) where
// the action does not list it.
WireError unauthorized(const schema::Action& action, std::string message);

// "The request is missing a required parameter `X`."
WireError missing_parameter(std::string_view name);

}  // namespace hookreel::dialect::tencent_vod
