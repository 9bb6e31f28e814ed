#include "media/playlists/playlist.h"

#include <algorithm>

#include "base/text.h"

namespace hookreel::media {
namespace {

// The value of one attribute of a tag's list, without its quotes; empty when it is not there.
std::string attribute(std::string_view list, std::string_view wanted) {
    while (!list.empty()) {
        const std::size_t equals = list.find('=');
        if (equals == list.npos) return {};
        const std::string_view name = trim(list.substr(0, equals));
        list.remove_prefix(equals + 1);
        const bool is_quoted = list.starts_with('"');
        if (is_quoted) list.remove_prefix(1);
        const std::size_t end = std::min(list.find(is_quoted ? '"' : ','), list.size());
        const std::string_view value = list.substr(0, end);
        if (name == wanted) return std::string(is_quoted ? value : trim(value));
        list.remove_prefix(end);
        list.remove_prefix(
            std::min(list.find(',') == list.npos ? list.size() : list.find(',') + 1, list.size()));
    }
    return {};
}

// "<length>[@<offset>]"; without an offset it follows on `next`.
std::optional<PlaylistRange> byte_range(std::string_view text, std::uint64_t next) {
    const std::size_t at = text.find('@');
    const Result<std::uint64_t> length = parse_unsigned(trim(text.substr(0, at)));
    if (!length) return std::nullopt;
    PlaylistRange range{next, *length};
    if (at != text.npos) {
        const Result<std::uint64_t> offset = parse_unsigned(trim(text.substr(at + 1)));
        if (!offset) return std::nullopt;
        range.offset = *offset;
    }
    if (range.length == 0 || range.offset > UINT64_MAX / 2 || range.length > UINT64_MAX / 2)
        return std::nullopt;
    return range;
}

class Reader {
 public:
    Result<void> line(std::string_view text) {
        if (!text.starts_with('#')) return uri(text);
        if (const auto list = tag(text, "#EXT-X-STREAM-INF:")) {
            Variant variant;
            variant.bandwidth = parse_unsigned(attribute(*list, "BANDWIDTH")).value_or(0);
            variant.audio_group = attribute(*list, "AUDIO");
            variant_ = std::move(variant);
        } else if (const auto media = tag(text, "#EXT-X-MEDIA:")) {
            std::string address = attribute(*media, "URI");
            if (attribute(*media, "TYPE") == "AUDIO")
                playlist_.sounds.push_back({attribute(*media, "GROUP-ID"), address,
                                            attribute(*media, "DEFAULT") == "YES"});
            if (!address.empty()) playlist_.media_uris.push_back(std::move(address));
        } else if (const auto range = tag(text, "#EXT-X-BYTERANGE:")) {
            range_ = byte_range(*range, next_offset_);
            if (!range_) return fail(Code::invalid, "a byte range is not one");
        } else if (const auto map = tag(text, "#EXT-X-MAP:")) {
            return add_map(*map);
        } else if (const auto key = tag(text, "#EXT-X-KEY:")) {
            if (attribute(*key, "METHOD") != "NONE") playlist_.is_encrypted = true;
            std::string address = attribute(*key, "URI");
            if (!address.empty() &&
                std::ranges::find(playlist_.keys, address) == playlist_.keys.end())
                playlist_.keys.push_back(std::move(address));
        } else if (text.starts_with("#EXT-X-ENDLIST")) {
            playlist_.has_end = true;
        }
        return count();
    }

    Playlist take() { return std::move(playlist_); }

 private:
    static std::optional<std::string_view> tag(std::string_view text, std::string_view name) {
        if (!text.starts_with(name)) return std::nullopt;
        return text.substr(name.size());
    }

    Result<void> uri(std::string_view text) {
        if (variant_) {
            variant_->uri = text;
            playlist_.variants.push_back(std::move(*variant_));
            variant_.reset();
        } else {
            playlist_.segments.push_back({std::string(text), range_});
            next_offset_ = range_ ? range_->offset + range_->length : 0;
            range_.reset();
        }
        return count();
    }

    Result<void> add_map(std::string_view list) {
        Segment map{attribute(list, "URI"), std::nullopt};
        if (map.uri.empty()) return fail(Code::invalid, "a map has no address");
        if (const std::string range = attribute(list, "BYTERANGE"); !range.empty()) {
            map.range = byte_range(range, 0);
            if (!map.range) return fail(Code::invalid, "a byte range is not one");
        }
        const auto is_same = [&map](const Segment& other) {
            return other.uri == map.uri &&
                   (other.range ? other.range->offset : 0) == (map.range ? map.range->offset : 0);
        };
        if (std::ranges::none_of(playlist_.maps, is_same)) playlist_.maps.push_back(std::move(map));
        return count();
    }

    Result<void> count() const {
        if (playlist_.segments.size() + playlist_.variants.size() + playlist_.maps.size() +
                playlist_.keys.size() + playlist_.media_uris.size() + playlist_.sounds.size() >
            playlist_items_max)
            return fail(Code::invalid, "the playlist is too long");
        return {};
    }

    Playlist playlist_;
    std::optional<Variant> variant_;
    std::optional<PlaylistRange> range_;
    std::uint64_t next_offset_ = 0;
};

}  // namespace

Result<Playlist> parse_playlist(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    if (!text.starts_with("#EXTM3U")) return fail(Code::invalid, "it does not begin with #EXTM3U");
    if (text.size() > playlist_bytes_max) return fail(Code::invalid, "the playlist is too long");
    Reader reader;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        const std::string_view content = trim(line);
        if (content.empty()) continue;
        if (Result<void> read = reader.line(content); !read) return fail(std::move(read.error()));
    }
    return reader.take();
}

}  // namespace hookreel::media
