#include "api/byte_range.h"

#include <algorithm>

#include "base/text.h"

namespace hookreel::api {
namespace {

// A number of any length; one that is too large for us is as good as the largest.
std::optional<std::uint64_t> position(std::string_view digits) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (digits.empty() || !std::ranges::all_of(digits, is_digit)) return std::nullopt;
    return parse_unsigned(digits).value_or(UINT64_MAX);
}

}  // namespace

RangeChoice choose_range(std::string_view header, std::uint64_t file_bytes) {
    constexpr std::string_view unit = "bytes=";
    if (!equal_ignoring_case(header.substr(0, unit.size()), unit)) return WholeFile{};
    const std::string_view range = trim(header.substr(unit.size()));
    const std::size_t dash = range.find('-');
    if (dash == std::string_view::npos || range.find(',') != std::string_view::npos)
        return WholeFile{};
    const std::string_view first_text = range.substr(0, dash);
    const std::string_view last_text = range.substr(dash + 1);

    if (first_text.empty()) {
        const std::optional<std::uint64_t> suffix = position(last_text);
        if (!suffix) return WholeFile{};
        if (*suffix == 0 || file_bytes == 0) return Unsatisfiable{};
        const std::uint64_t length = std::min(*suffix, file_bytes);
        return ByteRange{file_bytes - length, length};
    }
    const std::optional<std::uint64_t> first = position(first_text);
    const std::optional<std::uint64_t> last =
        last_text.empty() ? std::optional(UINT64_MAX) : position(last_text);
    if (!first || !last || *last < *first) return WholeFile{};
    if (*first >= file_bytes) return Unsatisfiable{};
    return ByteRange{*first, std::min(*last, file_bytes - 1) - *first + 1};
}

}  // namespace hookreel::api
