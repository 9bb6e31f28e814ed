#include "media/steps/picture_step.h"

#include <fmt/format.h>

#include <algorithm>

#include "media/steps/marks.h"

namespace hookreel::media {
namespace {

using model::Failure;

// How far before a time the last picture is looked for when none comes after it.
constexpr double look_back_seconds = 5;

bool exists(const StepRun& run, const SnapshotTemplate& look, std::size_t index) {
    return open_to_read(work_path(run, picture_name(look, index))).has_value();
}

StepResult<void> judge(const StepResult<process::Exit>& exit) {
    if (!exit) return std::unexpected(exit.error());
    if (exit->status != 0) return std::unexpected(failure_of(*exit));
    return {};
}

// At some times there is no picture: the video ends before the sound, or says it is longer than it
// is. Of one that was cut off, the last picture that is left is not the one of this time.
Task<StepResult<void>> make_last_picture(StepRun& run, LastPicture picture, double time) {
    // Where there is no index, a jump may land behind the last key frame: then all is read.
    for (double start = std::max(0.0, time - look_back_seconds);; start = 0) {
        picture.range = {.start = start, .length = std::max(time - start, 0.1)};
        std::vector<std::string> arguments = last_picture_arguments(run.source, picture);
        const StepResult<process::Exit> exit = co_await run_ffmpeg(run, std::move(arguments));
        StepResult<void> judged = judge(exit);
        if (!judged) co_return judged;
        const bool is_cut = is_cut_off(*exit);
        if (!is_cut && exists(run, *picture.look, picture.index)) co_return judged;
        if (is_cut || start == 0) break;
    }
    co_return std::unexpected(step_failure(Failure::content_malformed));
}

Task<StepResult<void>> make_batch(StepRun& run, Pictures pictures) {
    std::vector<std::string> arguments = pictures_arguments(run.source, pictures);
    const StepResult<process::Exit> exit = co_await run_ffmpeg(run, std::move(arguments));
    StepResult<void> judged = judge(exit);
    if (!judged) co_return judged;
    for (std::size_t i = 0; i < pictures.times.size(); ++i) {
        const std::size_t index = pictures.first + i;
        if (exists(run, *pictures.look, index)) continue;
        const LastPicture last{.look = pictures.look, .index = index, .marks = pictures.marks};
        judged = co_await make_last_picture(run, last, pictures.times[i]);
        if (!judged) co_return judged;
    }
    co_return StepResult<void>{};
}

Result<void> publish(const StepRun& run, const SnapshotTemplate& look,
                     const std::vector<std::string>& paths) {
    for (std::size_t i = 0; i < paths.size(); ++i) {
        const Move move{work_path(run, picture_name(look, i)), absolute_path(run, paths[i])};
        const Result<OutputFile> settled = settle_file(move.from);
        if (!settled) return fail(settled.error());
        if (Result<void> moved = move_file(move); !moved) return moved;
    }
    return {};
}

}  // namespace

Task<StepResult<std::vector<std::string>>> make_pictures(StepRun& run, std::vector<double> times,
                                                         PictureNames names) {
    const std::vector<Size> sizes = {picture_size(run.source, *names.look)};
    const StepResult<std::vector<Mark>> marks = co_await make_marks(run, names.watermarks, sizes);
    if (!marks) co_return std::unexpected(marks.error());
    std::vector<std::string> paths;
    for (std::size_t i = 0; i < times.size(); ++i) {
        times[i] = time_with_picture(times[i], run.source.metadata);
        paths.push_back(
            output_path(run, fmt::format("{}_{}_{}.{}", names.kind, label(run, names.definition), i,
                                         name(names.look->format))));
    }
    for (std::size_t first = 0; first < times.size(); first += pictures_at_once_max) {
        const auto begin = times.begin() + static_cast<std::ptrdiff_t>(first);
        const std::size_t count = std::min(pictures_at_once_max, times.size() - first);
        Pictures batch{.look = names.look,
                       .times = {begin, begin + static_cast<std::ptrdiff_t>(count)},
                       .first = first,
                       .marks = *marks};
        const StepResult<void> made = co_await make_batch(run, std::move(batch));
        if (!made) co_return std::unexpected(made.error());
        run.on_progress(static_cast<int>((first + count) * 100 / times.size()));
    }
    const auto work = [&] { return publish(run, *names.look, paths); };
    const Result<void> published = co_await run.tools.files.run(work);
    if (!published) co_return std::unexpected(step_failure(published.error()));
    co_return paths;
}

}  // namespace hookreel::media
