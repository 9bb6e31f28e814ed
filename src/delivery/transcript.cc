#include "delivery/transcript.h"

#include <algorithm>
#include <array>
#include <bit>

#include "base/text.h"

namespace hookreel::delivery {
namespace {

constexpr std::string_view hidden = "***";
constexpr std::array<std::string_view, 8> secret_words = {
    "auth", "signature", "secret", "token", "api-key", "apikey", "cookie", "passw"};
// The place of two letters, of either case, in a table of all pairs. Other bytes share places with
// them.
constexpr std::size_t pair_at(char first, char second) {
    return std::size_t{static_cast<unsigned char>(first) & 31u} * 32 +
           (static_cast<unsigned char>(second) & 31u);
}
// Two letters tell nearly every time that they are of no secret word. Looked at is every other pair
// of a name, so it holds the first and the second pair of each word: bit 2n and 2n + 1 for word n.
constexpr auto words_of_pair = [] {
    std::array<std::uint16_t, std::size_t{32} * 32> words{};
    for (std::size_t i = 0; i < secret_words.size(); ++i)
        for (const std::size_t skipped : {0, 1}) {
            const std::string_view word = secret_words[i].substr(skipped);
            words[pair_at(word[0], word[1])] |= static_cast<std::uint16_t>(1 << (2 * i + skipped));
        }
    return words;
}();

bool is_secret(std::string_view name) {
    for (std::size_t i = 0; i + 1 < name.size(); i += 2)
        for (unsigned words = words_of_pair[pair_at(name[i], name[i + 1])]; words != 0;
             words &= words - 1) {
            const auto bit = static_cast<std::size_t>(std::countr_zero(words));
            const std::string_view word = secret_words[bit / 2];
            const std::size_t skipped = bit % 2;
            if (skipped <= i && equal_ignoring_case(name.substr(i - skipped, word.size()), word))
                return true;
        }
    return false;
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

std::string request_head(std::string sent, const model::Endpoint& endpoint) {
    std::string text;
    std::string_view rest = sent;
    std::size_t copied = 0;  // Of what was sent; nothing as long as nothing had to be hidden.
    const auto hide = [&](std::string_view secret) {
        const auto begin = static_cast<std::size_t>(secret.data() - sent.data());
        text.append(sent, copied, begin - copied).append(hidden);
        copied = begin + secret.size();
    };
    const std::string_view first = take_line(rest);
    if (const std::size_t query = first.find('?'); query != std::string_view::npos)
        hide(first.substr(query + 1, first.rfind(' ') - query - 1));
    std::size_t end = sent.size() - rest.size();
    for (auto line = take_line(rest); !line.empty(); line = take_line(rest)) {
        end = sent.size() - rest.size();
        const std::string_view name = line.substr(0, line.find(':'));
        if (is_secret(name) || is_operators(endpoint, name))
            hide(line.substr(std::min(name.size() + 2, line.size())));
    }
    sent.resize(end);
    if (copied == 0) return sent;
    return text.append(sent, copied);
}

void write_down(const http::ClientResponse& response, store::Attempt& attempt) {
    attempt.status = response.status;
    attempt.response_head = response_head(response);
    attempt.response_body = response.body.substr(0, transcript_bytes_max);
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
