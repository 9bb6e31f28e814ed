#include "dialect/tencent_vod/protocol/errors.h"

#include <fmt/format.h>

namespace hookreel::dialect::tencent_vod {
namespace {

// The first of the candidates that the action lists, or the last one.
std::string_view first_listed(const schema::Action& action,
                              std::initializer_list<std::string_view> candidates) {
    for (std::string_view code : candidates)
        if (action.lists(code)) return code;
    return *(candidates.end() - 1);
}

}  // namespace

WireError wire_error(const schema::Action& action, const Error& error,
                     std::initializer_list<ErrorRule> rules) {
    for (const ErrorRule& rule : rules)
        if (rule.ours == error.code) return {std::string(rule.code), std::string(rule.message)};
    const auto answer = [&](std::initializer_list<std::string_view> candidates) {
        return WireError{std::string(first_listed(action, candidates)), error.detail};
    };
    switch (error.code) {
        case Code::invalid:
        case Code::lease_lost:
            return answer({"InvalidParameterValue", "InvalidParameter"});
        case Code::not_found:
            return answer({"ResourceNotFound", "InvalidParameterValue", "FailedOperation"});
        case Code::conflict:
            return answer({"FailedOperation"});
        case Code::too_large:
            return answer({"LimitExceeded"});
        case Code::denied:
            return answer({"UnauthorizedOperation"});
        case Code::timed_out:
        case Code::network:
        case Code::protocol:
            return answer({"FailedOperation"});
        case Code::unavailable:
        case Code::cancelled:
            return {"InternalError", "The service cannot take this now; please try again later."};
        case Code::internal:
            break;
    }
    return {"InternalError", "An internal error occurred."};
}

WireError wire_error(SignatureFault fault) {
    switch (fault) {
        case SignatureFault::malformed:
            return {"AuthFailure.InvalidAuthorization",
                    "The signature of the request is missing or not of a form that is taken: the "
                    "header Authorization `TC3-HMAC-SHA256 Credential=…, "
                    "SignedHeaders=content-type;host, Signature=…`, or the parameters SecretId, "
                    "Signature and SignatureMethod, HmacSHA1 or HmacSHA256."};
        case SignatureFault::no_timestamp:
            return {
                "MissingParameter",
                "The request is missing a required parameter `Timestamp`, or it is no number of "
                "Unix seconds."};
        case SignatureFault::expired:
            return {"AuthFailure.SignatureExpire", "Signature expired."};
        case SignatureFault::unknown_key:
            return {"AuthFailure.SecretIdNotFound", "The SecretId is not found."};
        case SignatureFault::wrong:
            break;
    }
    return {"AuthFailure.SignatureFailure",
            "The provided credentials could not be validated. Please check your signature is "
            "correct."};
}

WireError unauthorized(const schema::Action& action, std::string message) {
    const std::string_view code =
        first_listed(action, {"UnauthorizedOperation", "AuthFailure.UnauthorizedOperation"});
    return {std::string(code), std::move(message)};
}

WireError missing_parameter(std::string_view name) {
    return {"MissingParameter",
            fmt::format("The request is missing a required parameter `{}`.", name)};
}

}  // namespace hookreel::dialect::tencent_vod
