// The little XML of the object protocol: the one document that comes in, and text for those that go
// out.
//
// The reader takes elements and text only, and never more than it was written for: no document
// types, entities beyond the five of XML, comments, CDATA or processing instructions other than the
// declaration at the start. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hookreel::dialect::cos {

inline constexpr std::size_t complete_bytes_max = 2 * 1024 * 1024;
inline constexpr std::size_t complete_parts_max = 10'000;

struct CompletedPart {
    int number = 0;
    std::string etag;  // Without the quotes around it.

    bool operator==(const CompletedPart&) const = default;
};

// <CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"…"</ETag></Part>…
// Errors: invalid (not of that form), too_large.
Result<std::vector<CompletedPart>> parse_complete(std::string_view xml);

// The text as the content of an element. What XML cannot hold becomes "?".
std::string escape(std::string_view text);
// "<name>escaped value</name>"
struct Element {
    std::string_view name;
    std::string value;
};
std::string element(const Element& element);

}  // namespace hookreel::dialect::cos
