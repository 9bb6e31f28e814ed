#include "media/playlists/mpd.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "media/playlists/xml_tags.h"

namespace hookreel::media {
namespace {

// More seconds than any stream has; its products with a timescale still fit.
constexpr double seconds_max = 1e9;

std::unexpected<Error> invalid(std::string_view why) {
    return fail(Code::invalid, std::string(why));
}

std::string text_of(const XmlTag& tag, std::string_view name) {
    const std::string* const value = tag.find(name);
    return value ? *value : std::string();
}

bool is_naming(std::string_view element) {
    return element == "SegmentBase" || element == "SegmentList" || element == "SegmentTemplate";
}

// "PT1H2M3.4S" in seconds (XML Schema, duration). Years and months, which have no length, only when
// they are none.
std::optional<double> seconds_of(std::string_view text) {
    if (!text.starts_with('P')) return std::nullopt;
    text.remove_prefix(1);
    double seconds = 0;
    bool is_time = false;
    bool has_any = false;
    while (!text.empty()) {
        if (text.starts_with('T') && !is_time) {
            is_time = true;
            text.remove_prefix(1);
            continue;
        }
        const std::size_t end = text.find_first_not_of("0123456789.");
        const Result<double> number = parse_real(text.substr(0, end));
        if (end == text.npos || !number || !std::isfinite(*number)) return std::nullopt;
        double unit = 0;
        if (is_time && text[end] == 'H') unit = 3600;
        if (is_time && text[end] == 'M') unit = 60;
        if (is_time && text[end] == 'S') unit = 1;
        if (!is_time && text[end] == 'D') unit = 86'400;
        if (unit == 0 && (is_time || *number != 0 || (text[end] != 'Y' && text[end] != 'M')))
            return std::nullopt;
        seconds += *number * unit;
        has_any = true;
        text.remove_prefix(end + 1);
    }
    if (!has_any || seconds > seconds_max) return std::nullopt;
    return seconds;
}

// "<first>-<last>" of an HTTP range.
std::optional<PlaylistRange> range_of(std::string_view text) {
    const std::size_t dash = text.find('-');
    if (dash == text.npos) return std::nullopt;
    const Result<std::uint64_t> first = parse_unsigned(text.substr(0, dash));
    const Result<std::uint64_t> last = parse_unsigned(text.substr(dash + 1));
    if (!first || !last || *last < *first || *last > UINT64_MAX / 2) return std::nullopt;
    return PlaylistRange{*first, *last - *first + 1};
}

class Reader {
 public:
    Result<Mpd> read(std::string_view text) {
        XmlTags xml(text);
        for (;;) {
            const Result<std::optional<XmlTag>> tag = xml.next();
            if (!tag) return fail(tag.error());
            if (!*tag) break;
            around_ = &xml.around();
            Result<void> done;
            if ((*tag)->name == "BaseURL") {
                if ((*tag)->kind == XmlTag::Kind::closes) take_base(xml.text());
            } else if ((*tag)->opens()) {
                done = take(**tag);
            }
            if (!done) return fail(std::move(done.error()));
        }
        if (!has_mpd_) return invalid("it has no MPD");
        if (mpd_.periods.empty()) return invalid("it has no period");
        return std::move(mpd_);
    }

 private:
    // Whether the last tag stands right in an element of that name.
    bool is_in(std::string_view element) const {
        return !around_->empty() && around_->back() == element;
    }

    // What an element of that name says something of, when it is one of the levels and open.
    MpdLevel* level_of(std::string_view element) {
        if (element == "MPD") return &mpd_.level;
        if (element == "Period" && !mpd_.periods.empty()) return &mpd_.periods.back().level;
        if (mpd_.periods.empty() || mpd_.periods.back().sets.empty()) return nullptr;
        AdaptationSet& set = mpd_.periods.back().sets.back();
        if (element == "AdaptationSet") return &set.level;
        if (element == "Representation" && !set.representations.empty())
            return &set.representations.back().level;
        return nullptr;
    }
    MpdLevel* level() { return around_->empty() ? nullptr : level_of(around_->back()); }

    // The naming that is open so many elements further out.
    SegmentNaming* naming(std::size_t out) {
        const std::vector<std::string_view>& around = *around_;
        if (around.size() < out + 2 || !is_naming(around[around.size() - out - 1])) return nullptr;
        MpdLevel* const level = level_of(around[around.size() - out - 2]);
        return level && level->naming ? &*level->naming : nullptr;
    }

    void take_base(const std::string& text) {
        MpdLevel* const at = level();
        if (at && at->base.empty()) at->base = trim(text);
    }

    Result<void> take(const XmlTag& tag) {
        if (tag.find("xlink:href")) mpd_.has_links = true;
        if (tag.name == "MPD" && around_->empty()) return take_mpd(tag);
        if (tag.name == "Period" && is_in("MPD")) return take_period(tag);
        if (tag.name == "AdaptationSet" && is_in("Period")) return take_set(tag);
        if (tag.name == "Representation" && is_in("AdaptationSet")) return take_one(tag);
        if (tag.name == "ContentProtection") {
            if (MpdLevel* const at = level()) at->is_encrypted = true;
        } else if (is_in("AdaptationSet") && !mpd_.periods.empty()) {
            if (!mpd_.periods.back().sets.empty()) describe(mpd_.periods.back().sets.back(), tag);
        }
        if (is_naming(tag.name)) return take_naming(tag);
        if (tag.name == "Initialization") return take_first(tag);
        if (tag.name == "SegmentURL" && is_in("SegmentList")) return take_segment(tag);
        if (tag.name == "S" && is_in("SegmentTimeline")) return take_run(tag);
        return {};
    }

    static void describe(AdaptationSet& set, const XmlTag& tag) {
        if (tag.name == "EssentialProperty") set.is_special = true;
        if (tag.name == "Role" && text_of(tag, "value") == "main") set.is_main = true;
    }

    Result<void> take_mpd(const XmlTag& tag) {
        has_mpd_ = true;
        mpd_.is_live = text_of(tag, "type") == "dynamic";
        return take_seconds(tag, "mediaPresentationDuration", mpd_.duration);
    }

    Result<void> take_period(const XmlTag& tag) {
        Period& period = mpd_.periods.emplace_back();
        Result<void> taken = take_seconds(tag, "start", period.start);
        if (taken) taken = take_seconds(tag, "duration", period.duration);
        return taken ? count() : taken;
    }

    Result<void> take_set(const XmlTag& tag) {
        if (mpd_.periods.empty()) return {};
        AdaptationSet& set = mpd_.periods.back().sets.emplace_back();
        set.content_type = text_of(tag, "contentType");
        set.mime_type = text_of(tag, "mimeType");
        return count();
    }

    Result<void> take_one(const XmlTag& tag) {
        if (mpd_.periods.empty() || mpd_.periods.back().sets.empty()) return {};
        Representation& one = mpd_.periods.back().sets.back().representations.emplace_back();
        one.id = text_of(tag, "id");
        one.mime_type = text_of(tag, "mimeType");
        one.bandwidth = parse_unsigned(text_of(tag, "bandwidth")).value_or(0);
        one.is_dependent = tag.find("dependencyId") != nullptr;
        return count();
    }

    Result<void> take_naming(const XmlTag& tag) {
        MpdLevel* const at = level();
        if (!at) return {};
        SegmentNaming& naming = at->naming.emplace();
        if (tag.name == "SegmentList") naming.form = SegmentNaming::Form::list;
        if (tag.name == "SegmentTemplate") naming.form = SegmentNaming::Form::pattern;
        for (const auto& [name, to] : {std::pair{"media", &naming.media},
                                       std::pair{"initialization", &naming.initialization}})
            if (const std::string* const text = tag.find(name)) *to = *text;
        for (const auto& [name, to] :
             {std::pair{"timescale", &naming.timescale}, std::pair{"duration", &naming.duration},
              std::pair{"startNumber", &naming.start_number},
              std::pair{"endNumber", &naming.end_number},
              std::pair{"presentationTimeOffset", &naming.time_offset}})
            if (Result<void> taken = take_number(tag, name, *to); !taken) return taken;
        if (naming.timescale == 0u || naming.duration == 0u)
            return invalid("a timescale or a duration is 0");
        return {};
    }

    Result<void> take_first(const XmlTag& tag) {
        SegmentNaming* const at = naming(0);
        if (!at) return {};
        Segment first{text_of(tag, "sourceURL"), std::nullopt};
        if (Result<void> taken = take_range(tag, "range", first.range); !taken) return taken;
        at->first = std::move(first);
        return {};
    }

    Result<void> take_segment(const XmlTag& tag) {
        SegmentNaming* const at = naming(0);
        if (!at) return {};
        Segment segment{text_of(tag, "media"), std::nullopt};
        if (Result<void> taken = take_range(tag, "mediaRange", segment.range); !taken) return taken;
        at->segments.push_back(std::move(segment));
        return count();
    }

    Result<void> take_run(const XmlTag& tag) {
        SegmentNaming* const at = naming(1);
        if (!at) return {};
        SegmentRun run;
        std::optional<std::uint64_t> duration;
        Result<void> taken = take_number(tag, "t", run.time);
        if (taken) taken = take_number(tag, "d", duration);
        if (!taken) return taken;
        if (!duration || *duration == 0) return invalid("a piece of a timeline has no duration");
        run.duration = *duration;
        if (const std::string* const repeats = tag.find("r")) {
            const Result<std::int64_t> number = parse_signed(trim(*repeats));
            if (!number || *number < -1) return invalid("a repetition is no number");
            run.repeats = *number;
        }
        at->timeline.push_back(run);
        return count();
    }

    static Result<void> take_number(const XmlTag& tag, std::string_view name,
                                    std::optional<std::uint64_t>& to) {
        const std::string* const text = tag.find(name);
        if (!text) return {};
        const Result<std::uint64_t> number = parse_unsigned(trim(*text));
        if (!number || *number > UINT64_MAX / 4)
            return invalid(std::string(name) + " is no number");
        to = *number;
        return {};
    }
    static Result<void> take_seconds(const XmlTag& tag, std::string_view name,
                                     std::optional<double>& to) {
        const std::string* const text = tag.find(name);
        if (!text) return {};
        to = seconds_of(trim(*text));
        if (!to) return invalid(std::string(name) + " is no duration");
        return {};
    }
    static Result<void> take_range(const XmlTag& tag, std::string_view name,
                                   std::optional<PlaylistRange>& to) {
        const std::string* const text = tag.find(name);
        if (!text) return {};
        to = range_of(trim(*text));
        if (!to) return invalid("a byte range is not one");
        return {};
    }

    Result<void> count() {
        if (++kept_ > playlist_items_max) return invalid("it refers to too many files");
        return {};
    }

    Mpd mpd_;
    bool has_mpd_ = false;
    const std::vector<std::string_view>* around_ = nullptr;
    std::size_t kept_ = 0;
};

}  // namespace

Result<Mpd> parse_mpd(std::string_view text) {
    if (text.size() > playlist_bytes_max) return invalid("it is too long");
    return Reader().read(text);
}

}  // namespace hookreel::media
