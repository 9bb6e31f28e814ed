#include "media/playlists/mpd_segments.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.h"

namespace hookreel::media {
namespace {

std::unexpected<Error> invalid(std::string_view why) {
    return fail(Code::invalid, std::string(why));
}

std::unexpected<Error> too_many() {
    return invalid("it refers to too many files");
}

// What replaces the identifiers of a pattern.
struct Words {
    std::string_view id;
    std::uint64_t bandwidth = 0;
    std::uint64_t number = 0;
    std::uint64_t time = 0;
};

// "Number" or "Number%05d", as ISO 23009-1 has it in table 21.
Result<std::string> value_of(std::string_view identifier, const Words& words) {
    const std::size_t percent = identifier.find('%');
    const std::string_view name = identifier.substr(0, percent);
    std::string value;
    if (name == "RepresentationID")
        value = words.id;
    else if (name == "Bandwidth")
        value = fmt::to_string(words.bandwidth);
    else if (name == "Number")
        value = fmt::to_string(words.number);
    else if (name == "Time")
        value = fmt::to_string(words.time);
    else
        return invalid("a pattern has an unknown word");
    if (percent == identifier.npos) return value;
    std::string_view width = identifier.substr(percent + 1);
    if (!width.ends_with('d')) return invalid("a pattern has an odd width");
    width.remove_suffix(1);
    const Result<std::uint64_t> digits = parse_unsigned(width);
    if (!digits || *digits > 20) return invalid("a pattern has an odd width");
    if (value.size() < *digits) value.insert(0, *digits - value.size(), '0');
    return value;
}

Result<std::string> filled(std::string_view pattern, const Words& words) {
    std::string address;
    while (!pattern.empty()) {
        const std::size_t open = pattern.find('$');
        address += pattern.substr(0, open);
        if (open == pattern.npos) break;
        pattern.remove_prefix(open + 1);
        const std::size_t close = pattern.find('$');
        if (close == pattern.npos) return invalid("a pattern has an open $");
        const std::string_view identifier = pattern.substr(0, close);
        pattern.remove_prefix(close + 1);
        if (identifier.empty()) {
            address += '$';
            continue;
        }
        const Result<std::string> value = value_of(identifier, words);
        if (!value) return fail(value.error());
        address += *value;
    }
    return address;
}

bool has_scheme(std::string_view address) {
    const std::size_t colon = address.find(':');
    return colon != address.npos && colon < address.find_first_of("/?#");
}

// The levels around a representation, the innermost first.
std::array<const MpdLevel*, 4> levels_of(const MpdPlace& place) {
    return {&place.representation->level, &place.set->level, &place.period->level,
            &place.mpd->level};
}

// What the innermost level says of it that says something.
template <class T>
const T* said(const MpdPlace& place, std::optional<T> SegmentNaming::* what) {
    for (const MpdLevel* const level : levels_of(place))
        if (level->naming && (*level->naming).*what) return &*((*level->naming).*what);
    return nullptr;
}
template <class T>
const std::vector<T>* said(const MpdPlace& place, std::vector<T> SegmentNaming::* what) {
    for (const MpdLevel* const level : levels_of(place))
        if (level->naming && !((*level->naming).*what).empty()) return &((*level->naming).*what);
    return nullptr;
}

std::uint64_t number_of(const MpdPlace& place, std::optional<std::uint64_t> SegmentNaming::* what,
                        std::uint64_t otherwise) {
    const std::uint64_t* const number = said(place, what);
    return number ? *number : otherwise;
}

// In seconds, when it is known.
std::optional<double> duration_of(const MpdPlace& place) {
    if (place.period->duration) return place.period->duration;
    if (place.mpd->periods.size() > 1 || !place.mpd->duration) return std::nullopt;
    return *place.mpd->duration - place.period->start.value_or(0);
}

// Makes the pieces of one representation, within the budget.
class Maker {
 public:
    Maker(const MpdPlace& place, MpdBudget& budget) : place_(place), budget_(budget) {
        const auto levels = levels_of(place);
        for (std::size_t i = levels.size(); i-- > 0;)
            base_ = joined_address(base_, levels[i]->base);
        words_.id = place.representation->id;
        words_.bandwidth = place.representation->bandwidth;
    }

    Result<std::vector<Segment>> make() {
        Result<void> made;
        switch (form()) {
            case SegmentNaming::Form::base:
                made = make_file();
                break;
            case SegmentNaming::Form::list:
                made = make_list();
                break;
            case SegmentNaming::Form::pattern:
                made = make_pattern();
                break;
        }
        if (!made) return fail(std::move(made.error()));
        return std::move(pieces_);
    }

 private:
    SegmentNaming::Form form() const {
        for (const MpdLevel* const level : levels_of(place_))
            if (level->naming) return level->naming->form;
        return SegmentNaming::Form::base;
    }

    Result<void> add(Segment piece) {
        if (budget_.pieces == 0 || budget_.address_bytes < piece.uri.size()) return too_many();
        --budget_.pieces;
        budget_.address_bytes -= piece.uri.size();
        pieces_.push_back(std::move(piece));
        return {};
    }
    // One without an address is in the file that the representation has for itself.
    Result<void> add_at(Segment piece) {
        piece.uri = piece.uri.empty() ? base_ : joined_address(base_, piece.uri);
        if (piece.uri.empty() || piece.uri.ends_with('/')) return invalid("a piece has no address");
        return add(std::move(piece));
    }

    // A whole file, which begins with what a SegmentBase says of its beginning.
    Result<void> make_file() {
        if (base_.empty() || base_.ends_with('/')) return {};
        const Segment* const first = said(place_, &SegmentNaming::first);
        if (first && !first->uri.empty() && joined_address(base_, first->uri) != base_)
            if (Result<void> added = add_at(*first); !added) return added;
        return add({base_, std::nullopt});
    }

    Result<void> make_list() {
        if (const Segment* const first = said(place_, &SegmentNaming::first))
            if (Result<void> added = add_at(*first); !added) return added;
        const std::vector<Segment>* const segments = said(place_, &SegmentNaming::segments);
        if (!segments) return {};
        for (const Segment& segment : *segments)
            if (Result<void> added = add_at(segment); !added) return added;
        return {};
    }

    Result<void> make_pattern() {
        if (const std::string* const pattern = said(place_, &SegmentNaming::initialization)) {
            if (Result<void> added = add_filled(*pattern); !added) return added;
        } else if (const Segment* const first = said(place_, &SegmentNaming::first)) {
            if (Result<void> added = add_at(*first); !added) return added;
        }
        const std::string* const media = said(place_, &SegmentNaming::media);
        if (!media) return {};
        words_.number = number_of(place_, &SegmentNaming::start_number, 1);
        timescale_ = number_of(place_, &SegmentNaming::timescale, 1);
        if (const auto* const timeline = said(place_, &SegmentNaming::timeline))
            return add_timeline(*media, *timeline);
        return add_numbered(*media);
    }

    Result<void> add_filled(std::string_view pattern) {
        Result<std::string> address = filled(pattern, words_);
        if (!address) return fail(std::move(address.error()));
        return add_at({std::move(*address), std::nullopt});
    }

    Result<void> add_timeline(std::string_view media, const std::vector<SegmentRun>& timeline) {
        std::uint64_t time = 0;
        for (std::size_t i = 0; i < timeline.size(); ++i) {
            const SegmentRun& run = timeline[i];
            time = run.time.value_or(time);
            Result<std::uint64_t> count = static_cast<std::uint64_t>(run.repeats) + 1;
            if (run.repeats < 0)
                count = pieces_until(i + 1 < timeline.size() ? timeline[i + 1].time : std::nullopt,
                                     time, run.duration);
            if (!count) return fail(std::move(count.error()));
            for (std::uint64_t n = 0; n < *count; ++n, ++words_.number, time += run.duration) {
                words_.time = time;
                if (Result<void> added = add_filled(media); !added) return added;
            }
        }
        return {};
    }

    // How many pieces there are from a time on until that of the next run or the period's end.
    Result<std::uint64_t> pieces_until(std::optional<std::uint64_t> next, std::uint64_t time,
                                       std::uint64_t duration) const {
        double end = 0;
        if (next) {
            end = static_cast<double>(*next);
        } else {
            const std::optional<double> seconds = duration_of(place_);
            if (!seconds) return invalid("the duration of the period is not known");
            end = *seconds * static_cast<double>(timescale_) +
                  static_cast<double>(number_of(place_, &SegmentNaming::time_offset, 0));
        }
        return pieces_in(end - static_cast<double>(time), static_cast<double>(duration));
    }

    // A part of a piece is one, but not what is left by rounding.
    static Result<std::uint64_t> pieces_in(double length, double duration) {
        const double count = std::ceil(length / duration - 1e-6);
        if (count > static_cast<double>(playlist_items_max)) return too_many();
        return count > 0 ? static_cast<std::uint64_t>(count) : 0;
    }

    Result<void> add_numbered(std::string_view media) {
        const std::uint64_t* const duration = said(place_, &SegmentNaming::duration);
        // A pattern without either names one piece.
        if (!duration) return add_filled(media);
        const std::uint64_t* const last = said(place_, &SegmentNaming::end_number);
        Result<std::uint64_t> count = std::uint64_t{0};
        if (last) {
            if (*last >= words_.number) count = *last - words_.number + 1;
        } else {
            const std::optional<double> seconds = duration_of(place_);
            if (!seconds) return invalid("the duration of the period is not known");
            count = pieces_in(*seconds * static_cast<double>(timescale_),
                              static_cast<double>(*duration));
        }
        if (!count) return fail(std::move(count.error()));
        for (std::uint64_t n = 0; n < *count; ++n, ++words_.number, words_.time += *duration)
            if (Result<void> added = add_filled(media); !added) return added;
        return {};
    }

    const MpdPlace& place_;
    MpdBudget& budget_;
    std::string base_;
    Words words_;
    std::uint64_t timescale_ = 1;
    std::vector<Segment> pieces_;
};

}  // namespace

std::string_view MpdPlace::mime_type() const {
    return representation->mime_type.empty() ? set->mime_type : representation->mime_type;
}

bool MpdPlace::is_encrypted() const {
    return std::ranges::any_of(levels_of(*this), &MpdLevel::is_encrypted);
}

double MpdPlace::time_offset() const {
    return static_cast<double>(number_of(*this, &SegmentNaming::time_offset, 0)) /
           static_cast<double>(number_of(*this, &SegmentNaming::timescale, 1));
}

std::vector<MpdPlace> places_of(const Mpd& mpd) {
    std::vector<MpdPlace> places;
    for (const Period& period : mpd.periods)
        for (const AdaptationSet& set : period.sets)
            for (const Representation& representation : set.representations)
                places.push_back({&mpd, &period, &set, &representation});
    return places;
}

Result<std::vector<Segment>> segments_of(const MpdPlace& place, MpdBudget& budget) {
    return Maker(place, budget).make();
}

std::string joined_address(std::string_view base, std::string_view reference) {
    if (reference.empty()) return std::string(base);
    if (base.empty() || has_scheme(reference)) return std::string(reference);
    const std::size_t host = has_scheme(base) ? base.find("://") : base.npos;
    const std::size_t path =
        host == base.npos ? 0 : std::min(base.find('/', host + 3), base.size());
    if (reference.starts_with("//"))
        return std::string(host == base.npos ? "" : base.substr(0, host + 1)) +
               std::string(reference);
    if (reference.starts_with('/'))
        return std::string(base.substr(0, path)) + std::string(reference);
    std::string_view folder = base.substr(0, base.find_first_of("?#", path));
    const std::size_t slash = folder.rfind('/');
    if (slash == folder.npos || slash < path)
        return std::string(base.substr(0, path)) + (path == 0 ? "" : "/") + std::string(reference);
    return std::string(folder.substr(0, slash + 1)) + std::string(reference);
}

}  // namespace hookreel::media
