#include "dialect/tencent_vod/events/media_json.h"

#include <utility>

#include "base/clock.h"
#include "model/category.h"
#include "model/shown.h"

namespace hookreel::dialect::tencent_vod {
namespace {

json::array video_streams(const model::Metadata& metadata) {
    json::array all;
    for (const model::VideoStream& stream : metadata.video)
        all.push_back(json::object{
            {"Bitrate", stream.bitrate},
            {"Height", stream.height},
            {"Width", stream.width},
            {"Codec", stream.codec},
            {"Fps", stream.fps},
            {"CodecTag", stream.codec_tag},
            {"DynamicRangeInfo",
             json::object{{"Type", stream.hdr.empty() ? "SDR" : "HDR"}, {"HDRType", stream.hdr}}},
        });
    return all;
}

json::array audio_streams(const model::Metadata& metadata) {
    json::array all;
    for (const model::AudioStream& stream : metadata.audio)
        all.push_back(json::object{{"Bitrate", stream.bitrate},
                                   {"SamplingRate", stream.sampling_rate},
                                   {"Codec", stream.codec}});
    return all;
}

// With the sides as they are seen: what has no Rotate beside them cannot tell of a turn.
model::Metadata as_shown(model::Metadata metadata) {
    if (!is_turned(metadata)) return metadata;
    std::swap(metadata.width, metadata.height);
    for (model::VideoStream& stream : metadata.video)
        std::swap(stream.width, stream.height);
    return metadata;
}

}  // namespace

json::object basic_info(const model::Asset& asset, const MediaUrls& urls) {
    return {
        {"Name", asset.name},
        {"Description", asset.description},
        {"CreateTime", iso8601(asset.created)},
        {"UpdateTime", iso8601(asset.updated)},
        {"ExpireTime", iso8601(asset.expires)},
        {"ClassId", asset.class_id},
        {"ClassName", "Other"},
        {"ClassPath", "Other"},
        {"CoverUrl", urls.of(asset.cover)},
        {"Type", asset.type},
        {"MediaUrl", urls.of(asset.path)},
        {"SourceInfo",
         json::object{{"SourceType", name(asset.source)}, {"SourceContext", asset.source_context}}},
        {"StorageRegion", storage_region},
        {"StoragePath", ""},
        {"TagSet", json::array(asset.tags.begin(), asset.tags.end())},
        {"Vid", ""},
        {"Category", name(model::category(asset))},
        {"Status", "Normal"},
        {"StorageClass", "STANDARD"},
    };
}

json::object subtitle_item(const model::Subtitle& subtitle, const MediaUrls& urls) {
    return {
        {"Id", subtitle.id},
        {"Name", subtitle.name},
        {"Language", subtitle.language},
        {"Format", subtitle.format},
        {"Url", urls.of(subtitle.path)},
        {"Source", "UserUploaded"},
    };
}

json::object meta_data(const model::Metadata& metadata) {
    return {
        {"Size", metadata.size_bytes},
        {"Container", metadata.container},
        {"Bitrate", metadata.bitrate},
        {"Height", metadata.height},
        {"Width", metadata.width},
        {"Duration", metadata.duration},
        {"Rotate", metadata.rotate},
        {"VideoStreamSet", video_streams(metadata)},
        {"AudioStreamSet", audio_streams(metadata)},
        {"VideoDuration", metadata.video_duration},
        {"AudioDuration", metadata.audio_duration},
        // Empty unless DescribeFileAttributes was asked (spec c.1, MediaMetaData).
        {"Md5", ""},
    };
}

json::object transcode_item(const model::Rendition& rendition, const MediaUrls& urls) {
    const model::Metadata metadata = as_shown(rendition.metadata);
    return {
        {"Url", urls.of(rendition.path)},
        {"Definition", rendition.definition},
        {"Bitrate", metadata.bitrate},
        {"Height", metadata.height},
        {"Width", metadata.width},
        {"Size", metadata.size_bytes},
        {"Duration", metadata.duration},
        {"Md5", rendition.md5},
        {"Container", metadata.container},
        {"VideoStreamSet", video_streams(metadata)},
        {"AudioStreamSet", audio_streams(metadata)},
        {"DigitalWatermarkType", "None"},
        {"CopyRightWatermarkText", ""},
    };
}

namespace {

json::array watermarks_on(const model::PictureSet& set) {
    return json::array(set.watermarks.begin(), set.watermarks.end());
}

}  // namespace

json::object snapshot_item(const model::PictureSet& set, const MediaUrls& urls) {
    json::array pictures;
    for (const model::Picture& picture : set.pictures)
        pictures.push_back(json::object{{"TimeOffset", picture.offset_ms},
                                        {"Url", urls.of(picture.path)},
                                        {"WaterMarkDefinition", watermarks_on(set)}});
    return {{"Definition", set.definition}, {"PicInfoSet", std::move(pictures)}};
}

json::object sample_item(const model::PictureSet& set, const MediaUrls& urls) {
    json::array addresses;
    for (const model::Picture& picture : set.pictures)
        addresses.emplace_back(urls.of(picture.path));
    return {
        {"Definition", set.definition},
        {"SampleType", name(set.sample_type)},
        {"Interval", set.interval},
        {"ImageUrlSet", std::move(addresses)},
        {"WaterMarkDefinition", watermarks_on(set)},
    };
}

json::object sprite_item(const model::Sprite& sprite, const MediaUrls& urls) {
    json::array addresses;
    for (const std::string& sheet : sprite.sheets)
        addresses.emplace_back(urls.of(sheet));
    return {
        {"Definition", sprite.definition},
        {"Height", sprite.height},
        {"Width", sprite.width},
        {"TotalCount", sprite.count},
        {"ImageUrlSet", std::move(addresses)},
        {"WebVttUrl", urls.of(sprite.vtt)},
    };
}

json::object animation_item(const model::Animation& animation, const MediaUrls& urls) {
    return {
        {"Url", urls.of(animation.path)},
        {"Definition", animation.definition},
        {"Container", animation.container},
        {"Height", animation.height},
        {"Width", animation.width},
        {"Bitrate", animation.bitrate},
        {"Size", animation.size_bytes},
        {"Md5", animation.md5},
        {"StartTimeOffset", animation.start_offset},
        {"EndTimeOffset", animation.end_offset},
    };
}

json::object adaptive_item(const model::AdaptiveStream& stream, const MediaUrls& urls) {
    json::array streams;
    for (const model::SubStream& one : stream.streams)
        streams.push_back(json::object{{"Type", name(one.kind)},
                                       {"Width", one.width},
                                       {"Height", one.height},
                                       {"Size", one.size_bytes}});
    return {
        {"Definition", stream.definition},    {"Package", name(stream.package)},
        {"DrmType", name(stream.protection)}, {"Url", urls.of(stream.path)},
        {"Size", stream.size_bytes},          {"DigitalWatermarkType", "None"},
        {"SubStreamSet", std::move(streams)}, {"CopyRightWatermarkText", ""},
        {"SubtitleSet", json::array()},       {"DefaultSubtitleId", ""},
    };
}

}  // namespace hookreel::dialect::tencent_vod
