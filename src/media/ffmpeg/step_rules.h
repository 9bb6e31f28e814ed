// What is decided about a step before and after ffmpeg runs: pure rules.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "media/ffmpeg/adaptive_command.h"
#include "media/ffmpeg/ffmpeg_command.h"
#include "model/task.h"
#include "process/child.h"

namespace hookreel::media {

// Why a step failed, and a sentence for people. Nothing of it came from the file.
struct StepFailure {
    model::Failure failure = model::Failure::internal_error;
    std::string message;
    // Set when neither file nor request is to blame: stopped, no disk, no program. Then the step is
    // not over but must be done again.
    std::optional<Error> fault{};

    bool operator==(const StepFailure&) const = default;
};
template <class T>
using StepResult = std::expected<T, StepFailure>;

// The standing sentence of a failure.
StepFailure step_failure(model::Failure failure);
// What a failed run of a program, or a failed use of the disk, means for the step.
StepFailure step_failure(Error error);

// What a refused claim of room means: the result is too large when the application's quota is used
// up, which the message tells; else a fault, as of the disk.
StepFailure failure_of_claim(Error error);

// The part that a work asks for; absent for the whole. Negative times count from the end, an end of
// 0 is the end. Times beyond the source by more than a second: invalid_time_offset.
StepResult<std::optional<Range>> range_of(const model::TranscodeWork& work, double duration);

// `own` is what the application has made, and outlives the template that is found in it.

// The template, if it can be made of this source; as the work changes it, where it does, and then
// the work outlives it. Failures: definition_not_exist, content_malformed
// (no metadata), no_video_media, no_video_resolution, content_unsupported (codecs or a turn that
// cannot be copied into the container, no sound for an audio template), configuration_unsupported
// (more than encoded_pixels_max, something to be laid over pictures that are not encoded).
StepResult<const TranscodeTemplate*> template_for(const model::TranscodeWork& work,
                                                  const std::optional<model::Metadata>& source,
                                                  const model::OwnTemplates& own);

// How the pictures are to look. Failures: definition_not_exist.
StepResult<const SnapshotTemplate*> look_of(const model::CoverWork& work,
                                            const model::OwnTemplates& own);
StepResult<const SnapshotTemplate*> look_of(const model::SnapshotWork& work,
                                            const model::OwnTemplates& own);
StepResult<const SnapshotTemplate*> look_of(const model::SampleWork& work,
                                            const model::OwnTemplates& own);

// What is to be drawn. Failures: definition_not_exist, content_malformed, no_video_media,
// content_unsupported (a sprite of more than 10,000 small pictures); of the sprite also
// no_video_resolution and result_file_size_too_large (a sheet with a side of more than 15,000
// pixels), of the animation no_video_resolution and invalid_time_offset.
StepResult<SpriteSheets> sheets_of(const model::SpriteWork& work,
                                   const std::optional<model::Metadata>& source,
                                   const model::OwnTemplates& own);
StepResult<MovingPicture> animation_of(const model::AnimationWork& work,
                                       const std::optional<model::Metadata>& source,
                                       const model::OwnTemplates& own);

// The sub-streams that are to be made. Failures: configuration_unsupported (encrypted streams),
// definition_not_exist, content_malformed, no_video_media, no_video_resolution.
StepResult<AdaptivePlan> adaptive_of(const model::AdaptiveWork& work,
                                     const std::optional<model::Metadata>& source,
                                     const model::OwnTemplates& own);

inline constexpr std::size_t samples_max = 1'000;
// The times of the pictures, in seconds. Failures: content_malformed, no_video_media,
// invalid_time_offset, invalid_input (an offset that is neither "3.5s" nor "10%"),
// of samples definition_not_exist, and configuration_unsupported (more than samples_max).
StepResult<std::vector<double>> times_of(const model::CoverWork& work,
                                         const std::optional<model::Metadata>& source,
                                         const model::OwnTemplates& own);
StepResult<std::vector<double>> times_of(const model::SnapshotWork& work,
                                         const std::optional<model::Metadata>& source,
                                         const model::OwnTemplates& own);
StepResult<std::vector<double>> times_of(const model::SampleWork& work,
                                         const std::optional<model::Metadata>& source,
                                         const model::OwnTemplates& own);

// A time at which there still is a picture: just before the last one ends at the latest.
double time_with_picture(double time, const model::Metadata& source);

// What a run with an exit code other than 0 means. `errors` is ffmpeg's, and is looked into for
// known sentences only.
StepFailure failure_of(const process::Exit& exit);
// Whether a source that was read to its end is only the beginning of a file. ffmpeg ends well with
// what there is; what it says of it depends on the container: FLV is cut without a word.
bool is_cut_off(const process::Exit& exit);
// Whether to try again without the sound.
bool may_be_the_sound(const process::Exit& exit, const model::Metadata& source);

// Whether an output is as long as was expected: within 1 s or 2 %, whichever is more. Half a source
// ends with exit code 0.
bool has_expected_length(double seconds, double expected);
// Whether the source's length is known well enough to compare with: files without an index have an
// estimate only.
bool length_is_exact(const model::Metadata& source);

}  // namespace hookreel::media
