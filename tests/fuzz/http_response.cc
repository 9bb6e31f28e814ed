// Answers of receivers that may lie. The client's parser must end, keep its limits, and make the
// same of a whole answer however the network cut it.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/parser.h"

namespace {

using namespace hookreel;

constexpr std::size_t head_bytes_max = 4 * 1024;
constexpr std::size_t body_bytes_max = 64;

struct Parsed {
    bool is_done = false;
    int status = 0;
    std::string body;

    bool operator==(const Parsed&) const = default;
};

Parsed parse(std::string_view bytes, std::size_t piece) {
    http::ResponseParser parser(head_bytes_max);
    parser.reset(http::ResponseParser::Body::expected, body_bytes_max);
    Parsed parsed;
    std::string held;
    while (!bytes.empty() && !parsed.is_done) {
        held += bytes.substr(0, piece);
        bytes.remove_prefix(std::min(piece, bytes.size()));
        const auto step = parser.parse(held);
        if (!step) return {};
        held.erase(0, step->consumed);
        parsed.is_done = step->is_done;
    }
    if (!parsed.is_done && !parser.end_of_stream()) return {};
    parsed.is_done = true;
    parsed.status = parser.status();
    parsed.body = parser.take_body();
    if (parsed.body.size() > body_bytes_max) std::abort();
    return parsed;
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
