// Files of the library in the words of the API: basic information, metadata, renditions, pictures.
//
// The same functions serve events and Describe actions. Absent values are left out; `with_nulls`
// shows them where the API does. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "dialect/media_urls.h"
#include "model/media.h"
#include "model/task.h"

namespace hookreel::dialect::tencent_vod {

// The one region that there is; clients want a name.
inline constexpr std::string_view storage_region = "ap-guangzhou";

json::object basic_info(const model::Asset& asset, const MediaUrls& urls);  // MediaBasicInfo
json::object meta_data(const model::Metadata& metadata);                    // MediaMetaData
json::object subtitle_item(const model::Subtitle& subtitle, const MediaUrls& urls);
// MediaTranscodeItem
json::object transcode_item(const model::Rendition& rendition, const MediaUrls& urls);
// MediaSnapshotByTimeOffsetItem
json::object snapshot_item(const model::PictureSet& set, const MediaUrls& urls);
// MediaSampleSnapshotItem. The work must have its output.
json::object sample_item(const model::PictureSet& set, const MediaUrls& urls);
json::object sprite_item(const model::Sprite& sprite,
                         const MediaUrls& urls);  // MediaImageSpriteItem
// MediaAnimatedGraphicsItem
json::object animation_item(const model::Animation& animation, const MediaUrls& urls);
// AdaptiveDynamicStreamingInfoItem
json::object adaptive_item(const model::AdaptiveStream& stream, const MediaUrls& urls);

}  // namespace hookreel::dialect::tencent_vod
