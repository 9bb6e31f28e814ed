#include "media/files/asset_change.h"

#include <algorithm>

#include "media/files/local_library.h"

namespace hookreel::media {
namespace {

using model::PartKind;

template <class T, class Field, class Key>
void erase_by(std::vector<T>& list, Field field, const Key& key) {
    std::erase_if(list, [&](const T& item) { return item.*field == key; });
}

// Cuts a path down to what lies right in the asset's folder: of "a/b/v.f210/index.m3u8" that is
// "a/b/v.f210".
std::string top_of(std::string_view folder, const std::string& path) {
    if (!path.starts_with(folder)) return path;
    return path.substr(0, path.find('/', folder.size() + 1));
}

void remove_part(model::Asset& asset, const model::AssetPart& part) {
    const auto is_meant = [&part](const auto& made) {
        return made.definition != 0 && (part.definition == 0 || made.definition == part.definition);
    };
    const auto remove_cover = [&asset](model::CoverSource source) {
        if (asset.cover_source != source) return;
        asset.cover.clear();
        asset.cover_review.reset();
    };
    if (part.kind == PartKind::original) {
        asset.path.clear();
        asset.md5.clear();
        asset.size_bytes = 0;
        erase_by(asset.renditions, &model::Rendition::definition, std::uint64_t{0});
        remove_cover(model::CoverSource::uploaded);
    } else if (part.kind == PartKind::transcodes) {
        std::erase_if(asset.renditions, is_meant);
        if (part.definition == 0) remove_cover(model::CoverSource::generated);
    } else if (part.kind == PartKind::adaptive_streams) {
        std::erase_if(asset.adaptive_streams, is_meant);
    }
}

}  // namespace

Result<model::Asset> changed(model::Asset asset, const AssetChange& change) {
    if (change.name) asset.name = *change.name;
    if (change.description) asset.description = *change.description;
    if (change.class_id) asset.class_id = *change.class_id;
    if (change.expires) asset.expires = *change.expires;
    if (!change.cover.empty()) {
        asset.cover = change.cover;
        asset.cover_source = model::CoverSource::uploaded;
        asset.cover_review.reset();  // Of the one before.
    }

    if (change.tags_before == Keep::none) asset.tags.clear();
    for (const std::string& tag : change.remove_tags)
        std::erase(asset.tags, tag);
    for (const std::string& tag : change.add_tags)
        if (std::ranges::find(asset.tags, tag) == asset.tags.end()) asset.tags.push_back(tag);
    if (asset.tags.size() > tags_max) return fail(Code::too_large, "tags: at most 16");

    if (change.key_frames_before == Keep::none) asset.key_frames.clear();
    for (const double offset : change.remove_key_frames)
        erase_by(asset.key_frames, &model::KeyFrame::offset, offset);
    for (const model::KeyFrame& frame : change.add_key_frames) {
        const double end = asset.metadata ? asset.metadata->duration : 0;  // 0: not known.
        if (frame.offset < 0 || (end > 0 && frame.offset > end))
            return fail(Code::invalid, "key_frames: a time outside of the film");
        erase_by(asset.key_frames, &model::KeyFrame::offset, frame.offset);
        asset.key_frames.push_back(frame);
    }
    std::ranges::sort(asset.key_frames, {}, &model::KeyFrame::offset);
    if (asset.key_frames.size() > key_frames_max)
        return fail(Code::too_large, "key_frames: at most 100");

    if (change.subtitles_before == Keep::none) asset.subtitles.clear();
    for (const std::string& id : change.remove_subtitles)
        erase_by(asset.subtitles, &model::Subtitle::id, id);
    for (const model::Subtitle& subtitle : change.add_subtitles) {
        erase_by(asset.subtitles, &model::Subtitle::id, subtitle.id);
        asset.subtitles.push_back(subtitle);
    }
    if (asset.subtitles.size() > subtitles_max)
        return fail(Code::too_large, "subtitles: at most 16");
    return asset;
}

model::Asset without_parts(model::Asset asset, const std::vector<model::AssetPart>& parts) {
    for (const model::AssetPart& part : parts)
        remove_part(asset, part);
    return asset;
}

std::set<std::string> files_of(const model::Asset& asset) {
    const std::string folder = library_folder(asset.application, asset.id);
    std::set<std::string> files;
    const auto add = [&](const std::string& path) {
        if (!path.empty()) files.insert(top_of(folder, path));
    };
    add(asset.path);
    add(asset.cover);
    for (const model::Rendition& rendition : asset.renditions)
        add(rendition.path);
    for (const auto* sets : {&asset.snapshots, &asset.samples})
        for (const model::PictureSet& set : *sets)
            for (const model::Picture& picture : set.pictures)
                add(picture.path);
    for (const model::Sprite& sprite : asset.sprites) {
        add(sprite.vtt);
        for (const std::string& sheet : sprite.sheets)
            add(sheet);
    }
    for (const model::Animation& animation : asset.animations)
        add(animation.path);
    for (const model::AdaptiveStream& stream : asset.adaptive_streams)
        add(stream.path);
    for (const model::Subtitle& subtitle : asset.subtitles)
        add(subtitle.path);
    return files;
}

}  // namespace hookreel::media
