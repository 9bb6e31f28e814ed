#include "media/steps/attachments.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "media/ffmpeg/arguments.h"

namespace hookreel::media {
namespace {

using model::Failure;

// The width of a picture over its height, as it is shown; 0 without one.
double shape_of(const model::Metadata& metadata) {
    if (metadata.video.empty() || metadata.width <= 0 || metadata.height <= 0) return 0;
    const Size size = square_size(metadata);
    return static_cast<double>(size.width) /
           static_cast<double>(std::max<std::int64_t>(size.height, 1));
}

// How far it is from one shape to another: as far from 4:3 to 8:3 as to 2:3.
double distance(double shape, double other) {
    return shape > 0 && other > 0 ? std::abs(std::log(shape / other)) : 0;
}

bool can_be_shown(const model::Asset& asset, Film::Output output) {
    if (asset.path.empty() || !asset.metadata || asset.type == "mpd") return false;
    return output == Film::Output::sound_only || shape_of(*asset.metadata) > 0;
}

// One list of one template.
struct Choice {
    const std::vector<model::FileId>& candidates;
    model::Fill fill;
    std::string_view what;
    std::uint64_t definition;
};

// Nothing when the list is empty.
StepResult<void> choose(StepRun& run, const Choice& choice, const Film& film,
                        std::vector<Attached>& to) {
    if (choice.candidates.empty()) return {};
    const model::Asset* const found = nearest(choice.candidates, run.attachable, film);
    if (!found)
        return std::unexpected(StepFailure{
            Failure::source_file_error,
            fmt::format("Source file error: no {} of template {} can be shown with this film",
                        choice.what, choice.definition)});
    const Source source{absolute_path(run, found->path), *found->metadata};
    if (is_gone(source.path)) return std::unexpected(step_failure(Failure::source_file_error));
    run.more_sources.push_back(readable_path(source));
    to.push_back({source, choice.fill});
    return {};
}

}  // namespace

const model::Asset* nearest(const std::vector<model::FileId>& candidates,
                            const std::vector<model::Asset>& there, const Film& film) {
    const double wanted = shape_of(film.metadata);
    const model::Asset* best = nullptr;
    double best_distance = 0;
    for (const model::FileId& id : candidates) {
        const auto found = std::ranges::find(there, id, &model::Asset::id);
        if (found == there.end() || !can_be_shown(*found, film.output)) continue;
        const double away = distance(shape_of(*found->metadata), wanted);
        // Shapes are of whole pixels: what is this near is the same one.
        constexpr double same = 1e-3;
        if (best && away > best_distance - same) continue;
        best = &*found;
        best_distance = away;
    }
    return best;
}

StepResult<Attachments> make_attachments(StepRun& run, const std::vector<std::uint64_t>& templates,
                                         Film::Output output) {
    Attachments made;
    const Film film{run.source.metadata, output};
    for (const std::uint64_t definition : templates) {
        const auto found = std::ranges::find(run.own.heads_tails, definition,
                                             &model::HeadTailTemplate::definition);
        if (found == run.own.heads_tails.end())
            return std::unexpected(step_failure(Failure::definition_not_exist));
        const Choice head{found->heads, found->fill, "head", definition};
        StepResult<void> chosen = choose(run, head, film, made.heads);
        const Choice tail{found->tails, found->fill, "tail", definition};
        if (chosen) chosen = choose(run, tail, film, made.tails);
        if (!chosen) return std::unexpected(std::move(chosen.error()));
    }
    return made;
}

bool any_is_gone(const Attachments& attachments) {
    const auto is_missing = [](const Attached& one) { return is_gone(one.source.path); };
    return std::ranges::any_of(attachments.heads, is_missing) ||
           std::ranges::any_of(attachments.tails, is_missing);
}

}  // namespace hookreel::media
