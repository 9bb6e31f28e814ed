// The arguments that say how the picture and the sound of a transcode are encoded, and which of
// that goes together.
//
// Pure functions of templates and of numbers that were probed.
#pragma once

#include <span>
#include <string_view>

#include "media/ffmpeg/arguments.h"
#include "media/ffmpeg/ffmpeg_command.h"
#include "media/ffmpeg/frame_rate.h"

namespace hookreel::media {

// The size of the pictures that are encoded. Where heads and tails are joined, their pixels are
// square.
Size picture_size(const Source& source, const Transcode& transcode);
// What becomes of the source's picture before that: its size, what is laid over it, its format. How
// many of them a second has is another matter.
std::string picture_filters(const Source& source, const Transcode& transcode);
// The one rate of a film with heads and tails: the template's, or the film's where that is lower.
FrameRate joined_rate(const Source& film, const VideoTemplate& video);

// The picture, or that there is none; where heads and tails are joined, how it is encoded.
void add_video(Arguments& to, const Source& source, const Transcode& transcode);
// The same for the sound.
void add_audio(Arguments& to, const Source& source, const Transcode& transcode);

// Seconds between the cuts of an HLS stream.
int segment_length(const TranscodeTemplate& made_by);

// What ffmpeg's muxers write, and players of the container play. A container that is not one of a
// transcode holds nothing.
bool holds(std::string_view container, model::VideoCodec codec);
bool holds(std::string_view container, model::AudioCodec codec);

// What an encoder of sound takes.
struct SoundLimits {
    int channels_max = 6;
    // All bitrates in kbit/s when only some are possible; empty: any.
    std::span<const int> kbps{};
    bool has_bitrate = true;  // False: it follows from the sound.
};
SoundLimits limits_of(model::AudioCodec codec);

}  // namespace hookreel::media
