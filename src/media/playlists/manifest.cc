#include "media/playlists/manifest.h"

#include <set>

#include "base/text.h"
#include "media/playlists/mpd_segments.h"
#include "media/playlists/playlist.h"

namespace hookreel::media {
namespace {

constexpr std::size_t files_max = 100'000;

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

}  // namespace

bool looks_like_mpd(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
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
    const Result<Mpd> mpd = parse_mpd(text);
    if (!mpd) return fail(mpd.error());
    Files files;
    MpdBudget budget;
    for (const MpdPlace& place : places_of(*mpd)) {
        Result<std::vector<Segment>> segments = segments_of(place, budget);
        if (!segments) return fail(std::move(segments.error()));
        for (Segment& segment : *segments)
            if (Result<void> added = files.add(std::move(segment.uri)); !added)
                return fail(std::move(added.error()));
    }
    return files.take();
}

}  // namespace hookreel::media
