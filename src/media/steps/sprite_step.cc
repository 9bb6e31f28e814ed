#include "media/steps/sprite_step.h"

#include <fmt/format.h>

namespace hookreel::media {
namespace {

using model::Failure;

constexpr std::string_view vtt_name = "sprite.vtt";

std::string final_sheet_name(const StepRun& run, const SpriteTemplate& preset, std::size_t index) {
    return fmt::format("imageSprite_{}_{}.{}", label(run, preset.definition), index,
                       name(preset.format));
}

model::Sprite sprite_of(const StepRun& run, const SpriteSheets& sheets) {
    const SpriteTemplate& preset = *sheets.preset;
    model::Sprite sprite{.definition = preset.definition,
                         .width = sheets.cell.width,
                         .height = sheets.cell.height,
                         .count = sheets.count,
                         .sheets = {},
                         .vtt = {}};
    for (std::size_t i = 0; i < sheet_count(sheets); ++i)
        sprite.sheets.push_back(output_path(run, final_sheet_name(run, preset, i)));
    sprite.vtt = output_path(run, fmt::format("imageSprite_{}.vtt", label(run, preset.definition)));
    return sprite;
}

Result<void> take(const Move& move) {
    const Result<OutputFile> settled = settle_file(move.from);
    if (!settled) return fail(settled.error());
    return move_file(move);
}

Result<void> publish(const StepRun& run, const SpriteSheets& sheets, const model::Sprite& sprite,
                     const std::string& vtt) {
    const std::string written = work_path(run, vtt_name);
    if (Result<void> wrote = write_text(written, vtt); !wrote) return wrote;
    for (std::size_t i = 0; i < sprite.sheets.size(); ++i) {
        const Move move{work_path(run, sheet_name(sheets, i)),
                        absolute_path(run, sprite.sheets[i])};
        if (Result<void> taken = take(move); !taken) return taken;
    }
    return take({written, absolute_path(run, sprite.vtt)});
}

// Counts the small pictures too, each of which the program tells.
process::OnLine counting(std::int64_t& drawn, process::OnLine tell) {
    return [&drawn, tell = std::move(tell)](std::string_view line) mutable {
        if (progress_seconds(line)) ++drawn;
        tell(line);
    };
}

}  // namespace

Task<StepResult<model::Sprite>> make_sprite(StepRun& run, model::SpriteWork work) {
    const StepResult<SpriteSheets> sheets = sheets_of(work, run.source.metadata, run.own);
    if (!sheets) co_return std::unexpected(sheets.error());
    std::vector<std::string> arguments = sprite_arguments(run.source, *sheets);
    std::int64_t drawn = 0;
    process::OnLine on_line = counting(drawn, progress_of(run, run.source.metadata.duration));
    const StepResult<process::Exit> exit =
        co_await run_ffmpeg(run, std::move(arguments), std::move(on_line));
    if (!exit) co_return std::unexpected(exit.error());
    if (exit->status != 0) co_return std::unexpected(failure_of(*exit));
    // The rest are repeats of the last one: right where the sound goes on, wrong in half a file.
    if (drawn < sheets->count && is_cut_off(*exit))
        co_return std::unexpected(step_failure(Failure::content_malformed));

    model::Sprite sprite = sprite_of(run, *sheets);
    std::vector<std::string> names;
    for (std::size_t i = 0; i < sprite.sheets.size(); ++i)
        names.push_back(final_sheet_name(run, *sheets->preset, i));
    const std::string vtt = sprite_vtt(*sheets, names, run.source.metadata.duration);
    const auto publishes = [&] { return publish(run, *sheets, sprite, vtt); };
    const Result<void> published = co_await run.tools.files.run(publishes);
    if (published) co_return sprite;
    // ffmpeg ended well without a sheet: the video has no picture at all.
    if (published.error().code == Code::not_found)
        co_return std::unexpected(step_failure(Failure::content_malformed));
    co_return std::unexpected(step_failure(published.error()));
}

}  // namespace hookreel::media
