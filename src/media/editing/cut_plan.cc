#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "media/editing/edit_plans.h"
#include "media/editing/plan_sources.h"

namespace hookreel::media {
namespace {

using model::Failure;

constexpr std::uint64_t follow_resolution = 10;
constexpr std::uint64_t follow_bitrate = 20;

// The source whose size, rate and bitrate the output has: the first of the best.
const Source* reference(const RenderPlan& plan, std::uint64_t definition) {
    const auto rank = [definition](const Source& source) {
        const model::VideoStream& video = source.metadata.video.front();
        return definition == follow_bitrate ? video.bitrate
                                            : source.metadata.width * source.metadata.height;
    };
    const Source* best = nullptr;
    for (const Source& source : plan.sources)
        if (has_picture(source) && (!best || rank(source) > rank(*best))) best = &source;
    return best;
}

PictureFormat picture_format(const Source& source, const model::PictureWish& wish) {
    PictureFormat format;
    const Size shown = square_size(source.metadata);
    const Fitting wanted{
        .width = static_cast<int>(wish.width),
        .height = static_cast<int>(wish.height),
        .sides = wish.is_adaptive ? model::Sides::long_and_short : model::Sides::as_named};
    format.size = fitted_size(wanted, shown);
    if (wish.codec == "libx265") format.codec = PictureFormat::Codec::h265;
    format.kbps = wish.kbps;
    // As much as that source has, and some room: it is encoded again.
    format.kbps_max = source.metadata.video.front().bitrate * 3 / 2 / 1000;
    return format;
}

// Begin and end of a piece, in seconds.
StepResult<Range> range_of_piece(const model::CutPiece& piece, const Source& source) {
    const double duration = seconds_of_source(source);
    model::TranscodeWork as_work;
    as_work.start_offset = piece.start;
    as_work.end_offset = piece.end;
    const StepResult<std::optional<Range>> found = range_of(as_work, duration);
    if (!found) return std::unexpected(found.error());
    return found->value_or(Range{0, duration});
}

Slice slice_of(const RenderPlan& plan, std::size_t source, Range range) {
    Slice slice;
    slice.frames = std::max<std::int64_t>(1, frames_in(range.length, plan.rate));
    if (plan.picture && has_picture(plan.sources[source])) {
        Layer layer;
        layer.source = source;
        layer.start = range.start;
        layer.size = plan.picture->size;
        layer.fit = Layer::Fit::inside;
        layer.center_x = static_cast<double>(plan.picture->size.width) / 2;
        layer.center_y = static_cast<double>(plan.picture->size.height) / 2;
        slice.images.emplace_back(std::move(layer));
    }
    if (plan.sound && has_sound(plan.sources[source]))
        slice.voices.push_back({source, range.start});
    return slice;
}

}  // namespace

StepResult<RenderPlan> plan_cut(const PlanInput& input, const model::Cut& work) {
    if (work.definition != follow_resolution && work.definition != follow_bitrate)
        return refused(Failure::definition_not_exist);
    RenderPlan plan;
    plan.type = input.request.type == "hls" ? OutputType::hls : OutputType::mp4;
    if (StepResult<void> added = add_sources(plan, input, Stills::refused); !added)
        return std::unexpected(std::move(added.error()));
    if (const Source* const followed = reference(plan, work.definition)) {
        plan.picture = picture_format(*followed, work.picture);
        plan.rate = work.picture.fps > 0 ? FrameRate{work.picture.fps, 1}
                                         : frame_rate_of(followed->metadata);
    } else {
        plan.rate = sound_only_rate;
    }
    if (std::ranges::any_of(plan.sources, has_sound)) plan.sound = SoundFormat{};
    const std::vector<model::FileId> files = model::sources_of(model::EditWork(work));
    double seconds = 0;
    for (const model::CutPiece& piece : work.pieces) {
        const auto source =
            static_cast<std::size_t>(std::ranges::find(files, piece.file) - files.begin());
        const StepResult<Range> range = range_of_piece(piece, plan.sources[source]);
        if (!range) return std::unexpected(range.error());
        seconds += range->length;
        if (seconds > edit_seconds_max) return refused(Failure::invalid_input);
        plan.slices.push_back(slice_of(plan, source, *range));
    }
    return plan;
}

}  // namespace hookreel::media
