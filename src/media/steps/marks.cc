#include "media/steps/marks.h"

#include <fmt/format.h>

#include <algorithm>

namespace hookreel::media {
namespace {

using model::Failure;

std::unexpected<StepFailure> refuse(Failure failure, std::string message) {
    return std::unexpected(StepFailure{failure, std::move(message)});
}

// Blocking.
StepResult<std::string> text_file(const StepRun& run, const model::Watermark& use,
                                  const model::TextMark& mark, std::size_t number) {
    if (use.text.empty())
        return refuse(Failure::invalid_input, "Invalid input: a text watermark needs a text");
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
    if (!use.text.empty())
        return refuse(Failure::invalid_input, "Invalid input: a watermark of an image has no text");
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

}  // namespace

Task<StepResult<std::vector<Mark>>> make_marks(StepRun& run, std::vector<model::Watermark> uses) {
    std::vector<Mark> marks;
    for (std::size_t i = 0; i < uses.size(); ++i) {
        const model::Watermark& use = uses[i];
        const auto found = std::ranges::find(run.own.watermarks, use.definition,
                                             &model::WatermarkTemplate::definition);
        if (found == run.own.watermarks.end())
            co_return std::unexpected(step_failure(Failure::definition_not_exist));
        const auto prepare = [&] {
            return found->image ? image_file(run, use, *found->image)
                                : text_file(run, use, *found->text, i);
        };
        StepResult<std::string> file = co_await run.tools.files.run(prepare);
        if (!file) co_return std::unexpected(std::move(file.error()));
        const bool is_image = found->image.has_value();
        if (is_image) run.more_sources.push_back(*file);
        marks.push_back({.look = *found,
                         .file = std::move(*file),
                         .offsets = {.start = use.start_offset, .end = use.end_offset}});
        if (!is_image) continue;
        StepResult<void> checked = co_await check_image(run, marks.back());
        if (!checked) co_return std::unexpected(std::move(checked.error()));
    }
    co_return marks;
}

}  // namespace hookreel::media
