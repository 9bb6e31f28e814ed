// The files of one application in the catalog: fixed figures in one array, their texts in another.
//
// Both lie in the order of creation as far as they can, so that a search reads memory from one end
// to the other. Not thread-safe; the catalog holds its lock.
#pragma once

#include <string>
#include <vector>

#include "media/files/catalog.h"
#include "media/files/text_filter.h"

namespace hookreel::media {

struct Catalog::Shelf {
    void put(const model::Asset& asset);
    // The expiry that the file had; none when it is not there.
    std::optional<TimePoint> expiry(const model::FileId& file) const;
    bool contains(const model::FileId& file) const { return index_of(file.text()) != none; }
    void remove(const model::FileId& file);

    // Whether `settle` must come before a search.
    bool is_unsettled() const { return sorted_ < order_.size(); }
    void settle();
    // Everything anew, without what is no longer needed.
    void pack();

    Found search(const Query& query) const;
    std::size_t size() const { return order_.size() - dead_; }
    std::size_t bytes() const;
    // On the disk, of all files.
    std::uint64_t stored_bytes() const { return stored_bytes_; }

 private:
    friend class Match;
    using Index = std::uint32_t;
    static constexpr Index none = ~Index{0};

    // The texts stand one after the other: id, type, name, description, tags; all but the id in
    // lower case.
    struct Entry {
        std::int64_t created = 0;  // Unix milliseconds.
        std::int64_t expires = 0;
        std::int64_t class_id = 0;
        std::uint64_t stored_bytes = 0;
        std::uint64_t text_at = 0;
        std::uint16_t name_bytes = 0;
        std::uint16_t description_bytes = 0;
        std::uint16_t tags_bytes = 0;  // "\na\nb\n"
        std::uint8_t id_bytes = 0;
        std::uint8_t type_bytes = 0;
        model::Category category{};
        model::AssetSource source{};
        std::optional<model::Suggestion> review{};
        bool is_dead = false;

        std::size_t text_bytes() const {
            return std::size_t{id_bytes} + type_bytes + name_bytes + description_bytes + tags_bytes;
        }
    };

    // The texts of an entry, apart.
    struct Texts {
        std::string_view id, type, name, description, tags;
    };
    Texts texts_of(const Entry& entry) const;
    std::string_view id_of(const Entry& entry) const {
        return std::string_view(texts_).substr(entry.text_at, entry.id_bytes);
    }
    std::size_t slot_of(std::string_view id) const;
    Index index_of(std::string_view id) const;
    void grow_slots();
    void write_texts(Entry& entry, const model::Asset& asset);
    void add_to_filter(Index index);
    // Those of the query's ids that are here, in its order.
    std::vector<Index> named_by(const Query& query) const;
    void pack_when_loose();

    std::vector<Entry> entries_;
    std::string texts_;
    TextFilter filter_;         // Of names, descriptions and tags, by the index of the entry.
    std::vector<Index> order_;  // By creation; sorted up to `sorted_`.
    std::size_t sorted_ = 0;
    std::vector<Index> slots_;  // A hash table of ids: a power of two, at most half full.
    std::size_t dead_ = 0;
    std::uint64_t stored_bytes_ = 0;
    std::size_t loose_bytes_ = 0;  // Of texts that nobody refers to.
};

}  // namespace hookreel::media
