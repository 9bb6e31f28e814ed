#include "media/files/catalog_shelf.h"

#include <algorithm>
#include <numeric>

#include "base/text.h"

namespace hookreel::media {
namespace {

constexpr std::size_t slots_min = 64;
constexpr std::size_t loose_bytes_min = 1 << 20;
constexpr std::size_t field_bytes_max = 0xffff;

std::string clipped(std::string_view text, std::size_t bytes_max) {
    return to_lower(text.substr(0, bytes_max));
}

// What is known of the size of a file and of what was made from it; pictures are not counted.
std::uint64_t stored_bytes_of(const model::Asset& asset) {
    std::int64_t bytes = asset.path.empty() ? 0 : asset.size_bytes;
    for (const model::Rendition& rendition : asset.renditions)
        bytes += rendition.metadata.size_bytes;
    for (const model::Animation& animation : asset.animations)
        bytes += animation.size_bytes;
    for (const model::AdaptiveStream& stream : asset.adaptive_streams)
        bytes += stream.size_bytes;
    return static_cast<std::uint64_t>(std::max<std::int64_t>(bytes, 0));
}

std::string tag_text(const std::vector<std::string>& tags) {
    std::string text;
    for (const std::string& tag : tags)
        text += (text.empty() ? "\n" : "") + tag + "\n";
    return clipped(text, field_bytes_max);
}

}  // namespace

std::size_t Catalog::Shelf::slot_of(std::string_view id) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = std::hash<std::string_view>{}(id)&mask;
    while (slots_[slot] != none && id_of(entries_[slots_[slot]]) != id)
        slot = (slot + 1) & mask;
    return slot;
}

Catalog::Shelf::Index Catalog::Shelf::index_of(std::string_view id) const {
    if (slots_.empty()) return none;
    const Index index = slots_[slot_of(id)];
    return index == none || entries_[index].is_dead ? none : index;
}

void Catalog::Shelf::grow_slots() {
    if (entries_.size() * 2 < slots_.size()) return;
    slots_.assign(std::max(slots_min, slots_.size() * 2), none);
    for (Index index = 0; index < entries_.size(); ++index)
        slots_[slot_of(id_of(entries_[index]))] = index;
}

void Catalog::Shelf::write_texts(Entry& entry, const model::Asset& asset) {
    const std::string type = clipped(asset.type, 0xff);
    const std::string name = clipped(asset.name, field_bytes_max);
    const std::string description = clipped(asset.description, field_bytes_max);
    const std::string tags = tag_text(asset.tags);
    entry.text_at = texts_.size();
    entry.id_bytes = static_cast<std::uint8_t>(asset.id.text().size());
    entry.type_bytes = static_cast<std::uint8_t>(type.size());
    entry.name_bytes = static_cast<std::uint16_t>(name.size());
    entry.description_bytes = static_cast<std::uint16_t>(description.size());
    entry.tags_bytes = static_cast<std::uint16_t>(tags.size());
    texts_.append(asset.id.text()).append(type).append(name).append(description).append(tags);
}

Catalog::Shelf::Texts Catalog::Shelf::texts_of(const Entry& entry) const {
    const char* at = texts_.data() + entry.text_at;
    const auto next = [&at](std::size_t bytes) {
        const std::string_view text(at, bytes);
        at += bytes;
        return text;
    };
    Texts texts;
    texts.id = next(entry.id_bytes);
    texts.type = next(entry.type_bytes);
    texts.name = next(entry.name_bytes);
    texts.description = next(entry.description_bytes);
    texts.tags = next(entry.tags_bytes);
    return texts;
}

void Catalog::Shelf::add_to_filter(Index index) {
    const Texts texts = texts_of(entries_[index]);
    for (const std::string_view text : {texts.name, texts.description, texts.tags})
        filter_.add(index, text);
}

void Catalog::Shelf::put(const model::Asset& asset) {
    if (asset.id.text().size() > 0xff) return;
    grow_slots();
    const std::int64_t created = asset.created.time_since_epoch().count();
    const std::size_t slot = slot_of(asset.id.text());
    Index index = slots_[slot];
    if (index == none || entries_[index].is_dead) {
        index = static_cast<Index>(entries_.size());
        entries_.emplace_back();
        const bool stays_sorted =
            !is_unsettled() && (order_.empty() || entries_[order_.back()].created <= created);
        order_.push_back(index);
        if (stays_sorted) ++sorted_;
    } else {
        loose_bytes_ += entries_[index].text_bytes();
        if (entries_[index].created != created) sorted_ = 0;
    }
    Entry& entry = entries_[index];
    write_texts(entry, asset);
    add_to_filter(index);
    slots_[slot] = index;
    entry.created = created;
    entry.expires = asset.expires.time_since_epoch().count();
    entry.class_id = asset.class_id;
    entry.category = model::category(asset);
    entry.source = asset.source;
    entry.review = asset.review ? std::optional(asset.review->suggestion) : std::nullopt;
    stored_bytes_ -= entry.stored_bytes;
    entry.stored_bytes = stored_bytes_of(asset);
    stored_bytes_ += entry.stored_bytes;
    pack_when_loose();
}

std::optional<TimePoint> Catalog::Shelf::expiry(const model::FileId& file) const {
    const Index index = index_of(file.text());
    if (index == none) return std::nullopt;
    return TimePoint(Duration(entries_[index].expires));
}

void Catalog::Shelf::remove(const model::FileId& file) {
    const Index index = index_of(file.text());
    if (index == none) return;
    entries_[index].is_dead = true;
    stored_bytes_ -= entries_[index].stored_bytes;
    loose_bytes_ += entries_[index].text_bytes();
    ++dead_;
    pack_when_loose();
}

void Catalog::Shelf::settle() {
    const auto earlier = [this](Index left, Index right) {
        return std::pair(entries_[left].created, left) < std::pair(entries_[right].created, right);
    };
    const auto middle = order_.begin() + static_cast<std::ptrdiff_t>(sorted_);
    std::sort(middle, order_.end(), earlier);
    std::vector<Index> merged(order_.size());
    std::merge(order_.begin(), middle, middle, order_.end(), merged.begin(), earlier);
    order_ = std::move(merged);
    sorted_ = order_.size();
}

void Catalog::Shelf::pack_when_loose() {
    if (loose_bytes_ > loose_bytes_min && loose_bytes_ * 2 > texts_.size()) pack();
}

void Catalog::Shelf::pack() {
    settle();
    std::vector<Entry> entries;
    std::string texts;
    entries.reserve(size());
    texts.reserve(texts_.size() - loose_bytes_);
    for (const Index index : order_) {
        Entry entry = entries_[index];
        if (entry.is_dead) continue;
        const auto text = std::string_view(texts_).substr(entry.text_at, entry.text_bytes());
        entry.text_at = texts.size();
        texts += text;
        entries.push_back(entry);
    }
    entries_ = std::move(entries);
    texts_ = std::move(texts);
    order_.resize(entries_.size());
    std::iota(order_.begin(), order_.end(), Index{0});
    sorted_ = order_.size();
    dead_ = 0;
    loose_bytes_ = 0;
    filter_.clear();
    for (Index index = 0; index < entries_.size(); ++index)
        add_to_filter(index);
    slots_.clear();
    std::size_t slots = slots_min;
    while (slots < entries_.size() * 2)
        slots *= 2;
    slots_.assign(slots, none);
    for (Index index = 0; index < entries_.size(); ++index)
        slots_[slot_of(id_of(entries_[index]))] = index;
}

std::size_t Catalog::Shelf::bytes() const {
    return entries_.capacity() * sizeof(Entry) + texts_.capacity() + filter_.bytes() +
           (order_.capacity() + slots_.capacity()) * sizeof(Index);
}

}  // namespace hookreel::media
