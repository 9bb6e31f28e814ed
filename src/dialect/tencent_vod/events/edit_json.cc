#include "dialect/tencent_vod/events/edit_json.h"

#include <fmt/format.h>

#include "base/clock.h"
#include "dialect/tencent_vod/events/task_json.h"

namespace hookreel::dialect::tencent_vod {
namespace {

bool went_well(const model::Edit& edit) {
    return edit.status == model::TaskStatus::finish && edit.failure == model::Failure::none;
}

// EditMediaTaskOutput and ComposeMediaTaskOutput, which are alike. Before the end, and after a
// failure, the file has neither id nor address.
json::object output_of(const model::Edit& edit, const model::Asset* asset, const MediaUrls& urls) {
    return {
        {"FileType", edit.request.type},
        {"FileId", went_well(edit) ? edit.file.text() : std::string()},
        {"FileUrl", asset ? urls.of(asset->path) : std::string()},
        {"MediaName", edit.request.name},
        {"ClassId", edit.request.class_id},
        {"ExpireTime", iso8601(edit.request.expires)},
    };
}

void add_length(json::object& to, std::string_view member, const model::Length& length) {
    if (length.unit == model::Length::Unit::unset) return;
    to.emplace(member, fmt::format("{}{}", length.value, name(length.unit)));
}

void add_placement(json::object& to, const model::Placement& placement) {
    add_length(to, "XPos", placement.x);
    add_length(to, "YPos", placement.y);
    add_length(to, "Width", placement.width);
    add_length(to, "Height", placement.height);
}

void add_images(json::object& to, const std::vector<model::ImageOperation>& operations) {
    if (operations.empty()) return;
    json::array all;
    for (const model::ImageOperation& operation : operations) {
        if (operation.type == model::ImageOperation::Type::rotate) {
            all.push_back(json::object{{"Type", "Rotate"}, {"RotateAngle", operation.angle}});
            continue;
        }
        // Spelt as the definition spells it.
        const bool is_horizontal = operation.type == model::ImageOperation::Type::flip_horizontal;
        all.push_back(
            json::object{{"Type", "Flip"}, {"Flip", is_horizontal ? "Horizental" : "Vertical"}});
    }
    to.emplace("ImageOperations", std::move(all));
}

void add_volumes(json::object& to, const std::vector<model::Volume>& volumes) {
    if (volumes.empty()) return;
    json::array all;
    for (const model::Volume& volume : volumes)
        all.push_back(json::object{{"Type", "Volume"},
                                   {"VolumeParam", json::object{{"Mute", volume.is_mute ? 1 : 0},
                                                                {"Gain", volume.gain}}}});
    to.emplace("AudioOperations", std::move(all));
}

// One MediaTrackItem: what was not given is not told either.
struct ItemOf {
    json::object operator()(const model::VideoItem& item) const {
        json::object content = sound_source(item);
        add_placement(content, item.placement);
        add_volumes(content, item.volumes);
        add_images(content, item.images);
        return {{"Type", "Video"}, {"VideoItem", std::move(content)}};
    }
    json::object operator()(const model::AudioItem& item) const {
        json::object content = sound_source(item);
        add_volumes(content, item.volumes);
        return {{"Type", "Audio"}, {"AudioItem", std::move(content)}};
    }
    json::object operator()(const model::StickerItem& item) const {
        json::object content = {{"SourceMedia", item.file.text()},
                                {"Duration", item.duration},
                                {"StartTime", item.start}};
        add_placement(content, item.placement);
        add_images(content, item.images);
        return {{"Type", "Sticker"}, {"StickerItem", std::move(content)}};
    }
    json::object operator()(const model::TransitionItem& item) const {
        json::array types;
        for (const std::string& type : item.types)
            types.push_back(json::object{{"Type", type}});
        return {{"Type", "Transition"},
                {"TransitionItem", json::object{{"Duration", item.duration},
                                                {"MediaTransitions", std::move(types)}}}};
    }
    json::object operator()(const model::EmptyItem& item) const {
        return {{"Type", "Empty"}, {"EmptyItem", json::object{{"Duration", item.duration}}}};
    }

    static json::object sound_source(const auto& item) {
        json::object content = {{"SourceMedia", item.file.text()},
                                {"SourceMediaStartTime", item.start},
                                {"Duration", item.duration}};
        if (item.target > 0) content.emplace("TargetDuration", item.target);
        return content;
    }
};

json::array tracks_of(const model::Composition& work) {
    json::array tracks;
    for (const model::Track& track : work.tracks) {
        json::array items;
        for (const model::TrackItem& item : track.items)
            items.push_back(std::visit(ItemOf{}, item));
        tracks.push_back(
            json::object{{"Type", name(track.type)}, {"TrackItems", std::move(items)}});
    }
    return tracks;
}

// ComposeMediaOutput.
json::object wanted_output(const model::EditRequest& request, const model::Composition& work) {
    json::object output = {
        {"FileName", request.name},    {"Description", request.description},
        {"ClassId", request.class_id}, {"ExpireTime", iso8601(request.expires)},
        {"Container", request.type},
    };
    if (work.picture)
        output.emplace("VideoStream",
                       json::object{{"Codec", work.picture->codec}, {"Fps", work.picture->fps}});
    if (work.sound)
        output.emplace("AudioStream", json::object{{"Codec", "libfdk_aac"},
                                                   {"SampleRate", work.sound->sample_rate},
                                                   {"AudioChannel", work.sound->channels},
                                                   {"Bitrate", work.sound->kbps}});
    output.emplace("RemoveVideo", work.video == model::Part::remove ? 1 : 0);
    output.emplace("RemoveAudio", work.audio == model::Part::remove ? 1 : 0);
    return output;
}

}  // namespace

json::object edit_task(const model::Edit& edit, const model::Asset* asset, const MediaUrls& urls) {
    json::array files;
    if (const auto* const cut = std::get_if<model::Cut>(&edit.request.work))
        for (const model::CutPiece& piece : cut->pieces)
            files.push_back(json::object{{"FileId", piece.file.text()},
                                         {"StartTimeOffset", piece.start},
                                         {"EndTimeOffset", piece.end}});
    json::object object = {
        {"TaskId", edit.id.text()},
        {"Status", event_status(edit.status)},
        {"ErrCode", error_number(edit.failure)},
        {"ErrCodeExt", name(edit.failure)},
        {"Message", edit.message},
        {"Progress", edit.progress},
        {"Input", json::object{{"InputType", "File"},
                               {"FileInfoSet", std::move(files)},
                               {"StreamInfoSet", json::array()}}},
        {"Output", output_of(edit, asset, urls)},
    };
    if (asset && asset->metadata) object.emplace("MetaData", meta_data(*asset->metadata));
    object.emplace("ProcedureTaskId", edit.procedure_task.text());
    object.emplace("ReviewAudioVideoTaskId", edit.review_task.text());
    object.emplace("SessionId", edit.request.session_id);
    object.emplace("SessionContext", edit.request.session_context);
    return object;
}

json::object compose_task(const model::Edit& edit, const model::Asset* asset,
                          const MediaUrls& urls) {
    json::object input;
    if (const auto* const work = std::get_if<model::Composition>(&edit.request.work)) {
        input.emplace("Tracks", tracks_of(*work));
        if (work->canvas)
            input.emplace("Canvas", json::object{{"Color", name(work->canvas->color)},
                                                 {"Width", work->canvas->width},
                                                 {"Height", work->canvas->height}});
        input.emplace("Output", wanted_output(edit.request, *work));
    }
    json::object object = {
        {"TaskId", edit.id.text()},
        {"Status", event_status(edit.status)},
        {"ErrCode", error_number(edit.failure)},
        {"Message", edit.message},
        {"Progress", edit.progress},
        {"Input", std::move(input)},
        {"Output", output_of(edit, asset, urls)},
    };
    if (asset && asset->metadata) object.emplace("MetaData", meta_data(*asset->metadata));
    object.emplace("SessionId", edit.request.session_id);
    object.emplace("SessionContext", edit.request.session_context);
    return object;
}

}  // namespace hookreel::dialect::tencent_vod
