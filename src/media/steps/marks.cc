#include "media/steps/marks.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace hookreel::media {
namespace {

using model::Failure;

constexpr process::Limits drawing_limits{.time_max = std::chrono::minutes(2),
                                         .cpu_seconds_max = 10,
                                         .memory_bytes_max = 2ull << 30,
                                         .file_bytes_max = 256ull << 20};

// Which of the marks it is, and the sizes of what is marked.
struct Place {
    std::size_t number;
    const std::vector<Size>& canvases;
};

std::unexpected<StepFailure> refuse(Failure failure, std::string message) {
    return std::unexpected(StepFailure{failure, std::move(message)});
}

// Blocking.
StepResult<std::string> text_file(const StepRun& run, const model::Watermark& use,
                                  const model::TextMark& mark, std::size_t number) {
    if (use.text.empty())
        return refuse(Failure::invalid_input, "Invalid input: a text watermark needs a text");
    if (!use.drawing.empty())
        return refuse(Failure::invalid_input, "Invalid input: a text watermark has no drawing");
    if (!open_to_read(std::string(font_file(mark.font))))
        return refuse(Failure::configuration_unsupported,
                      "Invalid input: the font of this watermark is not installed here");
    std::string name = fmt::format("mark_{}.txt", number);
    if (Result<void> written = write_text(work_path(run, name), use.text); !written)
        return std::unexpected(step_failure(std::move(written.error())));
    return name;
}

// Blocking.
StepResult<std::string> image_file(const StepRun& run, const model::Watermark& use,
                                   const model::ImageMark& mark) {
    if (!use.text.empty() || !use.drawing.empty())
        return refuse(Failure::invalid_input,
                      "Invalid input: a watermark of an image has no text and no drawing");
    std::string path = absolute_path(run, mark.path);
    const Result<Descriptor> opened = open_to_read(path);
    if (!opened && opened.error().code == Code::not_found)
        return std::unexpected(step_failure(Failure::definition_not_exist));
    if (!opened) return std::unexpected(step_failure(opened.error()));
    return path;
}

// Looked at by itself: what cannot be decoded would else look like a fault of the source.
Task<StepResult<void>> check_image(StepRun& run, const Mark& mark) {
    std::vector<std::string> arguments = mark_check_arguments(mark);
    const StepResult<process::Exit> exit = co_await run_ffmpeg(run, std::move(arguments));
    if (!exit) co_return std::unexpected(exit.error());
    if (exit->status != 0)
        co_return refuse(Failure::invalid_input,
                         "Invalid input: the picture of a watermark cannot be decoded");
    co_return StepResult<void>{};
}

Task<StepResult<std::string>> image_of(StepRun& run, const model::Watermark& use,
                                       const model::WatermarkTemplate& look) {
    const auto find = [&] { return image_file(run, use, *look.image); };
    StepResult<std::string> file = co_await run.tools.files.run(find);
    if (!file) co_return file;
    run.more_sources.push_back(*file);
    const Mark mark{.look = look, .file = *file};
    StepResult<void> checked = co_await check_image(run, mark);
    if (!checked) co_return std::unexpected(std::move(checked.error()));
    co_return file;
}

// The text of a drawing, and what its letters are drawn with; where the fonts lie is known already
// then, and need not be searched. Blocking.
StepResult<std::vector<std::string>> drawing_sources(const StepRun& run,
                                                     const model::Watermark& use) {
    if (use.drawing.empty() || !use.text.empty())
        return refuse(Failure::invalid_input,
                      "Invalid input: a watermark in SVG needs its SVG, and has no text");
    std::vector<std::string> sources = {absolute_path(run, use.drawing)};
    const Result<Descriptor> opened = open_to_read(sources.front());
    if (!opened && opened.error().code == Code::not_found)
        return refuse(Failure::internal_error, "Internal error: the SVG of a watermark is gone");
    if (!opened) return std::unexpected(step_failure(opened.error()));
    for (const std::string path : {"/etc/fonts", "/var/cache/fontconfig"}) {
        std::error_code ignored;
        if (std::filesystem::is_directory(path, ignored)) sources.push_back(path);
    }
    return sources;
}

// The picture of a drawing. Its maker's arithmetic must not hold a worker up: what takes longer
// than any honest drawing is none.
Task<StepResult<std::string>> picture_of(StepRun& run, const model::Watermark& use,
                                         const model::DrawnMark& mark, Drawn drawn) {
    const auto find = [&] { return drawing_sources(run, use); };
    StepResult<std::vector<std::string>> sources = co_await run.tools.files.run(find);
    if (!sources) co_return std::unexpected(std::move(sources.error()));
    drawn.path = sources->front();
    FfmpegRun what{drawing_arguments(drawn), std::move(*sources), run.work.path(), drawing_limits};
    const StepResult<process::Exit> exit = co_await run_ffmpeg(run.tools, std::move(what));
    if (!exit && exit.error().fault) co_return std::unexpected(exit.error());
    std::string path = work_path(run, drawn.picture);
    const auto look = [&path] { return is_gone(path); };
    const bool is_missing = co_await run.tools.files.run(look);
    if (exit && exit->status == 0 && !is_missing) co_return path;
    const bool has_size = mark.width.value > 0 || mark.height.value > 0;
    co_return refuse(
        Failure::invalid_input,
        fmt::format("Invalid input: the SVG of a watermark cannot be drawn{}, or not "
                    "within {} s",
                    has_size ? "" : " in the size that it says", drawing_limits.cpu_seconds_max));
}

Task<StepResult<std::string>> file_of(StepRun& run, const model::Watermark& use,
                                      const model::WatermarkTemplate& look, Place place) {
    if (look.image) co_return co_await image_of(run, use, look);
    if (look.drawn) {
        Drawn drawn{.path = {},
                    .size = sharp_size(*look.drawn, place.canvases),
                    .picture = fmt::format("mark_{}.png", place.number)};
        co_return co_await picture_of(run, use, *look.drawn, std::move(drawn));
    }
    const auto write = [&] { return text_file(run, use, *look.text, place.number); };
    co_return co_await run.tools.files.run(write);
}

}  // namespace

Task<StepResult<std::vector<Mark>>> make_marks(StepRun& run, std::vector<model::Watermark> uses,
                                               std::vector<Size> canvases) {
    std::vector<Mark> marks;
    for (std::size_t i = 0; i < uses.size(); ++i) {
        const model::Watermark& use = uses[i];
        const auto found = std::ranges::find(run.own.watermarks, use.definition,
                                             &model::WatermarkTemplate::definition);
        if (found == run.own.watermarks.end())
            co_return std::unexpected(step_failure(Failure::definition_not_exist));
        StepResult<std::string> file = co_await file_of(run, use, *found, Place{i, canvases});
        if (!file) co_return std::unexpected(std::move(file.error()));
        marks.push_back({.look = *found,
                         .file = std::move(*file),
                         .offsets = {.start = use.start_offset, .end = use.end_offset}});
    }
    co_return marks;
}

}  // namespace hookreel::media
