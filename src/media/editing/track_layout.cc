#include "media/editing/track_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "media/editing/plan_sources.h"

namespace hookreel::media {
namespace {

using model::Failure;

constexpr double tolerance_seconds = 1;
constexpr double speed_max = 16;

bool is_still(const Source& source) {
    return source.metadata.container.empty();
}

double gain_of(const std::vector<model::Volume>& volumes) {
    double gain = 1;
    for (const model::Volume& volume : volumes)
        gain *= volume.is_mute ? 0 : std::pow(10, volume.gain / 20);
    return gain;
}

// Lays the items of one track after each other.
class Layout {
 public:
    Layout(const model::Track& track, const RenderPlan& plan,
           const std::vector<model::FileId>& files)
        : track_(track), plan_(plan), files_(files) {}

    StepResult<TrackLayout> run() {
        for (const model::TrackItem& item : track_.items) {
            const auto place_item = [this](const auto& chosen) { return place(chosen); };
            if (StepResult<void> placed = std::visit(place_item, item); !placed)
                return std::unexpected(std::move(placed.error()));
        }
        if (transition_) return between_two();
        for (const PlacedItem& item : made_.items)
            made_.end = std::max(made_.end, item.end);
        made_.end = std::max(made_.end, frames_in(at_, plan_.rate));
        return std::move(made_);
    }

 private:
    static std::unexpected<StepFailure> invalid(std::string_view why) {
        StepFailure failure = step_failure(Failure::invalid_input);
        failure.message += fmt::format(": {}", why);
        return std::unexpected(std::move(failure));
    }
    static std::unexpected<StepFailure> between_two() {
        return invalid("a transition must be between two items");
    }

    std::size_t source_of(const model::FileId& file) const {
        return static_cast<std::size_t>(std::ranges::find(files_, file) - files_.begin());
    }

    // Seconds of the source that an item uses.
    StepResult<double> length_of(const auto& item, const Source& source) const {
        if (is_still(source)) {
            if (item.duration <= 0) return invalid("a picture needs a duration");
            return item.duration;
        }
        const double rest = seconds_of_source(source) - item.start;
        if (rest <= 0 || item.duration > rest + tolerance_seconds)
            return refused(Failure::invalid_time_offset);
        return item.duration > 0 ? std::min(item.duration, rest) : rest;
    }

    // The part that video and audio items have in common.
    StepResult<PlacedItem> timed(const auto& item) const {
        PlacedItem placed;
        placed.source = source_of(item.file);
        const Source& source = plan_.sources[placed.source];
        const StepResult<double> length = length_of(item, source);
        if (!length) return std::unexpected(length.error());
        const double shown = item.target > 0 ? item.target : *length;
        placed.speed = *length / shown;
        if (placed.speed > speed_max || placed.speed < 1 / speed_max)
            return invalid("the speed may change 16 times at most");
        placed.start = item.start;
        placed.begin = frames_in(at_, plan_.rate);
        placed.end = frames_in(at_ + shown, plan_.rate);
        placed.end = std::max(placed.end, placed.begin + 1);
        if (has_sound(source)) placed.gain = gain_of(item.volumes);
        return placed;
    }

    StepResult<void> append(PlacedItem item, double seconds) {
        double begin = at_;
        if (transition_) {
            begin -= transition_->duration;
            const std::int64_t overlap = frames_in(transition_->duration, plan_.rate);
            const std::int64_t before = made_.items.back().end - free_from_;
            if (overlap <= 0 || overlap > before || overlap > item.end - item.begin)
                return invalid("a transition is longer than an item beside it");
            const std::int64_t end = made_.items.back().end;
            item.end += end - overlap - item.begin;
            item.begin = end - overlap;
            StepResult<Overlap> made = overlap_of(*transition_);
            if (!made) return std::unexpected(std::move(made.error()));
            made->begin = item.begin;
            made->end = end;
            made_.overlaps.push_back(*made);
            transition_ = nullptr;
            free_from_ = end;
        } else {
            free_from_ = item.begin;
        }
        at_ = begin + seconds;
        made_.items.push_back(std::move(item));
        can_follow_ = true;
        return {};
    }

    StepResult<Overlap> overlap_of(const model::TransitionItem& item) const {
        Overlap overlap;
        overlap.from = made_.items.size() - 1;
        for (const std::string& type : item.types) {
            if (type == sound_fade) {
                overlap.sound = Overlap::Sound::fade;
                continue;
            }
            overlap.transition = xfade_of(type);
            if (overlap.transition.empty()) return refused(Failure::configuration_unsupported);
        }
        return overlap;
    }

    StepResult<void> place(const model::VideoItem& item) {
        if (track_.type != model::Track::Type::video) return invalid("a video on another track");
        StepResult<PlacedItem> placed = timed(item);
        if (!placed) return std::unexpected(std::move(placed.error()));
        const Source& source = plan_.sources[placed->source];
        if (!has_picture(source) && !is_still(source)) return refused(Failure::no_video_media);
        placed->placement = item.placement;
        placed->operations = item.images;
        const double seconds = seconds_of(placed->end - placed->begin, plan_.rate);
        return append(std::move(*placed), seconds);
    }

    StepResult<void> place(const model::AudioItem& item) {
        if (track_.type != model::Track::Type::audio) return invalid("a sound on another track");
        StepResult<PlacedItem> placed = timed(item);
        if (!placed) return std::unexpected(std::move(placed.error()));
        if (!has_sound(plan_.sources[placed->source])) return refused(Failure::content_unsupported);
        const double seconds = seconds_of(placed->end - placed->begin, plan_.rate);
        return append(std::move(*placed), seconds);
    }

    StepResult<void> place(const model::StickerItem& item) {
        if (track_.type != model::Track::Type::sticker)
            return invalid("a sticker on another track");
        PlacedItem placed;
        placed.source = source_of(item.file);
        const Source& source = plan_.sources[placed.source];
        if (!is_still(source) && !has_picture(source)) return refused(Failure::no_video_media);
        placed.begin = frames_in(item.start, plan_.rate);
        placed.end = std::max(frames_in(item.start + item.duration, plan_.rate), placed.begin + 1);
        placed.placement = item.placement;
        placed.operations = item.images;
        made_.items.push_back(std::move(placed));
        return {};
    }

    StepResult<void> place(const model::TransitionItem& item) {
        if (track_.type == model::Track::Type::sticker || transition_ || !can_follow_)
            return between_two();
        transition_ = &item;
        return {};
    }

    StepResult<void> place(const model::EmptyItem& item) {
        if (transition_) return between_two();
        at_ += item.duration;
        can_follow_ = false;
        return {};
    }

    const model::Track& track_;
    const RenderPlan& plan_;
    const std::vector<model::FileId>& files_;
    TrackLayout made_;
    double at_ = 0;                                      // Where the next item begins, in seconds.
    std::int64_t free_from_ = 0;                         // From where on the last item is alone.
    bool can_follow_ = false;                            // Whether a transition may come now.
    const model::TransitionItem* transition_ = nullptr;  // That waits for its second item.
};

}  // namespace

StepResult<TrackLayout> lay_out(const model::Track& track, const RenderPlan& plan,
                                const std::vector<model::FileId>& files) {
    return Layout(track, plan, files).run();
}

}  // namespace hookreel::media
