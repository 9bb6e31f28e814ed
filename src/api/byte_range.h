// The Range header of RFC 9110, section 14.2, for one file. A pure function.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace hookreel::api {

struct ByteRange {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;

    bool operator==(const ByteRange&) const = default;
};

// The whole file: no header, one that is not understood, or several ranges, which a server may
// ignore.
struct WholeFile {
    bool operator==(const WholeFile&) const = default;
};
// The range begins behind the end of the file: 416.
struct Unsatisfiable {
    bool operator==(const Unsatisfiable&) const = default;
};

using RangeChoice = std::variant<WholeFile, ByteRange, Unsatisfiable>;
RangeChoice choose_range(std::string_view header, std::uint64_t file_bytes);

}  // namespace hookreel::api
