// What owners change of a file of the library, and what is left of it when parts are deleted.
//
// Pure rules on an asset; the files themselves are written and removed by whoever commits the
// result. Limits are those of Tencent ModifyMediaInfo.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/media.h"

namespace hookreel::media {

inline constexpr std::size_t tags_max = 16;
inline constexpr std::size_t key_frames_max = 100;
inline constexpr std::size_t subtitles_max = 16;

enum class Keep { all, none };

// What is absent or empty stays as it is. Within a list `before` is applied first, then the
// removals, then the additions.
struct AssetChange {
    std::optional<std::string> name;
    std::optional<std::string> description;
    std::optional<std::int64_t> class_id;
    std::optional<TimePoint> expires;
    std::string cover;  // Path of the new one.

    Keep tags_before = Keep::all;
    std::vector<std::string> remove_tags;
    std::vector<std::string> add_tags;

    Keep key_frames_before = Keep::all;
    std::vector<double> remove_key_frames;  // By offset.
    std::vector<model::KeyFrame> add_key_frames;

    Keep subtitles_before = Keep::all;
    std::vector<std::string> remove_subtitles;  // By id.
    std::vector<model::Subtitle> add_subtitles;
};

// A key frame or subtitle that is there already is replaced. Errors: too_large; the detail begins
// with "tags", "key_frames" or "subtitles".
Result<model::Asset> changed(model::Asset asset, const AssetChange& change);

// The asset without those parts. A part that it does not have is no error.
model::Asset without_parts(model::Asset asset, const std::vector<model::AssetPart>& parts);

// Every file and folder right below the asset's own folder that the asset refers to, relative to
// the library.
std::set<std::string> files_of(const model::Asset& asset);

}  // namespace hookreel::media
