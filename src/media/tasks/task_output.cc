#include "media/tasks/task_output.h"

#include <algorithm>

namespace hookreel::media {
namespace {

// Of what an output consists of, the file that no other output has.
std::string_view own_file(const model::PictureSet& set) {
    return set.pictures.empty() ? std::string_view() : set.pictures.front().path;
}
std::string_view own_file(const model::Sprite& sprite) {
    return sprite.vtt;
}
std::string_view own_file(const auto& output) {
    return output.path;
}

// Adds the output; one whose files it replaced is not there any more.
template <class T>
void replace(std::vector<T>& list, const T& item) {
    const auto found = std::ranges::find_if(
        list, [&item](const T& other) { return own_file(other) == own_file(item); });
    if (found == list.end())
        list.push_back(item);
    else
        *found = item;
}

struct AddOutput {
    model::Asset& asset;
    unsigned place;

    // In the place of the first one of its template.
    template <class T>
    void add(std::vector<T>& list, const T& item) const {
        if (place > 0) return replace(list, item);
        const auto is_older = [&item](const T& other) {
            return other.definition == item.definition;
        };
        const auto at = std::ranges::find_if(list, is_older);
        const auto index = at - list.begin();
        std::erase_if(list, is_older);
        list.insert(list.begin() + index, item);
    }

    void operator()(const model::TranscodeWork& work) const {
        if (work.output && work.becomes.empty()) add(asset.renditions, *work.output);
    }
    void operator()(const model::CoverWork& work) const {
        if (work.output.empty()) return;
        asset.cover = work.output;
        asset.cover_source = model::CoverSource::generated;
        asset.cover_review.reset();  // Of the one before.
    }
    void operator()(const model::SnapshotWork& work) const {
        if (work.output) add(asset.snapshots, *work.output);
    }
    void operator()(const model::SampleWork& work) const {
        if (work.output) add(asset.samples, *work.output);
    }
    void operator()(const model::SpriteWork& work) const {
        if (work.output) add(asset.sprites, *work.output);
    }
    void operator()(const model::AdaptiveWork& work) const {
        if (work.output) add(asset.adaptive_streams, *work.output);
    }
    void operator()(const model::AnimationWork& work) const {
        if (work.output) replace(asset.animations, *work.output);
    }
    // What a service found is the task's.
    void operator()(const model::ServiceWork&) const {}
};

}  // namespace

std::uint64_t definition_of(const model::Work& work) {
    return std::visit([](const auto& chosen) { return chosen.definition; }, work);
}

model::Asset with_output(model::Asset asset, const model::Work& work, unsigned place) {
    std::visit(AddOutput{asset, place}, work);
    return asset;
}

std::optional<model::Asset> own_file_of(const model::Asset& source, const model::Work& work,
                                        TimePoint now) {
    const auto* const transcode = std::get_if<model::TranscodeWork>(&work);
    if (!transcode || transcode->becomes.empty() || !transcode->output) return std::nullopt;
    const model::Rendition& output = *transcode->output;
    model::Asset made;
    made.id = transcode->becomes;
    made.application = source.application;
    made.name = source.name;
    made.type = output.path.substr(output.path.rfind('.') + 1);
    made.class_id = source.class_id;
    made.tags = source.tags;
    made.created = made.updated = now;
    made.source = model::AssetSource::processing;
    made.path = output.path;
    made.md5 = output.md5;
    made.size_bytes = output.metadata.size_bytes;
    made.metadata = output.metadata;
    return made;
}

std::uint64_t counted_bytes(const model::Asset& asset, std::string_view path) {
    std::int64_t bytes = 0;
    for (const model::Rendition& rendition : asset.renditions)
        if (rendition.path == path) bytes += rendition.metadata.size_bytes;
    for (const model::Animation& animation : asset.animations)
        if (animation.path == path) bytes += animation.size_bytes;
    for (const model::AdaptiveStream& stream : asset.adaptive_streams)
        if (stream.path == path) bytes += stream.size_bytes;
    return static_cast<std::uint64_t>(bytes);
}

}  // namespace hookreel::media
