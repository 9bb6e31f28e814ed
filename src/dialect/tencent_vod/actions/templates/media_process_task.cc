#include "dialect/tencent_vod/actions/templates/media_process_task.h"

#include <string_view>
#include <variant>

#include "dialect/tencent_vod/events/overlay_json.h"

namespace hookreel::dialect::tencent_vod {
namespace {

// One step as it was asked for.
struct WriteStep {
    struct Written {
        std::string_view set;
        json::object input;
    };

    static void add_watermarks(json::object& input, const std::vector<model::Watermark>& marks) {
        if (!marks.empty()) input.emplace("WatermarkSet", watermark_set(marks));
    }
    // Offsets that are 0 say nothing.
    static void add_offsets(json::object& input, double start, double end) {
        if (start != 0) input.emplace("StartTimeOffset", start);
        if (end != 0) input.emplace("EndTimeOffset", end);
    }

    Written operator()(const model::TranscodeWork& work) const {
        json::object input = {{"Definition", work.definition}};
        add_offsets(input, work.start_offset, work.end_offset);
        if (!work.mosaics.empty()) input.emplace("MosaicSet", mosaic_set(work.mosaics));
        if (!work.heads_tails.empty())
            input.emplace("HeadTailSet", head_tail_set(work.heads_tails));
        if (work.changed) input.emplace("OverrideParameter", json::parse(work.changed->asked));
        add_watermarks(input, work.watermarks);
        return {"TranscodeTaskSet", std::move(input)};
    }
    Written operator()(const model::AnimationWork& work) const {
        return {"AnimatedGraphicTaskSet",
                {{"Definition", work.definition},
                 {"StartTimeOffset", work.start_offset},
                 {"EndTimeOffset", work.end_offset}}};
    }
    Written operator()(const model::SnapshotWork& work) const {
        json::object input = {{"Definition", work.definition}};
        if (!work.offsets.empty())
            input.emplace("ExtTimeOffsetSet",
                          json::array(work.offsets.begin(), work.offsets.end()));
        if (!work.offsets_ms.empty())
            input.emplace("TimeOffsetSet",
                          json::array(work.offsets_ms.begin(), work.offsets_ms.end()));
        add_watermarks(input, work.watermarks);
        return {"SnapshotByTimeOffsetTaskSet", std::move(input)};
    }
    Written operator()(const model::SampleWork& work) const {
        json::object input = {{"Definition", work.definition}};
        add_watermarks(input, work.watermarks);
        return {"SampleSnapshotTaskSet", std::move(input)};
    }
    Written operator()(const model::SpriteWork& work) const {
        return {"ImageSpriteTaskSet", {{"Definition", work.definition}}};
    }
    Written operator()(const model::CoverWork& work) const {
        json::object input = {{"Definition", work.definition},
                              {"PositionType", name(work.position)},
                              {"PositionValue", work.position_value}};
        add_watermarks(input, work.watermarks);
        return {"CoverBySnapshotTaskSet", std::move(input)};
    }
    // It has members of its own beside the steps.
    Written operator()(const model::ServiceWork&) const { return {}; }
    Written operator()(const model::AdaptiveWork& work) const {
        json::object input = {{"Definition", work.definition}};
        add_watermarks(input, work.watermarks);
        return {"AdaptiveDynamicStreamingTaskSet", std::move(input)};
    }
};

}  // namespace

json::object media_process_task(const std::vector<model::Work>& works) {
    json::object task;
    for (const model::Work& work : works) {
        WriteStep::Written written = std::visit(WriteStep{}, work);
        if (written.set.empty()) continue;
        json::value& set = task[written.set];
        if (set.is_null()) set = json::array();
        set.as_array().push_back(std::move(written.input));
    }
    return task;
}

}  // namespace hookreel::dialect::tencent_vod
