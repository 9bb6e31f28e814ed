#include "media/steps/transcode_step.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "media/ffmpeg/encoders.h"
#include "media/ffmpeg/joining.h"
#include "media/steps/attachments.h"
#include "media/steps/marks.h"

namespace hookreel::media {
namespace {

using model::Failure;

std::unexpected<StepFailure> failed(StepFailure failure) {
    return std::unexpected(std::move(failure));
}

// How long the film in the output must become.
double film_seconds(const model::Metadata& source, const Transcode& plan) {
    double whole = source.duration;
    if (!plan.preset->video && source.audio_duration > 0) whole = source.audio_duration;
    if (plan.sound == Sound::drop && source.video_duration > 0) whole = source.video_duration;
    return plan.range ? std::min(plan.range->length, std::max(0.0, whole - plan.range->start))
                      : whole;
}

// How long the output must become.
double expected_seconds(const model::Metadata& source, const Transcode& plan) {
    return film_seconds(source, plan) + attached_seconds(plan);
}

bool tells_length(const model::Metadata& source, const Transcode& plan) {
    const auto tells = [](const Attached& one) { return length_is_exact(one.source.metadata); };
    return length_is_exact(source) && std::ranges::all_of(plan.heads, tells) &&
           std::ranges::all_of(plan.tails, tells);
}

bool is_long_enough(double seconds, const model::Metadata& source, const Transcode& plan) {
    const double expected = expected_seconds(source, plan);
    if (!tells_length(source, plan)) return seconds > 0;
    const bool starts_at_a_key_frame =
        plan.range && plan.preset->video && plan.preset->video->codec == VideoTemplate::Codec::copy;
    if (starts_at_a_key_frame && seconds > expected) return true;
    return has_expected_length(seconds, expected);
}

Task<StepResult<process::Exit>> run_transcode(StepRun& run, const Transcode& plan) {
    process::OnLine on_line = progress_of(run, expected_seconds(run.source.metadata, plan));
    std::vector<std::string> arguments = transcode_arguments(run.source, plan);
    co_return co_await run_ffmpeg(run, std::move(arguments), std::move(on_line));
}

// What an output is called but for its ending: as the original of a file of its own, or as one of
// the renditions of its source.
std::string stem_of(const StepRun& run, const model::TranscodeWork& work) {
    return work.becomes.empty() ? "v.f" + label(run, work.definition) : "f0";
}

Task<StepResult<model::Rendition>> take_file(StepRun& run, const Transcode& plan,
                                             std::string stem) {
    const std::string name = output_name(*plan.preset);
    const std::string final_name = stem + name.substr(name.rfind('.'));
    const std::string made = work_path(run, name);
    const auto settle = [&made] { return settle_file(made); };
    const Result<OutputFile> file = co_await run.tools.files.run(settle);
    if (!file) co_return failed(failure_of_output(file.error()));
    StepResult<model::Metadata> metadata = co_await probe_output(run.tools, made);
    if (!metadata) co_return failed(std::move(metadata.error()));
    if (!is_long_enough(metadata->duration, run.source.metadata, plan))
        co_return failed(step_failure(Failure::content_malformed));
    model::Rendition rendition{.definition = plan.preset->definition,
                               .path = output_path(run, final_name),
                               .md5 = file->md5,
                               .metadata = std::move(*metadata)};
    StepResult<void> room = claim_room(run, rendition.path, file->size_bytes);
    if (!room) co_return failed(std::move(room.error()));
    const Move move{made, absolute_path(run, rendition.path)};
    const auto publish = [&move] { return move_file(move); };
    const Result<void> moved = co_await run.tools.files.run(publish);
    if (!moved) co_return failed(step_failure(moved.error()));
    co_return rendition;
}

Task<StepResult<model::Rendition>> take_playlist(StepRun& run, const Transcode& plan,
                                                 std::string stem) {
    const FolderContents contents{.main = output_name(*plan.preset), .belongs = is_segment};
    const auto settle = [&run, &contents] { return settle_folder(run.work.path(), contents); };
    const Result<OutputFolder> folder = co_await run.tools.files.run(settle);
    if (!folder) co_return failed(failure_of_output(folder.error()));
    if (folder->size_bytes > run.tools.options.output_bytes_max)
        co_return failed(step_failure(Failure::result_file_size_too_large));
    StepResult<model::Metadata> metadata =
        co_await probe_output(run.tools, work_path(run, fmt::format("{}00000.ts", segment_prefix)));
    if (!metadata) co_return failed(std::move(metadata.error()));
    describe_playlist(*metadata, *folder);
    if (!is_long_enough(metadata->duration, run.source.metadata, plan))
        co_return failed(step_failure(Failure::content_malformed));
    const std::string final_folder = output_path(run, stem);
    model::Rendition rendition{.definition = plan.preset->definition,
                               .path = fmt::format("{}/{}", final_folder, contents.main),
                               .md5 = folder->main_md5,
                               .metadata = std::move(*metadata)};
    StepResult<void> room = claim_room(run, rendition.path, folder->size_bytes);
    if (!room) co_return failed(std::move(room.error()));
    const Move move{run.work.path(), absolute_path(run, final_folder)};
    const auto publish = [&move] { return move_folder(move); };
    const Result<void> moved = co_await run.tools.files.run(publish);
    if (!moved) co_return failed(step_failure(moved.error()));
    co_return rendition;
}

// When the sound cannot be decoded, without it.
Task<StepResult<TranscodeOutcome>> encode(StepRun& run, Transcode plan, std::string stem) {
    StepResult<process::Exit> exit = co_await run_transcode(run, plan);
    if (exit && exit->status != 0 && plan.preset->video &&
        may_be_the_sound(*exit, run.source.metadata)) {
        plan.sound = Sound::drop;
        exit = co_await run_transcode(run, plan);
    }
    if (!exit) co_return failed(std::move(exit.error()));
    if (exit->status != 0) co_return failed(failure_of(*exit));
    // Of a long film a head that is missing would not show in the length.
    if (plan.is_joined() && is_cut_off(*exit))
        co_return failed(step_failure(Failure::content_malformed));

    StepResult<model::Rendition> rendition = plan.preset->container == "hls"
                                                 ? co_await take_playlist(run, plan, stem)
                                                 : co_await take_file(run, plan, stem);
    if (!rendition) co_return failed(std::move(rendition.error()));
    // Some broken sound ends well, with a track of no packets or none at all.
    const bool is_mute = plan.preset->audio && !run.source.metadata.audio.empty() &&
                         rendition->metadata.audio.empty();
    co_return TranscodeOutcome{std::move(*rendition),
                               is_mute ? "the sound cannot be decoded and was left out" : ""};
}

}  // namespace

void describe_playlist(model::Metadata& metadata, const OutputFolder& folder) {
    metadata.container = "hls";
    metadata.size_bytes = static_cast<std::int64_t>(folder.size_bytes);
    metadata.duration = playlist_seconds(folder.main_text);
    metadata.bitrate = std::llround(static_cast<double>(folder.size_bytes) * 8 /
                                    std::max(metadata.duration, 0.001));
    if (!metadata.video.empty()) metadata.video_duration = metadata.duration;
    if (!metadata.audio.empty()) metadata.audio_duration = metadata.duration;
    if (metadata.video.size() != 1) return;
    std::int64_t audio = 0;
    for (const model::AudioStream& stream : metadata.audio)
        audio += stream.bitrate;
    metadata.video.front().bitrate = std::max<std::int64_t>(0, metadata.bitrate - audio);
}

Task<StepResult<TranscodeOutcome>> transcode(StepRun& run, model::TranscodeWork work) {
    const StepResult<const TranscodeTemplate*> preset =
        template_for(work, run.source.metadata, run.own);
    if (!preset) co_return failed(preset.error());
    const StepResult<std::optional<Range>> range = range_of(work, run.source.metadata.duration);
    if (!range) co_return failed(range.error());
    const Film::Output output =
        (*preset)->video ? Film::Output::pictures : Film::Output::sound_only;
    const auto attach = [&] { return make_attachments(run, work.heads_tails, output); };
    StepResult<Attachments> attached = co_await run.tools.files.run(attach);
    if (!attached) co_return failed(std::move(attached.error()));
    Transcode plan{.preset = *preset,
                   .range = *range,
                   .mosaics = work.mosaics,
                   .threads = run.tools.options.threads,
                   .heads = std::move(attached->heads),
                   .tails = std::move(attached->tails)};
    std::vector<Size> sizes;
    if ((*preset)->video) sizes.push_back(picture_size(run.source, plan));
    StepResult<std::vector<Mark>> marks = co_await make_marks(run, work.watermarks, sizes);
    if (!marks) co_return failed(std::move(marks.error()));
    plan.marks = std::move(*marks);
    StepResult<TranscodeOutcome> made = co_await encode(run, plan, stem_of(run, work));
    if (made || made.error().fault) co_return made;
    const auto look = [&plan] { return any_is_gone({plan.heads, plan.tails}); };
    const bool gone = co_await run.tools.files.run(look);
    if (gone) co_return failed(step_failure(Failure::source_file_error));
    co_return made;
}

}  // namespace hookreel::media
