#include "media/playlists/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "media/playlists/playlist.h"

namespace hookreel::media {
namespace {

constexpr std::size_t files_max = 100'000;
constexpr std::size_t depth_max = 64;

// Addresses in their order, each once.
class Files {
 public:
    Result<void> add(std::string address) {
        if (address.empty() || !seen_.insert(address).second) return {};
        if (all_.size() == files_max) return fail(Code::invalid, "it refers to too many files");
        all_.push_back(std::move(address));
        return {};
    }
    std::vector<std::string> take() { return std::move(all_); }

 private:
    std::vector<std::string> all_;
    std::set<std::string> seen_;
};

std::string unescaped(std::string_view text) {
    constexpr std::pair<std::string_view, char> entities[] = {
        {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
    std::string plain;
    while (!text.empty()) {
        const auto found = std::ranges::find_if(
            entities, [text](const auto& entity) { return text.starts_with(entity.first); });
        if (found == std::end(entities)) {
            plain += text.front();
            text.remove_prefix(1);
        } else {
            plain += found->second;
            text.remove_prefix(found->first.size());
        }
    }
    return plain;
}

// One tag of an XML text.
struct Tag {
    std::string_view name;  // Without its namespace.
    std::map<std::string_view, std::string> attributes;
    enum class Kind { opens, closes, alone } kind = Kind::opens;
};

// Reads tags one after the other. Knows no document types: what declares one is refused.
class XmlReader {
 public:
    explicit XmlReader(std::string_view text) : rest_(text) {}

    // The next tag, or nothing at the end. What stands before it is then `text`. Errors: invalid.
    Result<std::optional<Tag>> next() {
        for (;;) {
            const std::size_t open = rest_.find('<');
            if (open == rest_.npos) return std::optional<Tag>();
            text_ = rest_.substr(0, open);
            rest_.remove_prefix(open);
            if (rest_.starts_with("<!--")) {
                if (!skip_past("-->")) return fail(Code::invalid, "a comment has no end");
            } else if (rest_.starts_with("<?")) {
                if (!skip_past("?>")) return fail(Code::invalid, "a declaration has no end");
            } else if (rest_.starts_with("<!")) {
                return fail(Code::invalid, "a document type is declared");
            } else {
                return read_tag();
            }
        }
    }
    std::string_view text() const { return text_; }

 private:
    bool skip_past(std::string_view end) {
        const std::size_t at = rest_.find(end);
        if (at == rest_.npos) return false;
        rest_.remove_prefix(at + end.size());
        return true;
    }

    Result<std::optional<Tag>> read_tag() {
        Tag tag;
        std::size_t at = 1;
        if (rest_.substr(at).starts_with('/')) {
            tag.kind = Tag::Kind::closes;
            ++at;
        }
        const std::size_t name_end = rest_.find_first_of(" \t\r\n/>", at);
        if (name_end == rest_.npos) return fail(Code::invalid, "a tag has no end");
        tag.name = rest_.substr(at, name_end - at);
        tag.name.remove_prefix(tag.name.rfind(':') + 1);  // npos + 1 is 0.
        at = name_end;
        for (;;) {
            at = rest_.find_first_not_of(" \t\r\n", at);
            if (at == rest_.npos) return fail(Code::invalid, "a tag has no end");
            if (rest_[at] == '>') break;
            if (rest_[at] == '/') {
                tag.kind = Tag::Kind::alone;
                ++at;
                continue;
            }
            const std::size_t equals = rest_.find('=', at);
            const std::size_t quote =
                equals == rest_.npos ? equals : rest_.find_first_of("\"'", equals);
            if (quote == rest_.npos) return fail(Code::invalid, "an attribute has no value");
            const std::size_t end = rest_.find(rest_[quote], quote + 1);
            if (end == rest_.npos) return fail(Code::invalid, "an attribute has no end");
            tag.attributes.emplace(trim(rest_.substr(at, equals - at)),
                                   unescaped(rest_.substr(quote + 1, end - quote - 1)));
            at = end + 1;
        }
        rest_.remove_prefix(at + 1);
        return tag;
    }

    std::string_view rest_;
    std::string_view text_;
};

// A template with its identifiers put in ("$Number%05d$" too). Errors: invalid.
Result<std::string> filled(std::string_view text, const std::map<std::string, std::string>& words) {
    std::string out;
    while (!text.empty()) {
        const std::size_t open = text.find('$');
        out += text.substr(0, open);
        if (open == text.npos) return out;
        text.remove_prefix(open + 1);
        const std::size_t close = text.find('$');
        if (close == text.npos) return fail(Code::invalid, "a template has an open $");
        const std::string_view inside = text.substr(0, close);
        text.remove_prefix(close + 1);
        if (inside.empty()) {
            out += '$';
            continue;
        }
        const std::size_t percent = inside.find('%');
        const auto found = words.find(std::string(inside.substr(0, percent)));
        if (found == words.end()) return fail(Code::invalid, "a template has an unknown word");
        std::string value = found->second;
        if (percent != inside.npos && inside.size() > percent + 2) {
            const auto width =
                parse_unsigned(inside.substr(percent + 1, inside.size() - percent - 2));
            if (!width || *width > 20) return fail(Code::invalid, "a template has an odd width");
            if (value.size() < *width) value.insert(0, *width - value.size(), '0');
        }
        out += value;
    }
    return out;
}

using Attributes = std::map<std::string_view, std::string>;

std::string value_of(const Attributes& attributes, std::string_view name) {
    const auto found = attributes.find(name);
    return found == attributes.end() ? std::string() : found->second;
}

std::uint64_t number_of(const Attributes& attributes, std::string_view name,
                        std::uint64_t otherwise) {
    return parse_unsigned(value_of(attributes, name)).value_or(otherwise);
}

// The templates and representations that are open while a description is read.
class MpdReader {
 public:
    Result<std::vector<std::string>> read(std::string_view text) {
        XmlReader xml(text);
        bool is_mpd = false;
        for (;;) {
            Result<std::optional<Tag>> tag = xml.next();
            if (!tag) return fail(std::move(tag.error()));
            if (!*tag) break;
            if ((*tag)->name == "MPD") is_mpd = true;
            Result<void> done = take(**tag, xml.text());
            if (!done) return fail(std::move(done.error()));
        }
        if (!is_mpd) return fail(Code::invalid, "it has no MPD");
        return files_.take();
    }

 private:
    struct Template {
        Attributes attributes;
        std::vector<std::uint64_t> times;  // Of the segments.
        bool is_set = false;
    };

    Result<void> take(const Tag& tag, std::string_view text_before) {
        const bool opens = tag.kind != Tag::Kind::closes;
        const bool closes = tag.kind != Tag::Kind::opens;
        if (tag.name == "BaseURL" && closes && tag.kind == Tag::Kind::closes)
            return files_.add(base_of(text_before));
        if (opens && tag.name == "SegmentURL") return files_.add(value_of(tag.attributes, "media"));
        if (opens && tag.name == "Initialization")
            return files_.add(value_of(tag.attributes, "sourceURL"));
        if (opens && tag.name == "AdaptationSet") outer_ = {};
        if (opens && tag.name == "Representation") {
            if (representations_++ > depth_max * depth_max)
                return fail(Code::invalid, "it has too many representations");
            representation_ = tag.attributes;
            inner_ = {};
            is_inside_ = true;
        }
        if (opens && tag.name == "SegmentTemplate") open_template() = {tag.attributes, {}, true};
        if (opens && tag.name == "S") {
            Result<void> added = add_times(tag.attributes);
            if (!added) return added;
        }
        if (!closes) return {};
        if (tag.name == "Representation") {
            is_inside_ = false;
            if (inner_.is_set) return make(inner_, representation_);
            waiting_.push_back(representation_);
        }
        if (tag.name == "AdaptationSet") {
            for (const Attributes& representation : std::exchange(waiting_, {}))
                if (outer_.is_set)
                    if (Result<void> made = make(outer_, representation); !made) return made;
        }
        return {};
    }

    // A folder is no file.
    static std::string base_of(std::string_view text) {
        const std::string_view address = trim(text);
        return address.ends_with('/') ? std::string() : unescaped(address);
    }

    Template& open_template() { return is_inside_ ? inner_ : outer_; }

    Result<void> add_times(const Attributes& s) {
        Template& at = open_template();
        const std::uint64_t duration = number_of(s, "d", 0);
        const std::uint64_t repeats = number_of(s, "r", 0);
        if (repeats > files_max || at.times.size() + repeats + 1 > files_max)
            return fail(Code::invalid, "it refers to too many files");
        std::uint64_t time = number_of(s, "t", at.times.empty() ? 0 : next_time_);
        for (std::uint64_t i = 0; i <= repeats; ++i, time += duration)
            at.times.push_back(time);
        next_time_ = time;
        return {};
    }

    Result<void> make(const Template& from, const Attributes& representation) {
        std::map<std::string, std::string> words = {
            {"RepresentationID", value_of(representation, "id")},
            {"Bandwidth", value_of(representation, "bandwidth")}};
        const std::string first = value_of(from.attributes, "initialization");
        if (!first.empty()) {
            Result<std::string> address = filled(first, words);
            if (!address) return fail(std::move(address.error()));
            if (Result<void> added = files_.add(std::move(*address)); !added) return added;
        }
        const std::string media = value_of(from.attributes, "media");
        if (media.empty()) return {};
        if (from.times.empty())
            return fail(Code::invalid, "a SegmentTemplate has no SegmentTimeline");
        std::uint64_t number = number_of(from.attributes, "startNumber", 1);
        for (const std::uint64_t time : from.times) {
            words["Number"] = fmt::to_string(number++);
            words["Time"] = fmt::to_string(time);
            Result<std::string> address = filled(media, words);
            if (!address) return fail(std::move(address.error()));
            if (Result<void> added = files_.add(std::move(*address)); !added) return added;
        }
        return {};
    }

    Files files_;
    Template outer_, inner_;  // Of the adaptation set, of the representation.
    Attributes representation_;
    std::vector<Attributes> waiting_;  // Representations that use the set's template.
    bool is_inside_ = false;
    std::size_t representations_ = 0;
    std::uint64_t next_time_ = 0;
};

}  // namespace

bool looks_like_mpd(std::string_view text) {
    return trim(text).starts_with('<');
}

Result<std::vector<std::string>> files_of_m3u8(std::string_view text) {
    Result<Playlist> playlist = parse_playlist(text);
    if (!playlist) return fail(std::move(playlist.error()));
    Files files;
    std::vector<std::string> all = std::move(playlist->media_uris);
    for (Variant& variant : playlist->variants)
        all.push_back(std::move(variant.uri));
    for (std::string& key : playlist->keys)
        all.push_back(std::move(key));
    for (auto* segments : {&playlist->maps, &playlist->segments})
        for (Segment& segment : *segments)
            all.push_back(std::move(segment.uri));
    for (std::string& address : all)
        if (Result<void> added = files.add(std::move(address)); !added)
            return fail(std::move(added.error()));
    return files.take();
}

Result<std::vector<std::string>> files_of_mpd(std::string_view text) {
    return MpdReader().read(text);
}

}  // namespace hookreel::media
