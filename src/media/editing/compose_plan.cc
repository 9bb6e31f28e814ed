#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "media/editing/edit_plans.h"
#include "media/editing/plan_sources.h"
#include "media/editing/track_layout.h"

namespace hookreel::media {
namespace {

using model::Failure;

struct TransitionName {
    std::string_view ours;
    std::string_view xfade;
};
// Tencent's TransitionOperation.Type where ffmpeg 5.1 has the same.
constexpr std::array transitions = {
    TransitionName{"ImageFadeInFadeOut", "fade"}, TransitionName{"CircleCrop", "circlecrop"},
    TransitionName{"Circleopen", "circleopen"},   TransitionName{"Mosaic", "pixelize"},
    TransitionName{"Radial", "radial"},           TransitionName{"Squeeze", "squeezeh"},
    TransitionName{"WipeDown", "wipedown"},       TransitionName{"WipeLeft", "wipeleft"},
    TransitionName{"WipeRight", "wiperight"},     TransitionName{"WipeUp", "wipeup"},
};

// The first video item of the first video track that has one: canvas and rate follow it.
const Source* leading_source(const RenderPlan& plan, const model::Composition& work,
                             const std::vector<model::FileId>& files) {
    for (const model::Track& track : work.tracks)
        for (const model::TrackItem& item : track.items) {
            const auto* const video = std::get_if<model::VideoItem>(&item);
            if (!video) continue;
            const Source& source = plan.sources[static_cast<std::size_t>(
                std::ranges::find(files, video->file) - files.begin())];
            if (has_picture(source)) return &source;
        }
    return nullptr;
}

bool wants_picture(const model::Composition& work) {
    return work.video == model::Part::keep &&
           std::ranges::any_of(work.tracks, [](const model::Track& track) {
               return track.type != model::Track::Type::audio && !track.items.empty();
           });
}

StepResult<PictureFormat> picture_format(const model::Composition& work, const Source* leading) {
    PictureFormat format;
    const model::Canvas canvas = work.canvas.value_or(model::Canvas{});
    const Size shown = leading ? fitted_size({}, square_size(leading->metadata)) : Size{};
    Fitting wanted{.sides = model::Sides::as_named};
    wanted.width = static_cast<int>(canvas.width > 0 ? canvas.width : shown.width);
    wanted.height = static_cast<int>(canvas.height > 0 ? canvas.height : shown.height);
    if (wanted.width == 0 || wanted.height == 0) {
        StepFailure failure = step_failure(Failure::invalid_input);
        failure.message += ": without a video the canvas needs a size";
        return std::unexpected(std::move(failure));
    }
    format.size = fitted_size(wanted, {});
    format.background = canvas.color;
    if (work.picture && work.picture->codec == "libx265") format.codec = PictureFormat::Codec::h265;
    return format;
}

SoundFormat sound_format(const model::Composition& work) {
    SoundFormat format;
    if (!work.sound) return format;
    if (work.sound->sample_rate > 0) format.sample_rate = work.sound->sample_rate;
    if (work.sound->channels > 0) format.channels = work.sound->channels;
    if (work.sound->kbps > 0) format.kbps = work.sound->kbps;
    return format;
}

double pixels(const model::Length& length, std::int64_t side) {
    return length.unit == model::Length::Unit::percent
               ? length.value / 100 * static_cast<double>(side)
               : length.value;
}

std::int64_t side_of(const model::Length& length, std::int64_t side) {
    constexpr std::int64_t side_max = 8192;
    if (length.unit == model::Length::Unit::unset) return 0;
    const std::int64_t wanted = std::llround(pixels(length, side) / 2) * 2;
    return wanted <= 0 ? 0 : std::clamp<std::int64_t>(wanted, 2, side_max);
}

// Makes the slices out of what the tracks show between two moments.
class Slicer {
 public:
    Slicer(const RenderPlan& plan, const std::vector<TrackLayout>& tracks)
        : plan_(plan), tracks_(tracks) {}

    std::vector<Slice> run(std::int64_t end) const {
        std::set<std::int64_t> moments = {0, end};
        for (const TrackLayout& track : tracks_)
            for (const PlacedItem& item : track.items) {
                moments.insert(std::min(item.begin, end));
                moments.insert(std::min(item.end, end));
            }
        std::vector<Slice> slices;
        for (auto at = moments.begin(); std::next(at) != moments.end(); ++at)
            slices.push_back(slice(*at, *std::next(at)));
        return slices;
    }

 private:
    Slice slice(std::int64_t begin, std::int64_t end) const {
        Slice made;
        made.frames = end - begin;
        for (const TrackLayout& track : tracks_) {
            const auto overlap = std::ranges::find_if(track.overlaps, [begin](const Overlap& each) {
                return each.begin <= begin && begin < each.end;
            });
            if (overlap != track.overlaps.end())
                add_overlap(made, track, *overlap, begin);
            else
                for (const PlacedItem& item : track.items)
                    if (item.begin <= begin && begin < item.end) add_item(made, item, begin);
        }
        return made;
    }

    void add_item(Slice& to, const PlacedItem& item, std::int64_t begin) const {
        if (plan_.picture && item.placement) to.images.emplace_back(layer(item, begin));
        if (plan_.sound && item.gain > 0) to.voices.push_back(voice(item, begin));
    }

    void add_overlap(Slice& to, const TrackLayout& track, const Overlap& overlap,
                     std::int64_t begin) const {
        const PlacedItem& first = track.items[overlap.from];
        const PlacedItem& second = track.items[overlap.from + 1];
        if (plan_.picture && first.placement && !overlap.transition.empty()) {
            to.images.emplace_back(
                Crossfade{.from = layer(first, begin),
                          .to = layer(second, begin),
                          .transition = overlap.transition,
                          .elapsed = seconds_of(begin - overlap.begin, plan_.rate),
                          .length = seconds_of(overlap.end - overlap.begin, plan_.rate)});
        } else if (plan_.picture && first.placement) {
            to.images.emplace_back(layer(first, begin));
            to.images.emplace_back(layer(second, begin));
        }
        if (!plan_.sound) return;
        const auto length = static_cast<double>(overlap.end - overlap.begin);
        double before = static_cast<double>(begin - overlap.begin) / length;
        double after = static_cast<double>(begin + to.frames - overlap.begin) / length;
        for (const PlacedItem* item : {&first, &second}) {
            if (item->gain <= 0) continue;
            Voice made = voice(*item, begin);
            const bool is_first = item == &first;
            if (overlap.sound == Overlap::Sound::fade) {
                made.gain_begin *= is_first ? 1 - before : before;
                made.gain_end *= is_first ? 1 - after : after;
            }
            to.voices.push_back(made);
        }
    }

    double start_at(const PlacedItem& item, std::int64_t begin) const {
        return item.start + seconds_of(begin - item.begin, plan_.rate) * item.speed;
    }

    Voice voice(const PlacedItem& item, std::int64_t begin) const {
        return {item.source, start_at(item, begin), item.speed, item.gain, item.gain};
    }

    Layer layer(const PlacedItem& item, std::int64_t begin) const {
        const Size canvas = plan_.picture->size;
        Layer made;
        made.source = item.source;
        made.start = start_at(item, begin);
        made.speed = item.speed;
        made.size = {side_of(item.placement->width, canvas.width),
                     side_of(item.placement->height, canvas.height)};
        made.center_x =
            static_cast<double>(canvas.width) / 2 + pixels(item.placement->x, canvas.width);
        made.center_y =
            static_cast<double>(canvas.height) / 2 + pixels(item.placement->y, canvas.height);
        made.operations = item.operations;
        return made;
    }

    const RenderPlan& plan_;
    const std::vector<TrackLayout>& tracks_;
};

bool is_heard(const TrackLayout& track) {
    return std::ranges::any_of(track.items, [](const PlacedItem& item) { return item.gain > 0; });
}

// Rate and picture, which the layout of the tracks counts in.
StepResult<void> choose_picture(RenderPlan& plan, const model::Composition& work,
                                const std::vector<model::FileId>& files) {
    plan.rate = sound_only_rate;
    if (plan.type == OutputType::mp3 || !wants_picture(work)) return {};
    const Source* const leading = leading_source(plan, work, files);
    StepResult<PictureFormat> format = picture_format(work, leading);
    if (!format) return std::unexpected(std::move(format.error()));
    plan.picture = *format;
    plan.rate = leading ? frame_rate_of(leading->metadata) : FrameRate{};
    if (work.picture && work.picture->fps > 0) plan.rate = {work.picture->fps, 1};
    return {};
}

}  // namespace

std::string_view xfade_of(std::string_view transition) {
    const auto found = std::ranges::find(transitions, transition, &TransitionName::ours);
    return found == transitions.end() ? std::string_view() : found->xfade;
}

StepResult<RenderPlan> plan_composition(const PlanInput& input, const model::Composition& work) {
    const std::vector<model::FileId> files = model::sources_of(input.request.work);
    RenderPlan plan;
    plan.type = input.request.type == "mp3" ? OutputType::mp3 : OutputType::mp4;
    StepResult<void> done = add_sources(plan, input, Stills::taken);
    if (done) done = choose_picture(plan, work, files);
    if (!done) return std::unexpected(std::move(done.error()));
    std::vector<TrackLayout> tracks;
    for (const model::Track& track : work.tracks) {
        StepResult<TrackLayout> layout = lay_out(track, plan, files);
        if (!layout) return std::unexpected(std::move(layout.error()));
        tracks.push_back(std::move(*layout));
    }
    std::int64_t end = 0;
    for (const TrackLayout& track : tracks)
        end = std::max(end, track.end);
    if (work.audio == model::Part::keep && std::ranges::any_of(tracks, is_heard))
        plan.sound = sound_format(work);
    if (plan.type == OutputType::mp3 && !plan.sound) return refused(Failure::content_unsupported);
    if (end == 0 || (!plan.picture && !plan.sound) || seconds_of(end, plan.rate) > edit_seconds_max)
        return refused(Failure::invalid_input);
    plan.slices = Slicer(plan, tracks).run(end);
    return plan;
}

StepResult<RenderPlan> plan_of(const PlanInput& input) {
    if (const auto* const cut = std::get_if<model::Cut>(&input.request.work))
        return plan_cut(input, *cut);
    return plan_composition(input, std::get<model::Composition>(input.request.work));
}

}  // namespace hookreel::media
