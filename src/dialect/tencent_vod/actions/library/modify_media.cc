#include <algorithm>

#include "base/digest.h"
#include "base/text.h"
#include "dialect/tencent_vod/actions/frame/sent_picture.h"
#include "dialect/tencent_vod/actions/frame/time_parts.h"
#include "dialect/tencent_vod/actions/library/library_actions.h"
#include "dialect/tencent_vod/protocol/json_text.h"

namespace hookreel::dialect::tencent_vod {
namespace {

// Limits in characters: spec, ModifyMediaInfo.
constexpr std::size_t name_max = 64;
constexpr std::size_t description_max = 128;
constexpr std::size_t tag_max = 32;
constexpr std::size_t key_frame_content_max = 128;
constexpr std::size_t subtitle_name_max = 64;
constexpr std::size_t language_max = 16;
constexpr std::size_t subtitle_bytes_max = 2 << 20;
// More items than a file can have are refused before anything is compared.
constexpr std::size_t items_max = 1000;

using Change = media::AssetChange;

media::Keep keep_unless(const Members& parameters, std::string_view clear) {
    return parameters.integer(clear).value_or(0) == 1 ? media::Keep::none : media::Keep::all;
}

Answer<void> read_texts(const Call& call, Change& change) {
    const Members& parameters = call.parameters;
    if (const auto name = parameters.text("Name")) {
        if (name->empty() || characters(*name) > name_max || has_control_character(*name))
            return refuse("InvalidParameterValue.Name",
                          "Name must have 1 to 64 characters, none of them a control character.");
        change.name = *name;
    }
    if (const auto description = parameters.text("Description")) {
        if (characters(*description) > description_max)
            return refuse("InvalidParameterValue.Description",
                          "Description may have 128 characters.");
        change.description = *description;
    }
    change.class_id = parameters.integer("ClassId");
    const auto expires =
        read_expiry(parameters, call.with.clock.now(), "InvalidParameterValue.ExpireTime");
    if (!expires) return std::unexpected(expires.error());
    change.expires = *expires;
    return {};
}

Answer<void> read_tags(const Members& parameters, Change& change) {
    change.tags_before = keep_unless(parameters, "ClearTags");
    change.add_tags = parameters.texts("AddTags");
    change.remove_tags = parameters.texts("DeleteTags");
    if (change.add_tags.size() > items_max || change.remove_tags.size() > items_max)
        return refuse("LimitExceeded.TagCountReachMax", "A file may have 16 tags.");
    if (!change.add_tags.empty() && change.tags_before == media::Keep::none)
        return refuse("InvalidParameterValue.AddTagsAndClearTagsConflict",
                      "AddTags and ClearTags exclude each other.");
    for (const std::string& tag : change.add_tags) {
        if (tag.empty() || characters(tag) > tag_max || tag.contains('\n'))
            return refuse("InvalidParameterValue.TagTooLong",
                          "A tag must have 1 to 32 characters, in one line.");
        if (std::ranges::find(change.remove_tags, tag) != change.remove_tags.end())
            return refuse("InvalidParameterValue.AddTagsAndDeleteTagsConflict",
                          "A tag cannot be added and deleted at once.");
    }
    return {};
}

Answer<void> read_key_frames(const Members& parameters, Change& change) {
    change.key_frames_before = keep_unless(parameters, "ClearKeyFrameDescs");
    change.remove_key_frames = parameters.reals("DeleteKeyFrameDescs");
    const std::vector<Members> added = parameters.objects("AddKeyFrameDescs");
    if (added.size() > items_max || change.remove_key_frames.size() > items_max)
        return refuse("LimitExceeded.KeyFrameDescCountReachMax", "A file may have 100 key frames.");
    if (!added.empty() && change.key_frames_before == media::Keep::none)
        return refuse("InvalidParameterValue.AddKeyFrameDescsAndClearKeyFrameDescsConflict",
                      "AddKeyFrameDescs and ClearKeyFrameDescs exclude each other.");
    for (const Members& item : added) {
        model::KeyFrame frame{*item.real("TimeOffset"), item.text_or_empty("Content")};
        if (characters(frame.content) > key_frame_content_max)
            return refuse("InvalidParameterValue.KeyFrameDescContentTooLong",
                          "The Content of a key frame may have 128 characters.");
        if (std::ranges::find(change.remove_key_frames, frame.offset) !=
            change.remove_key_frames.end())
            return refuse("InvalidParameterValue.AddKeyFrameDescsAndDeleteKeyFrameDescsConflict",
                          "A key frame cannot be added and deleted at once.");
        change.add_key_frames.push_back(std::move(frame));
    }
    return {};
}

bool is_web_vtt(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    return text.starts_with("WEBVTT");
}

// Their Content is Base64 by the SDK's words (MediaSubtitleInput); the plain text is taken too.
Answer<std::vector<media::NewSubtitle>> read_subtitles(const Members& parameters, Change& change) {
    change.subtitles_before = keep_unless(parameters, "ClearSubtitles");
    change.remove_subtitles = parameters.texts("DeleteSubtitleIds");
    std::vector<media::NewSubtitle> added;
    for (const Members& item : parameters.objects("AddSubtitles")) {
        media::NewSubtitle subtitle{item.text_or_empty("Id"), item.text_or_empty("Name"),
                                    item.text_or_empty("Language"), item.text_or_empty("Format"),
                                    item.text_or_empty("Content")};
        if (!is_web_vtt(subtitle.content))
            subtitle.content = from_base64(subtitle.content).value_or(std::string());
        if (subtitle.format != "vtt" || !is_web_vtt(subtitle.content) ||
            subtitle.content.size() > subtitle_bytes_max)
            return refuse("InvalidParameterValue",
                          "A subtitle must be of the Format vtt, its Content Base64 of a text that "
                          "begins with WEBVTT.");
        if (characters(subtitle.name) > subtitle_name_max ||
            characters(subtitle.language) > language_max)
            return refuse("InvalidParameterValue",
                          "The name of a subtitle may have 64 characters.");
        if (added.size() == media::subtitles_max)
            return refuse("InvalidParameterValue", "A file may have 16 subtitles.");
        added.push_back(std::move(subtitle));
    }
    if (!added.empty() && change.subtitles_before == media::Keep::none)
        return refuse("InvalidParameterValue",
                      "AddSubtitles and ClearSubtitles exclude each other.");
    return added;
}

Answer<std::optional<media::NewCover>> read_cover(const Members& parameters) {
    if (!parameters.has("CoverData")) return std::optional<media::NewCover>();
    Answer<SentPicture> image = read_sent_picture(*parameters.text("CoverData"), "CoverData",
                                                  "InvalidParameterValue.ImageDecodeError");
    if (!image) return std::unexpected(std::move(image.error()));
    return media::NewCover{std::move(image->type), std::move(image->bytes)};
}

struct Reading {
    Change change;
    media::NewFiles files;
};

Answer<Reading> read(const Call& call) {
    Reading reading;
    for (const Answer<void>& fine :
         {read_texts(call, reading.change), read_tags(call.parameters, reading.change),
          read_key_frames(call.parameters, reading.change)})
        if (!fine) return std::unexpected(fine.error());
    auto subtitles = read_subtitles(call.parameters, reading.change);
    if (!subtitles) return std::unexpected(std::move(subtitles.error()));
    reading.files.subtitles = std::move(*subtitles);
    auto cover = read_cover(call.parameters);
    if (!cover) return std::unexpected(std::move(cover.error()));
    reading.files.cover = std::move(*cover);
    return reading;
}

std::unexpected<WireError> not_changed(const Call& call, const Error& error) {
    if (error.code == Code::too_large && error.detail.starts_with("tags"))
        return refuse("LimitExceeded.TagCountReachMax", "A file may have 16 tags.");
    if (error.code == Code::too_large && error.detail.starts_with("key_frames"))
        return refuse("LimitExceeded.KeyFrameDescCountReachMax", "A file may have 100 key frames.");
    if (error.code == Code::too_large)
        return refuse("InvalidParameterValue", "A file may have 16 subtitles.");
    if (error.code == Code::invalid && error.detail.starts_with("key_frames"))
        return refuse("InvalidParameterValue",
                      "The TimeOffset of a key frame is outside of the film.");
    return failed(call, error,
                  {{Code::not_found, "ResourceNotFound.FileNotExist", "The file does not exist."}});
}

}  // namespace

Task<Answer<std::string>> modify_media_info(const Call& call) {
    Answer<Reading> reading = read(call);
    if (!reading) co_return std::unexpected(std::move(reading.error()));
    const bool has_cover = reading->files.cover.has_value();
    const std::size_t added = reading->files.subtitles.size();
    const model::FileId file(call.parameters.text_or_empty("FileId"));
    Result<model::Asset> asset = fail(Code::not_found, "too long");
    if (file.text().size() <= file_id_bytes_max)
        asset = co_await call.with.library.modify(
            call.application_id(), file, std::move(reading->change), std::move(reading->files));
    if (!asset) co_return not_changed(call, asset.error());

    // What is new stands at the end.
    json::array subtitles;
    const std::size_t first = asset->subtitles.size() - std::min(added, asset->subtitles.size());
    for (std::size_t i = first; i < asset->subtitles.size(); ++i)
        subtitles.push_back(subtitle_item(asset->subtitles[i], call.with.urls));
    co_return write_members({
        {"CoverUrl", has_cover ? call.with.urls.of(asset->cover) : std::string()},
        {"AddedSubtitleSet", std::move(subtitles)},
    });
}

}  // namespace hookreel::dialect::tencent_vod
