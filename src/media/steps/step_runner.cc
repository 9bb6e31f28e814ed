#include "media/steps/step_runner.h"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>

#include "media/files/local_library.h"
#include "media/steps/adaptive_step.h"
#include "media/steps/animation_step.h"
#include "media/steps/picture_step.h"
#include "media/steps/sprite_step.h"
#include "media/steps/transcode_step.h"

namespace hookreel::media {
namespace {

using Metadata = std::optional<model::Metadata>;
using Own = model::OwnTemplates;

std::int64_t milliseconds(double seconds) {
    return std::llround(seconds * 1000);
}

model::PictureSet picture_set(const auto& work, const std::vector<double>& times,
                              std::vector<std::string> paths) {
    model::PictureSet set{.definition = work.definition, .pictures = {}};
    for (const model::Watermark& mark : work.watermarks)
        set.watermarks.push_back(mark.definition);
    for (std::size_t i = 0; i < paths.size(); ++i)
        set.pictures.push_back({milliseconds(times[i]), std::move(paths[i])});
    return set;
}

// What can be refused without a working folder.
StepResult<void> check(const model::TranscodeWork& work, const Metadata& source, const Own& own) {
    if (const auto found = template_for(work, source, own); !found)
        return std::unexpected(found.error());
    if (const auto range = range_of(work, source->duration); !range)
        return std::unexpected(range.error());
    return {};
}
StepResult<void> check(const model::SpriteWork& work, const Metadata& source, const Own& own) {
    if (const auto sheets = sheets_of(work, source, own); !sheets)
        return std::unexpected(sheets.error());
    return {};
}
StepResult<void> check(const model::AnimationWork& work, const Metadata& source, const Own& own) {
    if (const auto picture = animation_of(work, source, own); !picture)
        return std::unexpected(picture.error());
    return {};
}
StepResult<void> check(const model::AdaptiveWork& work, const Metadata& source, const Own& own) {
    if (const auto plan = adaptive_of(work, source, own); !plan)
        return std::unexpected(plan.error());
    return {};
}
// Nobody here can: it is not brought to this place.
StepResult<void> check(const model::ServiceWork&, const Metadata&, const Own&) {
    return std::unexpected(step_failure(model::Failure::internal_error));
}
template <class PictureWork>
StepResult<void> check(const PictureWork& work, const Metadata& source, const Own& own) {
    if (const auto look = look_of(work, own); !look) return std::unexpected(look.error());
    if (const auto times = times_of(work, source, own); !times)
        return std::unexpected(times.error());
    return {};
}

// The work with its output, and a warning in `message` if there is one.
using Done = StepResult<StepOutcome>;

Task<Done> perform(StepRun& run, model::TranscodeWork work) {
    StepResult<TranscodeOutcome> made = co_await transcode(run, work);
    if (!made) co_return std::unexpected(std::move(made.error()));
    work.output = std::move(made->rendition);
    co_return StepOutcome{std::move(work), model::Failure::none, std::move(made->warning)};
}

Task<Done> perform(StepRun& run, model::CoverWork work) {
    const StepResult<const SnapshotTemplate*> look = look_of(work, run.own);
    if (!look) co_return std::unexpected(look.error());
    const StepResult<std::vector<double>> times = times_of(work, run.source.metadata, run.own);
    if (!times) co_return std::unexpected(times.error());
    const PictureNames names{"coverBySnapshot", work.definition, *look, work.watermarks};
    StepResult<std::vector<std::string>> paths = co_await make_pictures(run, *times, names);
    if (!paths) co_return std::unexpected(std::move(paths.error()));
    work.output = std::move(paths->front());
    co_return StepOutcome{std::move(work), model::Failure::none, {}};
}

template <class PictureWork>
Task<Done> perform_set(StepRun& run, PictureWork work, std::string_view kind) {
    const StepResult<const SnapshotTemplate*> look = look_of(work, run.own);
    if (!look) co_return std::unexpected(look.error());
    const StepResult<std::vector<double>> times = times_of(work, run.source.metadata, run.own);
    if (!times) co_return std::unexpected(times.error());
    const PictureNames names{kind, work.definition, *look, work.watermarks};
    StepResult<std::vector<std::string>> paths = co_await make_pictures(run, *times, names);
    if (!paths) co_return std::unexpected(std::move(paths.error()));
    work.output = picture_set(work, *times, std::move(*paths));
    co_return StepOutcome{std::move(work), model::Failure::none, {}};
}
Task<Done> perform(StepRun& run, model::SnapshotWork work) {
    co_return co_await perform_set(run, std::move(work), "snapshotByTimeOffset");
}
Task<Done> perform(StepRun& run, model::SampleWork work) {
    const SampleTemplate* const found = find_sample_template(work.definition, run.own);
    Done done = co_await perform_set(run, std::move(work), "sampleSnapshot");
    if (!done) co_return done;
    model::PictureSet& made = *std::get<model::SampleWork>(done->work).output;
    made.sample_type = found->sample_type;
    made.interval = found->interval;
    co_return done;
}
Task<Done> perform(StepRun& run, model::SpriteWork work) {
    StepResult<model::Sprite> made = co_await make_sprite(run, work);
    if (!made) co_return std::unexpected(std::move(made.error()));
    work.output = std::move(*made);
    co_return StepOutcome{std::move(work), model::Failure::none, {}};
}
Task<Done> perform(StepRun& run, model::AnimationWork work) {
    StepResult<model::Animation> made = co_await make_animation(run, work);
    if (!made) co_return std::unexpected(std::move(made.error()));
    work.output = std::move(*made);
    co_return StepOutcome{std::move(work), model::Failure::none, {}};
}

Task<Done> perform(StepRun& run, model::AdaptiveWork work) {
    StepResult<AdaptiveOutcome> made = co_await make_adaptive_stream(run, work);
    if (!made) co_return std::unexpected(std::move(made.error()));
    work.output = std::move(made->stream);
    co_return StepOutcome{std::move(work), model::Failure::none, std::move(made->warning)};
}

Task<Done> perform(StepRun&, model::ServiceWork) {
    co_return std::unexpected(step_failure(model::Failure::internal_error));
}

// Which no quota counts.
bool is_pictures(const model::Work& work) {
    return !std::holds_alternative<model::TranscodeWork>(work) &&
           !std::holds_alternative<model::AnimationWork>(work) &&
           !std::holds_alternative<model::AdaptiveWork>(work);
}

// How much it will be shows at the end, but nothing can be made when there is no room at all.
StepResult<void> check_room(StepOrder& order) {
    if (!order.claim || is_pictures(order.work)) return {};
    Result<void> room = order.claim({}, 0);
    if (!room) return std::unexpected(failure_of_claim(std::move(room.error())));
    return {};
}

// The file to which the output of a work belongs.
const model::FileId& home_of(const model::Work& work, const model::Asset& asset) {
    const auto* const transcode = std::get_if<model::TranscodeWork>(&work);
    return transcode && !transcode->becomes.empty() ? transcode->becomes : asset.id;
}

StepResult<WorkFolder> prepare_folder(const StepTools& tools, const std::string& source) {
    const Result<Descriptor> opened = open_to_read(source);
    if (!opened && opened.error().code == Code::not_found)
        return std::unexpected(step_failure(model::Failure::source_file_error));
    if (!opened) return std::unexpected(step_failure(opened.error()));
    Result<WorkFolder> folder = WorkFolder::create(tools.options.media_folder);
    if (!folder) return std::unexpected(step_failure(std::move(folder.error())));
    return std::move(*folder);
}

Result<StepOutcome> outcome_of(model::Work work, StepFailure failure) {
    if (failure.fault) return fail(std::move(*failure.fault));
    return StepOutcome{std::move(work), failure.failure, std::move(failure.message)};
}

}  // namespace

StepRunner::StepRunner(StepTools tools) : tools_(std::move(tools)) {
    std::string& folder = tools_.options.media_folder;
    folder = std::filesystem::absolute(folder).lexically_normal().string();
    WorkFolder::clear(folder);
}

Task<Result<StepOutcome>> StepRunner::run(StepOrder order, OnProgress on_progress) {
    model::Asset& asset = order.asset;
    model::Work& work = order.work;
    const auto checks = [&](const auto& chosen) {
        return check(chosen, asset.metadata, order.own);
    };
    StepResult<void> checked = std::visit(checks, work);
    if (checked) checked = check_room(order);
    if (!checked) co_return outcome_of(std::move(work), std::move(checked.error()));

    const std::string path = fmt::format("{}/{}", tools_.options.media_folder, asset.path);
    const auto prepare = [this, &path] { return prepare_folder(tools_, path); };
    StepResult<WorkFolder> folder = co_await tools_.files.run(prepare);
    if (!folder) co_return outcome_of(std::move(work), std::move(folder.error()));
    StepRun run{.tools = tools_,
                .source = {.path = path, .metadata = std::move(*asset.metadata)},
                .own = std::move(order.own),
                .place = order.place,
                .folder = library_folder(asset.application, home_of(work, asset)),
                .work = std::move(*folder),
                .on_progress = std::move(on_progress),
                .claim = std::move(order.claim)};
    run.attachable = std::move(order.attachable);
    const auto performs = [&run](const auto& chosen) { return perform(run, chosen); };
    Task<Done> performing = std::visit(performs, work);
    Done done = co_await std::move(performing);
    if (!done && !done.error().fault) {
        const auto look = [&path] { return is_gone(path); };
        const bool gone = co_await tools_.files.run(look);
        if (gone) done = std::unexpected(step_failure(model::Failure::source_file_error));
    }
    const auto remove = [&run] { return remove_all(run.work.path()); };
    co_await tools_.files.run(remove);
    if (!done) co_return outcome_of(std::move(work), std::move(done.error()));
    done->message = done->message.empty() ? "SUCCESS" : "SUCCESS: " + done->message;
    co_return std::move(*done);
}

}  // namespace hookreel::media
