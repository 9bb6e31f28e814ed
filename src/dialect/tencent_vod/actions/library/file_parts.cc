#include "dialect/tencent_vod/actions/library/file_parts.h"

#include <algorithm>
#include <array>

#include "dialect/tencent_vod/protocol/json_text.h"
#include "media/ffmpeg/presets.h"

namespace hookreel::dialect::tencent_vod {
namespace {

std::optional<json::object> basic(const model::Asset& asset, const MediaUrls& urls) {
    return basic_info(asset, urls);
}

std::optional<json::object> metadata(const model::Asset& asset, const MediaUrls&) {
    if (!asset.metadata) return std::nullopt;
    return meta_data(*asset.metadata);
}

// The original is listed among the renditions, as definition 0.
std::optional<json::object> transcodes(const model::Asset& asset, const MediaUrls& urls) {
    json::array set;
    const bool has_original = std::ranges::any_of(
        asset.renditions, [](const model::Rendition& one) { return one.definition == 0; });
    if (asset.metadata && !has_original && !asset.path.empty())
        set.push_back(transcode_item({0, asset.path, asset.md5, *asset.metadata}, urls));
    for (const model::Rendition& rendition : asset.renditions)
        set.push_back(transcode_item(rendition, urls));
    if (set.empty()) return std::nullopt;
    return json::object{{"TranscodeSet", std::move(set)}};
}

std::optional<json::object> snapshots(const model::Asset& asset, const MediaUrls& urls) {
    if (asset.snapshots.empty()) return std::nullopt;
    json::array set;
    for (const model::PictureSet& pictures : asset.snapshots)
        set.push_back(snapshot_item(pictures, urls));
    return json::object{{"SnapshotByTimeOffsetSet", std::move(set)}};
}

std::optional<json::object> samples(const model::Asset& asset, const MediaUrls& urls) {
    if (asset.samples.empty()) return std::nullopt;
    json::array set;
    for (const model::PictureSet& pictures : asset.samples)
        set.push_back(sample_item(pictures, urls));
    return json::object{{"SampleSnapshotSet", std::move(set)}};
}

std::optional<json::object> sprites(const model::Asset& asset, const MediaUrls& urls) {
    if (asset.sprites.empty()) return std::nullopt;
    json::array set;
    for (const model::Sprite& sprite : asset.sprites)
        set.push_back(sprite_item(sprite, urls));
    return json::object{{"ImageSpriteSet", std::move(set)}};
}

std::optional<json::object> animations(const model::Asset& asset, const MediaUrls& urls) {
    if (asset.animations.empty()) return std::nullopt;
    json::array set;
    for (const model::Animation& animation : asset.animations)
        set.push_back(animation_item(animation, urls));
    return json::object{{"AnimatedGraphicsSet", std::move(set)}};
}

std::optional<json::object> adaptive_streams(const model::Asset& asset, const MediaUrls& urls) {
    if (asset.adaptive_streams.empty()) return std::nullopt;
    json::array set;
    for (const model::AdaptiveStream& stream : asset.adaptive_streams)
        set.push_back(adaptive_item(stream, urls));
    return json::object{{"AdaptiveDynamicStreamingSet", std::move(set)}};
}

std::optional<json::object> key_frames(const model::Asset& asset, const MediaUrls&) {
    if (asset.key_frames.empty()) return std::nullopt;
    json::array set;
    for (const model::KeyFrame& frame : asset.key_frames)
        set.push_back(json::object{{"TimeOffset", frame.offset}, {"Content", frame.content}});
    return json::object{{"KeyFrameDescSet", std::move(set)}};
}

std::optional<json::object> subtitles(const model::Asset& asset, const MediaUrls& urls) {
    if (asset.subtitles.empty()) return std::nullopt;
    json::array set;
    for (const model::Subtitle& subtitle : asset.subtitles)
        set.push_back(subtitle_item(subtitle, urls));
    return json::object{{"SubtitleSet", std::move(set)}};
}

json::object review_info(const model::Review& review) {
    return {{"Definition", review.definition},
            {"Suggestion", name(review.suggestion)},
            {"TypeSet", json::array(review.kinds.begin(), review.kinds.end())},
            {"ReviewTime", iso8601(review.time)}};
}

std::optional<json::object> reviews(const model::Asset& asset, const MediaUrls&) {
    if (!asset.review && !asset.cover_review) return std::nullopt;
    json::object info;
    if (asset.review) info.emplace("MediaReviewInfo", review_info(*asset.review));
    if (asset.cover_review) info.emplace("CoverReviewInfo", review_info(*asset.cover_review));
    return info;
}

// No file has this yet.
std::optional<json::object> nothing(const model::Asset&, const MediaUrls&) {
    return std::nullopt;
}

// What can be asked of a file: its name in `Filters`, its member of MediaInfo, and where it comes
// from.
struct Part {
    std::string_view filter;
    std::string_view member;
    std::optional<json::object> (*make)(const model::Asset&, const MediaUrls&);
};
constexpr std::array parts = {
    Part{"basicInfo", "BasicInfo", basic},
    Part{"metaData", "MetaData", metadata},
    Part{"transcodeInfo", "TranscodeInfo", transcodes},
    Part{"animatedGraphicsInfo", "AnimatedGraphicsInfo", animations},
    Part{"sampleSnapshotInfo", "SampleSnapshotInfo", samples},
    Part{"imageSpriteInfo", "ImageSpriteInfo", sprites},
    Part{"snapshotByTimeOffsetInfo", "SnapshotByTimeOffsetInfo", snapshots},
    Part{"keyFrameDescInfo", "KeyFrameDescInfo", key_frames},
    Part{"adaptiveDynamicStreamingInfo", "AdaptiveDynamicStreamingInfo", adaptive_streams},
    Part{"miniProgramReviewInfo", "MiniProgramReviewInfo", nothing},
    Part{"subtitleInfo", "SubtitleInfo", subtitles},
    Part{"reviewInfo", "ReviewInfo", reviews},
};
// Filters of parts that answers leave out altogether, as the platform's samples do.
constexpr std::array<std::string_view, 2> silent_filters = {"mpsAiMediaInfo", "knowledgeBasesInfo"};

bool is_filter(std::string_view text) {
    return std::ranges::find(parts, text, &Part::filter) != parts.end() ||
           std::ranges::find(silent_filters, text) != silent_filters.end();
}

}  // namespace

json::object media_info(const model::Asset& asset, const std::vector<std::string>& filters,
                        const MediaUrls& urls) {
    const schema::Object& type = *schema::find_object("MediaInfo");
    json::object info = {{"FileId", asset.id.text()}};
    for (const Part& part : parts) {
        const bool wanted =
            filters.empty() || std::ranges::find(filters, part.filter) != filters.end();
        std::optional<json::object> content =
            wanted ? part.make(asset, urls) : std::optional<json::object>();
        if (content)
            info.emplace(part.member,
                         with_nulls(std::move(*content), *type.find(part.member)->object));
        else
            info.emplace(part.member, nullptr);
    }
    return info;
}

Answer<void> check_filters(const std::vector<std::string>& filters) {
    for (const std::string& filter : filters)
        if (!is_filter(filter))
            return refuse("InvalidParameter",
                          "`Filters` has an unknown name: " + filter.substr(0, 60));
    return {};
}

}  // namespace hookreel::dialect::tencent_vod
