// Requests from strangers. What the parser makes of a request must not depend on how the network
// cut it: each input is parsed whole and in pieces of the size that its first byte says. Only when
// it is refused may depend on that.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/parser.h"

namespace {

using namespace hookreel;

constexpr std::size_t head_bytes_max = 4 * 1024;

struct Parsed {
    bool is_whole = false;
    std::string head;
    std::string body;

    bool operator==(const Parsed&) const = default;
};

std::string text(const http::RequestHead& head) {
    std::string all = head.method + " " + head.target + "\n";
    for (const auto& [name, value] : head.headers)
        all += name + ":" + value + "\n";
    return all;
}

Parsed parse(std::string_view bytes, std::size_t piece) {
    http::RequestParser parser(head_bytes_max);
    Parsed parsed;
    std::string held;
    std::string space(piece, '\0');
    bool is_head_done = false;
    while (!bytes.empty() && !parsed.is_whole) {
        held += bytes.substr(0, piece);
        bytes.remove_prefix(std::min(piece, bytes.size()));
        if (!is_head_done) {
            const auto step = parser.parse_head(held);
            if (!step) return {};
            held.erase(0, step->consumed);
            if (!step->is_done) continue;
            is_head_done = true;
            parsed.head = text(parser.take_head());
            parsed.is_whole = parser.framing() != http::BodyFraming::chunked;
        }
        for (bool may_go_on = !parsed.is_whole; may_go_on;) {
            const auto step = parser.parse_chunks(held, space);
            if (!step) return {};
            held.erase(0, step->consumed);
            parsed.body.append(space, 0, step->produced);
            parsed.is_whole = step->is_done;
            may_go_on = !step->is_done && step->produced > 0;
        }
    }
    return parsed.is_whole ? parsed : Parsed();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    if (bytes.size() > head_bytes_max) return 0;  // Where the limit strikes depends on the pieces.
    const auto whole = parse(bytes, bytes.size());
    const auto pieces = parse(bytes, std::size_t{data[0]} + 1);
    if (whole != pieces) std::abort();
    return 0;
}
