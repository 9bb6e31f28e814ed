// Where among many texts a part can be: for each 64 entries, which groups of three bytes occur in
// their texts.
//
// A Bloom filter of 4,096 bits for a block of entries, so 8 bytes for each: it never denies what is
// there, and most blocks deny what is rare. Bits stay when a text is replaced; whoever packs the
// texts fills the filter anew. Not thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace hookreel::media {

class TextFilter {
 public:
    static constexpr std::size_t block_entries = 64;
    // The bits that a part sets; of a part with less than three bytes none.
    using Marks = std::vector<std::uint16_t>;

    static void add_marks(Marks& marks, std::string_view part);

    void add(std::size_t entry, std::string_view text);
    void clear() { blocks_.clear(); }
    std::size_t block_count() const { return blocks_.size(); }
    // Whether a text of the block can have all of it.
    bool may_have(std::size_t block, const Marks& marks) const;
    std::size_t bytes() const { return blocks_.capacity() * sizeof(Block); }

 private:
    static constexpr std::size_t bits = 4096;
    using Block = std::array<std::uint64_t, bits / 64>;

    static std::uint16_t mark_of(std::string_view three);

    std::vector<Block> blocks_;
};

}  // namespace hookreel::media
