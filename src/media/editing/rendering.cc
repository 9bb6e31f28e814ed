#include "media/editing/rendering.h"

#include <fmt/format.h>

#include <algorithm>

#include "media/steps/transcode_step.h"

namespace hookreel::media {
namespace {

using model::Failure;

// What of the progress are the slices; the rest is the join.
constexpr double slices_percent = 90;
constexpr double join_percent = 9;

std::unexpected<StepFailure> failed(StepFailure failure) {
    return std::unexpected(std::move(failure));
}

}  // namespace

Task<StepResult<Rendered>> Rendering::run() {
    StepResult<Rendered> made = co_await render();
    if (made || (made.error().fault && made.error().fault->code == Code::cancelled)) co_return made;
    const auto find_missing = [this]() -> bool {
        return std::ranges::any_of(plan_.sources, is_gone, &Source::path);
    };
    const bool is_missing = co_await tools_.files.run(find_missing);
    if (is_missing) co_return failed(step_failure(Failure::source_file_error));
    co_return made;
}

Task<StepResult<Rendered>> Rendering::render() {
    for (std::size_t i = 0; i < plan_.slices.size(); ++i) {
        StepResult<void> sliced = co_await make_slice(i);
        if (!sliced) co_return failed(std::move(sliced.error()));
        done_ += plan_.slices[i].frames;
    }
    StepResult<void> joined = co_await join();
    if (!joined) co_return failed(std::move(joined.error()));
    StepResult<Rendered> made =
        plan_.type == OutputType::hls ? co_await take_playlist() : co_await take_file();
    if (!made) co_return made;
    if (!has_expected_length(made->metadata.duration, seconds_of(frames_of(plan_), plan_.rate)))
        co_return failed(step_failure(Failure::content_malformed));
    made->warning = warning_;
    co_return made;
}

Task<StepResult<void>> Rendering::make_slice(std::size_t index) {
    std::vector<std::string> readable;
    for (const std::size_t source : sources_of(plan_.slices[index]))
        readable.push_back(plan_.sources[source].path);
    const int threads = tools_.options.threads;
    std::vector<std::string> arguments = slice_arguments(plan_, index, Voices::keep, threads);
    StepResult<process::Exit> exit = co_await encode(std::move(arguments), readable);
    const bool may_be_sound = exit && exit->status != 0 && !failure_of(*exit).fault &&
                              plan_.picture && !plan_.slices[index].voices.empty();
    if (may_be_sound) {
        arguments = slice_arguments(plan_, index, Voices::drop, threads);
        exit = co_await encode(std::move(arguments), std::move(readable));
        if (exit && exit->status == 0) warning_ = "some sound cannot be decoded and was left out";
    }
    if (!exit) co_return failed(std::move(exit.error()));
    if (exit->status != 0) co_return failed(failure_of(*exit));
    // What is missing would be shown as a still.
    if (is_cut_off(*exit)) co_return failed(step_failure(Failure::content_malformed));
    co_return StepResult<void>{};
}

Task<StepResult<void>> Rendering::join() {
    const std::string path = fmt::format("{}/{}", work_.path(), slice_list);
    const std::string text = slice_list_text(plan_.slices.size());
    const auto write = [&path, &text] { return write_text(path, text); };
    const Result<void> written = co_await tools_.files.run(write);
    if (!written) co_return failed(step_failure(written.error()));
    is_joining_ = true;
    std::vector<std::string> arguments = join_arguments(plan_);
    StepResult<process::Exit> exit = co_await encode(std::move(arguments), {});
    if (!exit) co_return failed(std::move(exit.error()));
    if (exit->status != 0) co_return failed(failure_of(*exit));
    co_return StepResult<void>{};
}

Task<StepResult<Rendered>> Rendering::take_file() {
    Rendered made;
    made.path = fmt::format("{}/{}", work_.path(), joined_name(plan_.type));
    const auto settle = [&made] { return settle_file(made.path); };
    const Result<OutputFile> file = co_await tools_.files.run(settle);
    if (!file) co_return failed(failure_of_output(file.error()));
    made.md5 = file->md5;
    StepResult<model::Metadata> metadata = co_await probe_output(tools_, made.path);
    if (!metadata) co_return failed(std::move(metadata.error()));
    made.metadata = std::move(*metadata);
    co_return made;
}

Task<StepResult<Rendered>> Rendering::take_playlist() {
    const FolderContents contents{.main = joined_name(plan_.type), .belongs = is_segment};
    const auto settle = [this, &contents] { return settle_folder(work_.path(), contents); };
    const Result<OutputFolder> folder = co_await tools_.files.run(settle);
    if (!folder) co_return failed(failure_of_output(folder.error()));
    if (folder->size_bytes > tools_.options.output_bytes_max)
        co_return failed(step_failure(Failure::result_file_size_too_large));
    StepResult<model::Metadata> metadata =
        co_await probe_output(tools_, fmt::format("{}/{}00000.ts", work_.path(), segment_prefix));
    if (!metadata) co_return failed(std::move(metadata.error()));
    describe_playlist(*metadata, *folder);
    co_return Rendered{work_.path(), folder->main_md5, std::move(*metadata), {}};
}

Task<StepResult<process::Exit>> Rendering::encode(std::vector<std::string> arguments,
                                                  std::vector<std::string> sources) {
    process::OnLine on_line = [this](std::string_view line) {
        if (const std::optional<double> seconds = progress_seconds(line)) tell(*seconds);
    };
    FfmpegRun what{std::move(arguments), std::move(sources), work_.path()};
    co_return co_await run_ffmpeg(tools_, std::move(what), std::move(on_line));
}

void Rendering::tell(double seconds) {
    const double all = std::max(seconds_of(frames_of(plan_), plan_.rate), 0.001);
    const double before = is_joining_ ? 0 : seconds_of(done_, plan_.rate);
    const double part = std::clamp((before + seconds) / all, 0.0, 1.0);
    on_progress_(static_cast<int>(is_joining_ ? slices_percent + part * join_percent
                                              : part * slices_percent));
}

}  // namespace hookreel::media
