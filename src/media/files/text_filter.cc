#include "media/files/text_filter.h"

#include <algorithm>

namespace hookreel::media {

// The top bits of a product are the best mixed (Fibonacci hashing).
std::uint16_t TextFilter::mark_of(std::string_view three) {
    const auto byte = [three](std::size_t at) {
        return std::uint32_t{static_cast<unsigned char>(three[at])};
    };
    const std::uint32_t value = byte(0) << 16 | byte(1) << 8 | byte(2);
    return static_cast<std::uint16_t>((value * 2'654'435'769u) >> 20);
}

void TextFilter::add_marks(Marks& marks, std::string_view part) {
    for (; part.size() >= 3; part.remove_prefix(1))
        marks.push_back(mark_of(part));
}

void TextFilter::add(std::size_t entry, std::string_view text) {
    const std::size_t block = entry / block_entries;
    if (block >= blocks_.size()) blocks_.resize(block + 1);
    for (; text.size() >= 3; text.remove_prefix(1)) {
        const std::uint16_t mark = mark_of(text);
        blocks_[block][mark / 64] |= std::uint64_t{1} << mark % 64;
    }
}

bool TextFilter::may_have(std::size_t block, const Marks& marks) const {
    const Block& has = blocks_[block];
    return std::ranges::all_of(
        marks, [&has](std::uint16_t mark) { return (has[mark / 64] >> mark % 64 & 1) != 0; });
}

}  // namespace hookreel::media
