// Of which pieces a representation of a DASH description is made (ISO 23009-1, 5.3.9). Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "media/playlists/mpd.h"

namespace hookreel::media {

// A representation, within those above it. All of it outlives this.
struct MpdPlace {
    const Mpd* mpd = nullptr;
    const Period* period = nullptr;
    const AdaptationSet* set = nullptr;
    const Representation* representation = nullptr;

    std::string_view mime_type() const;  // Or empty.
    bool is_encrypted() const;
    // Where in its own time the period begins, in seconds.
    double time_offset() const;
};

// All representations, in order.
std::vector<MpdPlace> places_of(const Mpd& mpd);

// How much may still be made of a description, which can say much with few words.
struct MpdBudget {
    std::size_t pieces = playlist_items_max;
    std::size_t address_bytes = 16 << 20;
};

// The initialisation, if it has one, and the segments, in order. Addresses are relative to the
// description; none is empty. No pieces: it has no address. Errors: invalid (over the budget, a
// pattern that is none, pieces of a duration when that of the period is not known).
Result<std::vector<Segment>> segments_of(const MpdPlace& place, MpdBudget& budget);

// What a reference within a document at `base` means, both perhaps relative to a third: as RFC 3986
// has it, but that "." and ".." stay as they are.
std::string joined_address(std::string_view base, std::string_view reference);

}  // namespace hookreel::media
