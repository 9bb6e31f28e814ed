#include "dialect/tencent_vod/actions/uploads/upload_actions.h"
#include "dialect/tencent_vod/protocol/json_text.h"
#include "media/playlists/manifest.h"

namespace hookreel::dialect::tencent_vod {

// What the upload SDKs send beside a manifest: every file that it refers to, as it is written
// there.
Task<Answer<std::string>> parse_streaming_manifest(const Call& call) {
    const std::string content = call.parameters.text_or_empty("MediaManifestContent");
    const std::string type = call.parameters.text_or_empty("ManifestType");
    if (!type.empty() && type != "m3u8" && type != "mpd")
        co_return refuse("InvalidParameterValue", "ManifestType must be m3u8 or mpd.");
    const bool is_mpd = type == "mpd" || (type.empty() && media::looks_like_mpd(content));
    const Result<std::vector<std::string>> files =
        is_mpd ? media::files_of_mpd(content) : media::files_of_m3u8(content);
    if (!files)
        co_return refuse("InvalidParameterValue.MediaManifestContent",
                         "The manifest cannot be read: " + files.error().detail);
    co_return write_members({{"MediaSegmentSet", json::array(files->begin(), files->end())}});
}

}  // namespace hookreel::dialect::tencent_vod
