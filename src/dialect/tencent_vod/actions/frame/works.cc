#include "dialect/tencent_vod/actions/frame/works.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "dialect/tencent_vod/actions/frame/overlay_parts.h"
#include "dialect/tencent_vod/actions/frame/transcode_override.h"
#include "media/ffmpeg/presets.h"

namespace hookreel::dialect::tencent_vod {
namespace {

constexpr std::size_t works_max = 100;
constexpr std::size_t offsets_max = 1000;
constexpr std::size_t heads_tails_max = 10;  // SDK, TranscodeTaskInput.

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
using Own = model::OwnTemplates;

Answer<model::Work> transcode(const Members& input, const Own& own) {
    constexpr std::array<std::string_view, 4> unavailable = {"TraceWatermark", "CopyRightWatermark",
                                                             "BlindWatermark", "SubtitleInfoSet"};
    if (Answer<void> fine = refuse_any(input, unavailable); !fine)
        return std::unexpected(std::move(fine.error()));
    model::TranscodeWork work;
    work.definition = *input.natural("Definition");
    work.start_offset = input.real("StartTimeOffset").value_or(0);
    work.end_offset = input.real("EndTimeOffset").value_or(0);
    Answer<std::vector<model::Mosaic>> mosaics = read_mosaics(input);
    if (!mosaics) return std::unexpected(std::move(mosaics.error()));
    work.mosaics = std::move(*mosaics);
    for (const Members& one : input.objects("HeadTailSet"))
        work.heads_tails.push_back(static_cast<std::uint64_t>(*one.integer("Definition")));
    if (work.heads_tails.size() > heads_tails_max)
        return refuse("InvalidParameterValue", "At most 10 heads and tails are taken in a task.");
    if (!input.has("OverrideParameter")) return work;
    Answer<model::ChangedTemplate> changed =
        read_override(*input.object("OverrideParameter"), work.definition, own);
    if (!changed) return std::unexpected(std::move(changed.error()));
    work.changed = std::move(*changed);
    return work;
}

Answer<model::Work> cover(const Members& input, const Own&) {
    const Result<model::Position> position =
        parse_enum<model::Position>(*input.text("PositionType"));
    if (!position) return refuse("InvalidParameterValue", "PositionType must be Time or Percent.");
    return model::CoverWork{
        *input.natural("Definition"), *position, *input.real("PositionValue"), {}};
}

Answer<model::Work> snapshots(const Members& input, const Own&) {
    model::SnapshotWork work;
    work.definition = *input.natural("Definition");
    work.offsets = input.texts("ExtTimeOffsetSet");
    work.offsets_ms = input.reals("TimeOffsetSet");
    if (work.offsets.size() + work.offsets_ms.size() > offsets_max)
        return refuse("InvalidParameterValue", "At most 1000 time offsets are taken.");
    return work;
}

Answer<model::Work> samples(const Members& input, const Own&) {
    model::SampleWork work;
    work.definition = *input.natural("Definition");
    return work;
}

Answer<model::Work> animation(const Members& input, const Own&) {
    model::AnimationWork work;
    work.definition = *input.natural("Definition");
    work.start_offset = *input.real("StartTimeOffset");
    work.end_offset = *input.real("EndTimeOffset");
    return work;
}

Answer<model::Work> sprite(const Members& input, const Own&) {
    model::SpriteWork work;
    work.definition = *input.natural("Definition");
    return work;
}

Answer<model::Work> adaptive(const Members& input, const Own&) {
    constexpr std::array<std::string_view, 6> unavailable = {
        "TraceWatermark", "CopyRightWatermark", "BlindWatermark",
        "SubtitleSet",    "SubtitleInfoSet",    "DrmInfo"};
    if (Answer<void> fine = refuse_any(input, unavailable); !fine)
        return std::unexpected(std::move(fine.error()));
    model::AdaptiveWork work;
    work.definition = *input.natural("Definition");
    if (media::needs_licences(work.definition))
        return refuse("FailedOperation",
                      fmt::format("AdaptiveDynamicStreamingTaskSet: template {} needs licences of "
                                  "FairPlay or Widevine, which this server does not have; "
                                  "template 12 (SimpleAES) encrypts without.",
                                  work.definition));
    return work;
}

// Of the kinds that have them.
Answer<model::Work> with_watermarks(model::Work work, const Members& input,
                                    SentDrawings& drawings) {
    Answer<std::vector<model::Watermark>> marks = read_watermarks(input, drawings);
    if (!marks) return std::unexpected(std::move(marks.error()));
    const auto put = [&marks](auto& chosen) {
        if constexpr (requires { chosen.watermarks; }) chosen.watermarks = std::move(*marks);
    };
    std::visit(put, work);
    return work;
}

// The sets of MediaProcessTask that are built, in the order of their results.
struct Kind {
    std::string_view set;
    Answer<model::Work> (*read)(const Members&, const Own&);
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

namespace {

// Whether the application's own templates must be known to read these steps.
bool changes_templates(const Members& task) {
    return std::ranges::any_of(task.objects("TranscodeTaskSet"),
                               [](const Members& input) { return input.has("OverrideParameter"); });
}

Answer<Works> works_of(const Members& task, const Own& own, SentDrawings& drawings) {
    Works works;
    for (const Kind& kind : kinds) {
        for (const Members& input : task.objects(kind.set)) {
            Answer<model::Work> work = kind.read(input, own);
            if (work) work = with_watermarks(std::move(*work), input, drawings);
            if (!work) return std::unexpected(std::move(work.error()));
            if (works.size() == works_max)
                return refuse("InvalidParameterValue", "At most 100 tasks are taken in one call.");
            works.push_back(std::move(*work));
        }
    }
    return works;
}

// Actions list the codes of what they take themselves, and not of what a step says.
WireError listed(const schema::Action& action, WireError error) {
    if (action.lists(error.code)) return error;
    const std::string family = error.code.substr(0, error.code.find('.'));
    if (action.lists(family))
        error.code = family;
    else if (family == "InvalidParameterValue" && action.lists("InvalidParameter"))
        error.code = "InvalidParameter";
    return error;
}

// Before anything names them.
Task<Answer<void>> keep_all(const Call& call, std::map<std::string, media::Drawing> drawings) {
    for (auto& [path, drawing] : drawings) {
        const Result<void> kept = co_await call.with.drawings.keep(std::move(drawing));
        if (kept) continue;
        if (kept.error().code == Code::invalid)
            co_return refuse("InvalidParameterValue", "SvgContent: " + kept.error().detail + ".");
        co_return failed(
            call, kept.error(),
            {{Code::too_large, "FailedOperation",
              "The drawings (SvgContent) of what waits in this application take 1 GiB, "
              "which is the most; try again when tasks are done."}});
    }
    co_return Answer<void>();
}

}  // namespace

Task<Answer<Works>> read_works(const Call& call) {
    const std::optional<Members> task = call.parameters.object("MediaProcessTask");
    if (!task) co_return Works();
    Own own;
    if (changes_templates(*task)) {
        Result<Own> found = co_await call.with.templates.own(call.application_id());
        if (!found) co_return failed(call, found.error());
        own = std::move(*found);
    }
    SentDrawings drawings(call.application_id());
    Answer<Works> works = works_of(*task, own, drawings);
    if (!works) co_return std::unexpected(listed(call.action, std::move(works.error())));
    Answer<void> kept = co_await keep_all(call, std::move(drawings).take());
    if (!kept) co_return std::unexpected(listed(call.action, std::move(kept.error())));
    co_return works;
}

}  // namespace hookreel::dialect::tencent_vod
