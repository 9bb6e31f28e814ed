#include "delivery/transcript.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace hookreel::delivery {
namespace {

constexpr std::string_view hidden = "***";
constexpr std::array<std::string_view, 8> secret_words = {
    "auth", "signature", "secret", "token", "api-key", "apikey", "cookie", "passw"};

bool contains_ignoring_case(std::string_view text, std::string_view lower) {
    const auto equal = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; };
    return !std::ranges::search(text, lower, equal).empty();
}

bool is_secret(std::string_view name) {
    return std::ranges::any_of(
        secret_words, [name](std::string_view word) { return contains_ignoring_case(name, word); });
}

bool is_operators(const model::Endpoint& endpoint, std::string_view name) {
    return std::ranges::any_of(endpoint.headers, [name](const model::Header& header) {
        return equal_ignoring_case(header.name, name);
    });
}

// Of the fields as text.
std::size_t bytes(const http::Headers& headers) {
    std::size_t sum = 0;
    for (const auto& [name, value] : headers)
        sum += name.size() + value.size() + 4;
    return sum;
}

void append_field(std::string& text, std::string_view name, std::string_view value) {
    text.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

std::string request_head(const http::ClientRequest& request, const model::Endpoint& endpoint) {
    const std::string& target = request.url.target;
    const std::size_t query = target.find('?');
    std::string text;
    text.reserve(bytes(request.headers) + target.size() + request.url.host.size() + 64);
    text.append(request.method).append(" ").append(target, 0, query);
    if (query != std::string::npos) text.append("?").append(hidden);
    text.append(" HTTP/1.1\r\n");
    append_field(text, "Host", request.url.host);
    for (const auto& [name, value] : request.headers)
        append_field(text, name, is_secret(name) || is_operators(endpoint, name) ? hidden : value);
    return text;
}

std::string response_head(const http::ClientResponse& response) {
    std::string text;
    text.reserve(std::min(bytes(response.headers) + 64, transcript_bytes_max));
    text.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
    text.append(http::reason(response.status)).append("\r\n");
    for (const auto& [name, value] : response.headers) {
        if (text.size() >= transcript_bytes_max) break;
        append_field(text, name, is_secret(name) ? hidden : value);
    }
    if (text.size() > transcript_bytes_max) text.resize(transcript_bytes_max);
    return text;
}

}  // namespace hookreel::delivery
