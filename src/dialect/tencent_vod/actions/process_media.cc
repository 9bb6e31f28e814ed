#include "dialect/tencent_vod/actions/process_media.h"

#include <fmt/format.h>

#include <array>

#include "dialect/tencent_vod/actions/actions.h"
#include "dialect/tencent_vod/protocol/json_text.h"
#include "media/ffmpeg/presets.h"

namespace hookreel::dialect::tencent_vod {
namespace {

constexpr std::size_t works_max = 100;
constexpr std::size_t session_id_max = 50;         // Spec d.
constexpr std::size_t session_context_max = 1000;  // Spec c.1, Rules.
constexpr std::size_t offsets_max = 1000;

std::unexpected<WireError> not_available(std::string_view parameter) {
    return refuse("FailedOperation",
                  fmt::format("`{}` is not available on this server yet.", parameter));
}

}  // namespace

Answer<void> refuse_any(const Members& members, std::span<const std::string_view> unavailable) {
    for (std::string_view member : unavailable)
        if (members.has(member)) return not_available(member);
    return {};
}

namespace {

using Works = std::vector<model::Work>;

Answer<model::Work> transcode(const Members& input) {
    constexpr std::array<std::string_view, 8> unavailable = {
        "WatermarkSet", "TraceWatermark", "CopyRightWatermark", "BlindWatermark",
        "MosaicSet",    "HeadTailSet",    "OverrideParameter",  "SubtitleInfoSet"};
    if (Answer<void> fine = refuse_any(input, unavailable); !fine)
        return std::unexpected(std::move(fine.error()));
    model::TranscodeWork work;
    work.definition = *input.natural("Definition");
    work.start_offset = input.real("StartTimeOffset").value_or(0);
    work.end_offset = input.real("EndTimeOffset").value_or(0);
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

Answer<media::TaskRequest> read_session(media::TaskRequest request, const Members& parameters) {
    request.session_id = parameters.text_or_empty("SessionId");
    request.session_context = parameters.text_or_empty("SessionContext");
    request.priority = parameters.integer("TasksPriority").value_or(0);
    if (characters(request.session_id) > session_id_max)
        return refuse("InvalidParameterValue.SessionIdTooLong",
                      "SessionId may have 50 characters.");
    if (characters(request.session_context) > session_context_max)
        return refuse("InvalidParameterValue.SessionContextTooLong",
                      "SessionContext may have 1000 characters.");
    if (request.priority < -10 || request.priority > 10)
        return refuse("InvalidParameterValue", "TasksPriority must be from -10 to 10.");
    if (parameters.has("TasksNotifyMode")) {
        const Result<model::NotifyMode> mode =
            parse_enum<model::NotifyMode>(*parameters.text("TasksNotifyMode"));
        if (!mode)
            return refuse("InvalidParameterValue",
                          "TasksNotifyMode must be Finish, Change or None.");
        request.notify = *mode;
    }
    return request;
}

namespace {

Answer<media::TaskRequest> task_request(const Call& call) {
    constexpr std::array<std::string_view, 5> unavailable = {
        "MediaStoragePath", "Url", "AiContentReviewTask", "AiAnalysisTask", "AiRecognitionTask"};
    const Members& parameters = call.parameters;
    if (Answer<void> fine = refuse_any(parameters, unavailable); !fine)
        return std::unexpected(std::move(fine.error()));
    if (parameters.text_or_empty("OutputAsIndependentMedia") == "ON")
        return not_available("OutputAsIndependentMedia");
    if (!parameters.has("FileId"))
        return refuse("InvalidParameterValue.FileId", "FileId is needed.");
    Answer<Works> works = read_works(parameters);
    if (!works) return std::unexpected(std::move(works.error()));
    if (works->empty()) return refuse("InvalidParameterValue", "MediaProcessTask names no task.");
    media::TaskRequest request;
    request.application = call.application_id();
    request.trace = call.request.trace;
    request.file = model::FileId(parameters.text_or_empty("FileId"));
    request.works = std::move(*works);
    return read_session(std::move(request), parameters);
}

}  // namespace

// Whether a template exists is found out by the step, which then fails with its own code.
Task<Answer<std::string>> process_media(const Call& call) {
    Answer<media::TaskRequest> request = task_request(call);
    if (!request) co_return std::unexpected(std::move(request.error()));
    const Result<model::TaskId> task = co_await call.with.tasks.create(std::move(*request));
    if (!task)
        co_return failed(
            call, task.error(),
            {{Code::not_found, "InvalidParameterValue.FileId", "FileId does not exist."},
             {Code::conflict, "InvalidParameterValue.SessionId",
              "The SessionId was used within the last 3 days."}});
    co_return write_members({{"TaskId", task->text()}});
}

}  // namespace hookreel::dialect::tencent_vod
