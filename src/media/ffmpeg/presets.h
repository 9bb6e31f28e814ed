// The templates that every application has from the start (Tencent 266/33932).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "model/media.h"

namespace hookreel::media {

struct VideoTemplate {
    enum class Codec { h264, h265, copy } codec = Codec::h264;
    int fps = 0;    // 0: as the source.
    int kbps = 0;   // 0: as the source.
    int width = 0;  // 0: follows from the other side; both 0: as the source.
    int height = 0;
    int gop_frames = 0;  // 0: the encoder's choice.
};

struct AudioTemplate {
    enum class Codec { aac, mp3, copy } codec = Codec::aac;
    int kbps = 0;
    int sample_rate = 44100;
    int channels = 2;
};

// Resolution is adaptive: width is the long side and height the short one, whatever the orientation
// of the source.
struct TranscodeTemplate {
    std::uint64_t definition;
    std::string_view name;               // "MP4-LD-FLU"
    std::string_view container;          // mp4, hls, flv, m4a, mp3
    std::optional<VideoTemplate> video;  // Absent: audio only.
    std::optional<AudioTemplate> audio;
};

// Snapshots: source size, JPG.
struct SampleTemplate {
    std::uint64_t definition;
    std::string_view sample_type;  // "Percent" or "Time"
    int interval;
};

// Small pictures on sheets of `rows` times `columns`, as JPG.
struct SpriteTemplate {
    std::uint64_t definition;
    int width;  // Of one small picture.
    int height;
    int rows;
    int columns;
    int interval_seconds;
};

// At the source's size.
struct AnimationTemplate {
    std::uint64_t definition;
    std::string_view container;  // "gif" or "webp"
    int fps;
};

// Several pictures of one source, and its sound once.
struct AdaptiveTemplate {
    std::uint64_t definition;
    model::Package package;
    std::span<const VideoTemplate> video;  // The smallest first.
    AudioTemplate audio;
    bool enlarges;  // Whether also pictures are made that are larger than the source.
};

std::span<const TranscodeTemplate> transcode_templates();  // By definition, ascending.
const TranscodeTemplate* find_transcode_template(std::uint64_t definition);
const SampleTemplate* find_sample_template(std::uint64_t definition);
const SpriteTemplate* find_sprite_template(std::uint64_t definition);
const AnimationTemplate* find_animation_template(std::uint64_t definition);
const AdaptiveTemplate* find_adaptive_template(std::uint64_t definition);
// Adaptive streams that are encrypted (FairPlay, SimpleAES, Widevine): their templates are known,
// and not made by this server.
bool is_encrypted_template(std::uint64_t definition);
// The time-point snapshot templates, also used for covers: 10.
bool is_snapshot_template(std::uint64_t definition);

}  // namespace hookreel::media
