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

// The text up to the next line end, which goes too.
std::string_view take_line(std::string_view& text) {
    const std::string_view line = text.substr(0, text.find("\r\n"));
    text.remove_prefix(std::min(line.size() + 2, text.size()));
    return line;
}

void append_field(std::string& text, std::string_view name, std::string_view value) {
    text.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

std::string request_head(std::string_view sent, const model::Endpoint& endpoint) {
    std::string text;
    text.reserve(sent.size());
    const std::string_view first = take_line(sent);
    const std::size_t query = std::min(first.find('?'), first.size());
    text.append(first, 0, query);
    if (query < first.size()) text.append("?").append(hidden).append(first, first.rfind(' '));
    text.append("\r\n");
    for (std::string_view line = take_line(sent); !line.empty(); line = take_line(sent)) {
        const std::string_view name = line.substr(0, line.find(':'));
        const std::string_view value = line.substr(std::min(name.size() + 2, line.size()));
        append_field(text, name, is_secret(name) || is_operators(endpoint, name) ? hidden : value);
    }
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
