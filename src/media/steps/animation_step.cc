#include "media/steps/animation_step.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hookreel::media {
namespace {

using model::Failure;

Task<StepResult<process::Exit>> draw(StepRun& run, MovingPicture picture) {
    const double length = picture.range.length;
    // Where the sound goes on after the video there would be no picture.
    const double last = time_with_picture(picture.range.start, run.source.metadata);
    picture.range = {.start = last, .length = length};
    process::OnLine on_line = progress_of(run, length);
    std::vector<std::string> arguments = animation_arguments(run.source, picture);
    co_return co_await run_ffmpeg(run, std::move(arguments), std::move(on_line));
}

model::Animation animation(const StepRun& run, const MovingPicture& picture,
                           const OutputFile& file) {
    const Range& range = picture.range;
    const double end = range.start + range.length;
    const std::string_view format = name(picture.preset->format);
    const std::string file_name =
        fmt::format("animatedGraphics_{}_{}_{}.{}", label(run, picture.preset->definition),
                    std::llround(range.start * 1000), std::llround(end * 1000), format);
    return {.definition = picture.preset->definition,
            .path = output_path(run, file_name),
            .container = std::string(format),
            .width = picture.size.width,
            .height = picture.size.height,
            .bitrate = std::llround(static_cast<double>(file.size_bytes) * 8 /
                                    std::max(range.length, 0.001)),
            .size_bytes = static_cast<std::int64_t>(file.size_bytes),
            .md5 = file.md5,
            .start_offset = range.start,
            .end_offset = end};
}

}  // namespace

Task<StepResult<model::Animation>> make_animation(StepRun& run, model::AnimationWork work) {
    const StepResult<MovingPicture> picture = animation_of(work, run.source.metadata, run.own);
    if (!picture) co_return std::unexpected(picture.error());
    const StepResult<process::Exit> exit = co_await draw(run, *picture);
    if (!exit) co_return std::unexpected(exit.error());
    if (exit->status != 0) co_return std::unexpected(failure_of(*exit));
    if (is_cut_off(*exit)) co_return std::unexpected(step_failure(Failure::content_malformed));

    const std::string made = work_path(run, animation_name);
    const auto settle = [&made] { return settle_file(made); };
    const Result<OutputFile> file = co_await run.tools.files.run(settle);
    const bool is_empty = file ? file->size_bytes == 0 : file.error().code == Code::not_found;
    if (is_empty) co_return std::unexpected(step_failure(Failure::content_malformed));
    if (!file) co_return std::unexpected(step_failure(file.error()));
    model::Animation result = animation(run, *picture, *file);
    const StepResult<void> room = claim_room(run, result.path, file->size_bytes);
    if (!room) co_return std::unexpected(room.error());
    const Move move{made, absolute_path(run, result.path)};
    const auto publish = [&move] { return move_file(move); };
    const Result<void> moved = co_await run.tools.files.run(publish);
    if (!moved) co_return std::unexpected(step_failure(moved.error()));
    co_return result;
}

}  // namespace hookreel::media
