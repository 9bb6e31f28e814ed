#include "media/ffmpeg/step_rules.h"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.h"
#include "media/ffmpeg/overlays.h"
#include "media/files/quota.h"

namespace hookreel::media {
namespace {

using model::Failure;

constexpr double tolerance_seconds = 1;
constexpr int error_rate_exceeded = 69;  // ffmpeg's exit code for more than -max_error_rate.

std::unexpected<StepFailure> refuse(Failure failure) {
    return std::unexpected(step_failure(failure));
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> list) {
    return std::ranges::find(list, name) != list.end();
}

// What ffmpeg's muxers take of the codecs that occur.
bool can_copy_video(std::string_view codec, std::string_view container) {
    if (container == "hls") return is_one_of(codec, {"h264", "hevc", "mpeg2video", "mpeg4"});
    return is_one_of(codec, {"h264", "hevc", "av1", "vp9", "mpeg4", "mpeg2video", "mjpeg"});
}
bool can_copy_audio(std::string_view codec, std::string_view container) {
    if (container == "hls") return is_one_of(codec, {"aac", "mp3", "mp2", "ac3", "eac3"});
    return is_one_of(codec, {"aac", "mp3", "mp2", "ac3", "eac3", "alac", "opus", "flac"});
}

// Of ffmpeg's muxers for containers of copies, only that of MP4 writes how a picture is turned.
bool can_copy(const model::Metadata& source, std::string_view container) {
    if (source.rotate != 0 && container != "mp4") return false;
    return (source.video.empty() || can_copy_video(source.video.front().codec, container)) &&
           (source.audio.empty() || can_copy_audio(source.audio.front().codec, container));
}

StepResult<double> checked_time(double time, double duration) {
    if (!std::isfinite(time) || time < 0 || time > duration + tolerance_seconds)
        return refuse(Failure::invalid_time_offset);
    return std::min(time, duration);
}

// Negative ones count from the end; an end of 0 is the end.
StepResult<Range> checked_range(Offsets offsets, double duration) {
    if (!std::isfinite(offsets.start) || !std::isfinite(offsets.end))
        return refuse(Failure::invalid_time_offset);
    const double start = offsets.start < 0 ? duration + offsets.start : offsets.start;
    double end = offsets.end > 0 ? offsets.end : duration + offsets.end;
    if (end > duration + tolerance_seconds) return refuse(Failure::invalid_time_offset);
    end = std::min(end, duration);
    if (start < 0 || start >= end) return refuse(Failure::invalid_time_offset);
    return Range{.start = start, .length = end - start};
}

// "3.5s" or "10%".
StepResult<double> offset_time(std::string_view text, double duration) {
    if (text.size() < 2) return refuse(Failure::invalid_input);
    const Result<double> value = parse_real(text.substr(0, text.size() - 1));
    if (!value) return refuse(Failure::invalid_input);
    if (text.back() == 's') return checked_time(*value, duration);
    if (text.back() != '%') return refuse(Failure::invalid_input);
    if (*value < 0 || *value > 100) return refuse(Failure::invalid_time_offset);
    return *value / 100 * duration;
}

StepFailure limit_reached() {
    return {Failure::internal_error, "Internal error: a limit on time or memory was reached"};
}

StepResult<void> check_pictures(const std::optional<model::Metadata>& source) {
    if (!source) return refuse(Failure::content_malformed);
    if (source->video.empty()) return refuse(Failure::no_video_media);
    return {};
}

}  // namespace

StepFailure step_failure(Failure failure) {
    constexpr std::array<std::string_view, 13> sentences = {
        "SUCCESS",
        "Invalid input",
        "Invalid input: the time is outside of the video",
        "Invalid input: no such template",
        "Invalid input: this format cannot be made of this codec",
        "Invalid input: the result is larger than the limit",
        "Source file error: the file cannot be read",
        "Source file error: no video",
        "Source file error: the video has no size",
        "Source file error: content malformed",
        "Source file error: content not supported",
        "Source file error: the download failed",
        "Internal error"};
    static_assert(sentences.size() == names(static_cast<Failure*>(nullptr)).size());
    return {failure, std::string(sentences.at(static_cast<std::size_t>(failure)))};
}

StepFailure step_failure(Error error) {
    if (error.code == Code::timed_out)
        return {Failure::internal_error, "Internal error: the limit on time was reached"};
    return {Failure::internal_error, "Internal error", std::move(error)};
}

StepFailure failure_of_claim(Error error) {
    if (!is_over_quota(error)) return step_failure(std::move(error));
    StepFailure why = step_failure(Failure::result_file_size_too_large);
    why.message += ": " + error.detail;
    return why;
}

StepResult<std::optional<Range>> range_of(const model::TranscodeWork& work, double duration) {
    if (work.start_offset == 0 && work.end_offset == 0) return std::nullopt;
    const StepResult<Range> range =
        checked_range({.start = work.start_offset, .end = work.end_offset}, duration);
    if (!range) return std::unexpected(range.error());
    return *range;
}

StepResult<SpriteSheets> sheets_of(const model::SpriteWork& work,
                                   const std::optional<model::Metadata>& source,
                                   const model::OwnTemplates& own) {
    constexpr double count_max = 10'000;
    constexpr std::int64_t sheet_side_max = 15'000;  // Tencent spec d, CreateImageSpriteTemplate.
    const SpriteTemplate* const found = find_sprite_template(work.definition, own);
    if (!found) return refuse(Failure::definition_not_exist);
    if (StepResult<void> ready = check_pictures(source); !ready)
        return std::unexpected(ready.error());
    if (source->width <= 0 || source->height <= 0) return refuse(Failure::no_video_resolution);
    SpriteSheets sheets{.preset = found};
    sheets.cell = fitted_size(fitting_of(*found), square_size(*source));
    sheets.interval_seconds = found->interval;
    if (found->sample_type == model::SampleType::percent)
        sheets.interval_seconds = std::max(source->duration * found->interval / 100, 0.001);
    // Parts of a length are not exact: a tenth of it is there ten times, not eleven times.
    const double count =
        std::max(std::ceil(source->duration / sheets.interval_seconds - 1e-6), 1.0);
    if (!(count <= count_max)) return refuse(Failure::content_unsupported);
    if (sheets.cell.width * found->columns > sheet_side_max ||
        sheets.cell.height * found->rows > sheet_side_max)
        return refuse(Failure::result_file_size_too_large);
    sheets.count = static_cast<std::int64_t>(count);
    return sheets;
}

StepResult<MovingPicture> animation_of(const model::AnimationWork& work,
                                       const std::optional<model::Metadata>& source,
                                       const model::OwnTemplates& own) {
    const AnimationTemplate* const found = find_animation_template(work.definition, own);
    if (!found) return refuse(Failure::definition_not_exist);
    if (StepResult<void> ready = check_pictures(source); !ready)
        return std::unexpected(ready.error());
    if (source->width <= 0 || source->height <= 0) return refuse(Failure::no_video_resolution);
    const StepResult<Range> range =
        checked_range({.start = work.start_offset, .end = work.end_offset}, source->duration);
    if (!range) return std::unexpected(range.error());
    const Fitting fitting{.width = found->width, .height = found->height, .sides = found->sides};
    return MovingPicture{
        .preset = found, .size = fitted_size(fitting, square_size(*source)), .range = *range};
}

StepResult<AdaptivePlan> adaptive_of(const model::AdaptiveWork& work,
                                     const std::optional<model::Metadata>& source,
                                     const model::OwnTemplates& own) {
    if (needs_licences(work.definition))
        return std::unexpected(
            StepFailure{Failure::configuration_unsupported,
                        "Invalid input: this server makes no streams that need licences (FairPlay, "
                        "Widevine); template 12 is encrypted without"});
    const AdaptiveTemplate* const found = find_adaptive_template(work.definition, own);
    if (!found) return refuse(Failure::definition_not_exist);
    if (StepResult<void> ready = check_pictures(source); !ready)
        return std::unexpected(ready.error());
    if (source->width <= 0 || source->height <= 0) return refuse(Failure::no_video_resolution);
    const bool has_sound = found->audio && !source->audio.empty();
    AdaptivePlan plan{.preset = found,
                      .pictures = sub_pictures(*found, shown_size(*source)),
                      .sound = has_sound ? Sound::keep : Sound::drop};
    const int source_kbps = static_cast<int>(source->video.front().bitrate / 1000);
    if (!found->exceeds_bitrate && source_kbps > 0)
        for (SubPicture& picture : plan.pictures)
            picture.video.kbps = std::min(picture.video.kbps, source_kbps);
    return plan;
}

StepResult<const TranscodeTemplate*> template_for(const model::TranscodeWork& work,
                                                  const std::optional<model::Metadata>& source,
                                                  const model::OwnTemplates& own) {
    const TranscodeTemplate* const found =
        work.changed ? &work.changed->made : find_transcode_template(work.definition, own);
    if (!found) return refuse(Failure::definition_not_exist);
    if (!source) return refuse(Failure::content_malformed);
    const bool encodes_pictures = found->video && found->video->codec != VideoTemplate::Codec::copy;
    const bool lays_over = !work.mosaics.empty() || !work.watermarks.empty();
    if (lays_over && !encodes_pictures)
        return std::unexpected(StepFailure{
            Failure::configuration_unsupported,
            "Invalid input: this template encodes no pictures that something could be laid over"});
    if (!work.heads_tails.empty() && found->video && !encodes_pictures)
        return std::unexpected(StepFailure{
            Failure::configuration_unsupported,
            "Invalid input: this template copies, and cannot join heads and tails to a film"});
    if (!found->video) {
        if (source->audio.empty()) return refuse(Failure::content_unsupported);
        return found;
    }
    if (source->video.empty()) return refuse(Failure::no_video_media);
    if (source->width <= 0 || source->height <= 0) return refuse(Failure::no_video_resolution);
    if (encodes_pictures) {
        const Size size = fitted_size(fitting_of(*found->video), shown_size(*source));
        if (size.width * size.height > encoded_pixels_max)
            return std::unexpected(
                StepFailure{Failure::configuration_unsupported,
                            "Invalid input: the picture would be larger than 8192 by 4320"});
        return found;
    }
    if (!can_copy(*source, found->container)) return refuse(Failure::content_unsupported);
    return found;
}

namespace {

StepResult<const SnapshotTemplate*> snapshot_template(std::uint64_t definition,
                                                      const model::OwnTemplates& own) {
    const SnapshotTemplate* const found = find_snapshot_template(definition, own);
    if (!found) return refuse(Failure::definition_not_exist);
    return found;
}

}  // namespace

StepResult<const SnapshotTemplate*> look_of(const model::CoverWork& work,
                                            const model::OwnTemplates& own) {
    return snapshot_template(work.definition, own);
}
StepResult<const SnapshotTemplate*> look_of(const model::SnapshotWork& work,
                                            const model::OwnTemplates& own) {
    return snapshot_template(work.definition, own);
}
StepResult<const SnapshotTemplate*> look_of(const model::SampleWork& work,
                                            const model::OwnTemplates& own) {
    const SampleTemplate* const found = find_sample_template(work.definition, own);
    if (!found) return refuse(Failure::definition_not_exist);
    return found;
}

StepResult<std::vector<double>> times_of(const model::CoverWork& work,
                                         const std::optional<model::Metadata>& source,
                                         const model::OwnTemplates&) {
    if (StepResult<void> ready = check_pictures(source); !ready)
        return std::unexpected(ready.error());
    if (work.position == model::Position::percent &&
        !(work.position_value >= 0 && work.position_value <= 100))
        return refuse(Failure::invalid_time_offset);
    const StepResult<double> time = checked_time(work.position == model::Position::percent
                                                     ? work.position_value / 100 * source->duration
                                                     : work.position_value,
                                                 source->duration);
    if (!time) return std::unexpected(time.error());
    return std::vector<double>{*time};
}

StepResult<std::vector<double>> times_of(const model::SnapshotWork& work,
                                         const std::optional<model::Metadata>& source,
                                         const model::OwnTemplates&) {
    if (StepResult<void> ready = check_pictures(source); !ready)
        return std::unexpected(ready.error());
    std::vector<double> times;
    for (const std::string& offset : work.offsets) {
        const StepResult<double> time = offset_time(offset, source->duration);
        if (!time) return std::unexpected(time.error());
        times.push_back(*time);
    }
    if (!times.empty()) return times;
    for (const double milliseconds : work.offsets_ms) {
        const StepResult<double> time = checked_time(milliseconds / 1000, source->duration);
        if (!time) return std::unexpected(time.error());
        times.push_back(*time);
    }
    if (times.empty()) return refuse(Failure::invalid_input);
    return times;
}

StepResult<std::vector<double>> times_of(const model::SampleWork& work,
                                         const std::optional<model::Metadata>& source,
                                         const model::OwnTemplates& own) {
    const SampleTemplate* const found = find_sample_template(work.definition, own);
    if (!found) return refuse(Failure::definition_not_exist);
    if (StepResult<void> ready = check_pictures(source); !ready)
        return std::unexpected(ready.error());
    const double step = found->sample_type == model::SampleType::percent
                            ? found->interval * source->duration / 100
                            : found->interval;
    std::vector<double> times;
    for (double time = 0; time < source->duration - 1e-6;
         time = static_cast<double>(times.size()) * step) {
        if (times.size() == samples_max)
            return std::unexpected(StepFailure{
                Failure::configuration_unsupported,
                fmt::format("Invalid input: this template takes more than {} pictures of this "
                            "film, which is the most",
                            samples_max)});
        times.push_back(time);
    }
    return times;
}

double time_with_picture(double time, const model::Metadata& source) {
    const double end = source.video_duration > 0 ? source.video_duration : source.duration;
    const std::int64_t fps = source.video.empty() ? 0 : source.video.front().fps;
    const double frame = fps > 0 ? 1.0 / static_cast<double>(fps) : 0.1;
    return std::clamp(time, 0.0, std::max(0.0, end - 1.5 * frame));
}

StepFailure failure_of(const process::Exit& exit) {
    if (exit.status == 128 + SIGXFSZ) return step_failure(Failure::result_file_size_too_large);
    if (exit.status == 128 + SIGKILL || exit.status == 128 + SIGXCPU) return limit_reached();
    const std::string_view errors = exit.errors;
    // Of x264 and x265, and of all others.
    if (errors.contains("malloc of size") || errors.contains("Cannot allocate memory"))
        return limit_reached();
    if (errors.contains("No space left on device"))
        return step_failure(Error{Code::unavailable, "the disk is full"});
    if (errors.contains("not compatible with flv"))
        return step_failure(Failure::configuration_unsupported);
    if (errors.contains("not currently supported in container") ||
        errors.contains("not found for input stream") || errors.contains("Unsupported codec"))
        return step_failure(Failure::content_unsupported);
    return step_failure(Failure::content_malformed);
}

bool is_cut_off(const process::Exit& exit) {
    return exit.errors.contains("partial file") || exit.errors.contains("File ended prematurely");
}

bool may_be_the_sound(const process::Exit& exit, const model::Metadata& source) {
    if (source.audio.empty() || source.video.empty()) return false;
    if (exit.status == error_rate_exceeded) return true;
    const StepFailure failure = failure_of(exit);
    return exit.status == 1 && !failure.fault && failure.failure != Failure::internal_error &&
           failure.failure != Failure::configuration_unsupported;
}

bool has_expected_length(double seconds, double expected) {
    return std::abs(seconds - expected) <= std::max(tolerance_seconds, expected * 0.02);
}

bool length_is_exact(const model::Metadata& source) {
    return source.container != "mp3" && source.container != "aac" && source.container != "amr";
}

}  // namespace hookreel::media
