// The arguments that say how the picture and the sound of a transcode are encoded, and which of
// that goes together.
//
// Pure functions of templates and of numbers that were probed.
#pragma once

#include <span>
#include <string_view>

#include "media/ffmpeg/arguments.h"
#include "media/ffmpeg/ffmpeg_command.h"

namespace hookreel::media {

// The picture, or that there is none.
void add_video(Arguments& to, const Source& source, const Transcode& transcode);
// The sound, or that there is none.
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
