#include "dialect/standard/sending/handshake.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "http/url.h"

namespace hookreel::dialect::standard {
namespace {

constexpr std::size_t origin_bytes_max = 253;
constexpr std::size_t label_bytes_max = 63;

bool is_label(std::string_view label) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-';
    };
    return !label.empty() && label.size() <= label_bytes_max && label.front() != '-' &&
           label.back() != '-' && std::ranges::all_of(label, fits);
}

}  // namespace

bool is_origin(std::string_view text) {
    if (text.size() > origin_bytes_max) return false;
    for (;;) {
        const std::size_t dot = text.find('.');
        if (!is_label(text.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        text.remove_prefix(dot + 1);
    }
}

Result<http::ClientRequest> permission_request(const model::Endpoint& endpoint) {
    Result<http::Url> url = http::parse_url(endpoint.url);
    if (!url) return fail(std::move(url.error()));
    if (!is_origin(endpoint.origin)) return fail(Code::invalid, "the origin is no DNS name");
    http::ClientRequest request;
    request.method = "OPTIONS";
    request.url = std::move(*url);
    request.headers.add("webhook-request-origin", endpoint.origin);
    if (endpoint.rate_per_second > 0)
        request.headers.add("webhook-request-rate",
                            fmt::format("{:.0f}", std::ceil(endpoint.rate_per_second * 60)));
    request.timeout = endpoint.schedule.timeout;
    return request;
}

Result<Permission> permission(const http::ClientResponse& answer, std::string_view origin) {
    const std::string_view allowed = answer.headers.get("webhook-allowed-origin");
    if (allowed.empty())
        return fail(Code::denied, fmt::format("the receiver answered OPTIONS with status {} and "
                                              "without WebHook-Allowed-Origin",
                                              answer.status));
    if (allowed != "*" && !equal_ignoring_case(allowed, origin))
        return fail(Code::denied,
                    fmt::format("the receiver allows another origin than {}", origin));
    const std::string_view rate = answer.headers.get("webhook-allowed-rate");
    if (rate.empty() || rate == "*") return Permission{};
    const Result<std::uint64_t> per_minute = parse_unsigned(rate);
    if (!per_minute || *per_minute == 0)
        return fail(Code::denied, "the receiver's WebHook-Allowed-Rate is no number above 0");
    return Permission{static_cast<double>(*per_minute) / 60};
}

}  // namespace hookreel::dialect::standard
