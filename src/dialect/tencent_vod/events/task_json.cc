#include "dialect/tencent_vod/events/task_json.h"

#include <array>
#include <variant>

#include "base/clock.h"
#include "dialect/tencent_vod/events/ai_json.h"
#include "dialect/tencent_vod/events/overlay_json.h"

namespace hookreel::dialect::tencent_vod {
namespace {

// One kind of step: what it is called, and its Input and Output.
struct Result {
    std::string_view type;    // MediaProcessTaskResult.Type
    std::string_view member;  // Of MediaProcessTaskResult.
    json::object input;
    std::optional<json::object> output;
};

struct Describe {
    const MediaUrls& urls;

    Result operator()(const model::TranscodeWork& work) const {
        Result result{"Transcode", "TranscodeTask", {}, {}};
        result.input = {
            {"Definition", work.definition},
            {"WatermarkSet", watermark_set(work.watermarks)},
            {"MosaicSet", mosaic_set(work.mosaics)},
            {"HeadTailSet", head_tail_set(work.heads_tails)},
            {"StartTimeOffset", work.start_offset},
            {"EndTimeOffset", work.end_offset},
        };
        if (work.changed)
            result.input.emplace("OverrideParameter", json::parse(work.changed->asked));
        if (work.output) result.output = transcode_item(*work.output, urls);
        if (work.output && !work.becomes.empty())
            result.output->emplace("FileId", work.becomes.text());
        return result;
    }

    Result operator()(const model::CoverWork& work) const {
        Result result{"CoverBySnapshot", "CoverBySnapshotTask", {}, {}};
        result.input = {{"Definition", work.definition},
                        {"PositionType", name(work.position)},
                        {"PositionValue", work.position_value},
                        {"WatermarkSet", watermark_set(work.watermarks)}};
        if (!work.output.empty()) result.output = json::object{{"CoverUrl", urls.of(work.output)}};
        return result;
    }

    Result operator()(const model::SnapshotWork& work) const {
        Result result{"SnapshotByTimeOffset", "SnapshotByTimeOffsetTask", {}, {}};
        result.input = {
            {"Definition", work.definition},
            {"ExtTimeOffsetSet", json::array(work.offsets.begin(), work.offsets.end())},
            {"TimeOffsetSet", json::array(work.offsets_ms.begin(), work.offsets_ms.end())},
            {"WatermarkSet", watermark_set(work.watermarks)}};
        if (work.output) result.output = snapshot_item(*work.output, urls);
        return result;
    }

    Result operator()(const model::SampleWork& work) const {
        Result result{"SampleSnapshot", "SampleSnapshotTask", {}, {}};
        result.input = {{"Definition", work.definition},
                        {"WatermarkSet", watermark_set(work.watermarks)}};
        if (work.output) result.output = sample_item(*work.output, urls);
        return result;
    }

    Result operator()(const model::SpriteWork& work) const {
        Result result{"ImageSprites", "ImageSpriteTask", {}, {}};
        result.input = {{"Definition", work.definition}};
        if (work.output) result.output = sprite_item(*work.output, urls);
        return result;
    }

    Result operator()(const model::AnimationWork& work) const {
        Result result{"AnimatedGraphics", "AnimatedGraphicTask", {}, {}};
        result.input = {{"Definition", work.definition},
                        {"StartTimeOffset", work.start_offset},
                        {"EndTimeOffset", work.end_offset}};
        if (work.output) result.output = animation_item(*work.output, urls);
        return result;
    }

    Result operator()(const model::AdaptiveWork& work) const {
        Result result{"AdaptiveDynamicStreaming", "AdaptiveDynamicStreamingTask", {}, {}};
        result.input = {{"Definition", work.definition},
                        {"WatermarkSet", watermark_set(work.watermarks)},
                        {"SubtitleSet", json::array()},
                        {"SubtitleInfoSet", json::array()}};
        if (work.output) result.output = adaptive_item(*work.output, urls);
        return result;
    }

    // It has sets of its own: ai_json.h.
    Result operator()(const model::ServiceWork&) const { return {}; }
};

json::object step_result(const model::Step& step, const MediaUrls& urls) {
    Result result = std::visit(Describe{urls}, step.work);
    json::object content = {{"Status", name(step.status)},
                            {"ErrCodeExt", name(step.failure)},
                            {"ErrCode", error_number(step.failure)},
                            {"Message", step.message},
                            {"Input", std::move(result.input)}};
    if (result.output && step.status == model::StepStatus::success)
        content.emplace("Output", std::move(*result.output));
    content.emplace("Progress", step.progress);
    if (step.begun != TimePoint{}) content.emplace("BeginProcessTime", iso8601(step.begun));
    if (step.finished != TimePoint{}) content.emplace("FinishTime", iso8601(step.finished));
    return {{"Type", result.type}, {result.member, std::move(content)}};
}

}  // namespace

std::string_view event_status(model::TaskStatus status) {
    const bool ended = status == model::TaskStatus::finish || status == model::TaskStatus::aborted;
    return ended ? "FINISH" : "PROCESSING";
}

std::int64_t error_number(model::Failure failure) {
    switch (failure) {
        case model::Failure::none:
            return 0;
        case model::Failure::invalid_input:
        case model::Failure::invalid_time_offset:
        case model::Failure::definition_not_exist:
        case model::Failure::configuration_unsupported:
        case model::Failure::result_file_size_too_large:
            return 40000;
        case model::Failure::source_file_error:
        case model::Failure::no_video_media:
        case model::Failure::no_video_resolution:
        case model::Failure::content_malformed:
        case model::Failure::content_unsupported:
        case model::Failure::download_not_accessible:
            return 60000;
        case model::Failure::internal_error:
            break;
    }
    return 70000;
}

namespace {

// The file of a task as it is named: that of the library, or the foreign one.
json::object file_members(const model::Task& task, const model::Asset& asset,
                          const MediaUrls& urls) {
    // SDK, ProcedureTask: of ProcessMediaByUrl, what its caller said of the file.
    if (task.foreign)
        return {{"FileId", task.foreign->id},
                {"FileName", task.foreign->name},
                {"FileUrl", task.foreign->url}};
    return {
        {"FileId", task.file.text()}, {"FileName", asset.name}, {"FileUrl", urls.of(asset.path)}};
}

// What came of the steps: a set of those that were done here, and one of each kind of the others.
json::object result_sets(const model::Task& task, const MediaUrls& urls) {
    json::array media;
    std::array<json::array, ai_parts.size()> others;
    for (const model::Step& step : task.steps) {
        const auto* const service = std::get_if<model::ServiceWork>(&step.work);
        if (!service) media.push_back(step_result(step, urls));
        for (std::size_t i = 0; service && i < ai_parts.size(); ++i)
            if (ai_parts[i].kind == service->service)
                for (json::value& result : ai_results(ai_parts[i], step))
                    others[i].push_back(std::move(result));
    }
    json::object sets = {{"MediaProcessResultSet", std::move(media)}};
    for (std::size_t i = 0; i < ai_parts.size(); ++i)
        sets.emplace(ai_parts[i].set, std::move(others[i]));
    return sets;
}

}  // namespace

json::object procedure_task(const model::Task& task, const model::Asset& asset,
                            const MediaUrls& urls) {
    json::object object = {
        {"TaskId", task.id.text()},
        {"Status", event_status(task.status)},
        // Deprecated, still sent (spec c.1, Rules).
        {"ErrCode", 0},
        {"Message", ""},
    };
    for (json::key_value_pair& pair : file_members(task, asset, urls))
        object.emplace(pair.key(), std::move(pair.value()));
    if (asset.metadata) object.emplace("MetaData", meta_data(*asset.metadata));
    for (json::key_value_pair& pair : result_sets(task, urls))
        object.emplace(pair.key(), std::move(pair.value()));
    object.emplace("TasksPriority", task.priority);
    object.emplace("TasksNotifyMode", name(task.notify));
    object.emplace("SessionContext", task.session_context);
    object.emplace("SessionId", task.session_id);
    object.emplace("Operator", "");
    object.emplace("OperationType", "");
    return object;
}

json::object pull_task(const model::Pull& pull, const model::Asset* asset, const MediaUrls& urls) {
    const bool succeeded =
        pull.status == model::TaskStatus::finish && pull.failure == model::Failure::none;
    json::object object = {
        {"TaskId", pull.id.text()},
        {"Status", event_status(pull.status)},
        {"ErrCode", error_number(pull.failure)},
        {"Message", pull.message},
        {"FileId", succeeded ? pull.file.text() : std::string()},
        {"FileUrl", asset ? urls.of(asset->path) : std::string()},
        {"ProcedureTaskId", pull.procedure_task.text()},
        {"ReviewAudioVideoTaskId", pull.review_task.text()},
        {"SessionContext", pull.request.session_context},
        {"SessionId", pull.request.session_id},
        {"Progress", pull.progress},
    };
    if (asset) object.emplace("MediaBasicInfo", basic_info(*asset, urls));
    if (asset && asset->metadata) object.emplace("MetaData", meta_data(*asset->metadata));
    return object;
}

}  // namespace hookreel::dialect::tencent_vod
