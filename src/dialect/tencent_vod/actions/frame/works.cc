#include "dialect/tencent_vod/actions/frame/works.h"

#include <fmt/format.h>

#include <array>

#include "dialect/tencent_vod/actions/frame/overlay_parts.h"
#include "media/ffmpeg/presets.h"

namespace hookreel::dialect::tencent_vod {
namespace {

constexpr std::size_t works_max = 100;
constexpr std::size_t offsets_max = 1000;

}  // namespace

std::unexpected<WireError> not_available(std::string_view parameter) {
    return refuse("FailedOperation",
                  fmt::format("`{}` is not available on this server yet.", parameter));
}

Answer<void> refuse_any(const Members& members, std::span<const std::string_view> unavailable) {
    for (std::string_view member : unavailable)
        if (members.has(member)) return not_available(member);
    return {};
}

namespace {

using Works = std::vector<model::Work>;

Answer<model::Work> transcode(const Members& input) {
    constexpr std::array<std::string_view, 7> unavailable = {
        "WatermarkSet", "TraceWatermark",    "CopyRightWatermark", "BlindWatermark",
        "HeadTailSet",  "OverrideParameter", "SubtitleInfoSet"};
    if (Answer<void> fine = refuse_any(input, unavailable); !fine)
        return std::unexpected(std::move(fine.error()));
    model::TranscodeWork work;
    work.definition = *input.natural("Definition");
    work.start_offset = input.real("StartTimeOffset").value_or(0);
    work.end_offset = input.real("EndTimeOffset").value_or(0);
    Answer<std::vector<model::Mosaic>> mosaics = read_mosaics(input);
    if (!mosaics) return std::unexpected(std::move(mosaics.error()));
    work.mosaics = std::move(*mosaics);
    return work;
}

Answer<model::Work> cover(const Members& input) {
    if (input.has("WatermarkSet")) return not_available("WatermarkSet");
    const Result<model::Position> position =
        parse_enum<model::Position>(*input.text("PositionType"));
    if (!position) return refuse("InvalidParameterValue", "PositionType must be Time or Percent.");
    return model::CoverWork{
        *input.natural("Definition"), *position, *input.real("PositionValue"), {}};
}

Answer<model::Work> snapshots(const Members& input) {
    if (input.has("WatermarkSet")) return not_available("WatermarkSet");
    model::SnapshotWork work;
    work.definition = *input.natural("Definition");
    work.offsets = input.texts("ExtTimeOffsetSet");
    work.offsets_ms = input.reals("TimeOffsetSet");
    if (work.offsets.size() + work.offsets_ms.size() > offsets_max)
        return refuse("InvalidParameterValue", "At most 1000 time offsets are taken.");
    return work;
}

Answer<model::Work> samples(const Members& input) {
    if (input.has("WatermarkSet")) return not_available("WatermarkSet");
    model::SampleWork work;
    work.definition = *input.natural("Definition");
    if (const media::SampleTemplate* preset = media::find_sample_template(work.definition)) {
        work.sample_type = preset->sample_type;
        work.interval = preset->interval;
    }
    return work;
}

Answer<model::Work> animation(const Members& input) {
    model::AnimationWork work;
    work.definition = *input.natural("Definition");
    work.start_offset = *input.real("StartTimeOffset");
    work.end_offset = *input.real("EndTimeOffset");
    return work;
}

Answer<model::Work> sprite(const Members& input) {
    model::SpriteWork work;
    work.definition = *input.natural("Definition");
    return work;
}

Answer<model::Work> adaptive(const Members& input) {
    constexpr std::array<std::string_view, 7> unavailable = {
        "WatermarkSet",    "TraceWatermark", "CopyRightWatermark", "BlindWatermark", "SubtitleSet",
        "SubtitleInfoSet", "DrmInfo"};
    if (Answer<void> fine = refuse_any(input, unavailable); !fine)
        return std::unexpected(std::move(fine.error()));
    model::AdaptiveWork work;
    work.definition = *input.natural("Definition");
    if (media::is_encrypted_template(work.definition))
        return refuse("FailedOperation",
                      fmt::format("AdaptiveDynamicStreamingTaskSet: template {} encrypts, which "
                                  "this server does not do.",
                                  work.definition));
    return work;
}

// The sets of MediaProcessTask that are built, in the order of their results.
struct Kind {
    std::string_view set;
    Answer<model::Work> (*read)(const Members&);
};
constexpr std::array kinds = {
    Kind{"TranscodeTaskSet", transcode},
    Kind{"AnimatedGraphicTaskSet", animation},
    Kind{"SnapshotByTimeOffsetTaskSet", snapshots},
    Kind{"SampleSnapshotTaskSet", samples},
    Kind{"ImageSpriteTaskSet", sprite},
    Kind{"CoverBySnapshotTaskSet", cover},
    Kind{"AdaptiveDynamicStreamingTaskSet", adaptive},
};

}  // namespace

Answer<Works> read_works(const Members& parameters) {
    Works works;
    const std::optional<Members> task = parameters.object("MediaProcessTask");
    if (!task) return works;
    for (const Kind& kind : kinds) {
        for (const Members& input : task->objects(kind.set)) {
            Answer<model::Work> work = kind.read(input);
            if (!work) return std::unexpected(std::move(work.error()));
            if (works.size() == works_max)
                return refuse("InvalidParameterValue", "At most 100 tasks are taken in one call.");
            works.push_back(std::move(*work));
        }
    }
    return works;
}

}  // namespace hookreel::dialect::tencent_vod
