#include "media/ffmpeg/presets.h"

#include <algorithm>
#include <array>

namespace hookreel::media {
namespace {

using Video = VideoTemplate;
using Audio = AudioTemplate;
using Template = TranscodeTemplate;
constexpr auto h264 = Video::Codec::h264;
constexpr auto h265 = Video::Codec::h265;

// The older family: H.264 with AAC at 48 kbit/s, or MP3 in FLV.
constexpr Video flu{h264, 24, 256, 320, 0, 0};
constexpr Video sd{h264, 24, 512, 640, 0, 0};
constexpr Video hd{h264, 24, 1024, 1280, 0, 0};
constexpr Video fhd{h264, 24, 2500, 1920, 0, 0};
constexpr Video video_2k{h264, 30, 3072, 0, 1440, 0};
constexpr Video video_4k{h264, 30, 6144, 0, 2160, 0};
constexpr Video flu_h265{h265, 15, 250, 0, 240, 0};
constexpr Video sd_h265{h265, 24, 600, 0, 480, 0};
constexpr Video hd_h265{h265, 25, 800, 0, 720, 0};
constexpr Video fhd_h265{h265, 30, 1400, 0, 1080, 0};
constexpr Video video_2k_h265{h265, 30, 2048, 0, 1440, 0};
constexpr Video video_4k_h265{h265, 30, 4096, 0, 2160, 0};
constexpr Audio aac48{Audio::Codec::aac, 48};
constexpr Audio mp3_48{Audio::Codec::mp3, 48};

// The newer family, by the short side, 25 frames a second.
constexpr Video p360{h264, 25, 400, 0, 360, 0};
constexpr Video p540{h264, 25, 1000, 0, 540, 0};
constexpr Video p720{h264, 25, 1800, 0, 720, 0};
constexpr Video p1080{h264, 25, 2500, 0, 1080, 0};
constexpr Video p1440{h264, 25, 3000, 0, 1440, 0};
constexpr Video p2160{h264, 25, 6000, 0, 2160, 0};

// "Top speed": the bitrate follows from the picture.
constexpr Video top_speed(int short_side) {
    return {h264, 25, 0, 0, short_side, 0};
}
constexpr Audio aac(int kbps) {
    return {Audio::Codec::aac, kbps};
}
constexpr Audio mp3(int kbps) {
    return {Audio::Codec::mp3, kbps};
}
constexpr Video copied_video{Video::Codec::copy};
constexpr Audio copied_audio{Audio::Codec::copy, 0, 0, 0};

// Names: Tencent open point 22; those of H.265, remux, audio and top speed are ours.
const std::array transcodes = {
    Template{10, "MP4-LD-FLU", "mp4", flu, aac48},
    Template{20, "MP4-SD", "mp4", sd, aac48},
    Template{30, "MP4-HD", "mp4", hd, aac48},
    Template{40, "MP4-FHD", "mp4", fhd, aac48},
    Template{70, "MP4-2K", "mp4", video_2k, aac48},
    Template{80, "MP4-4K", "mp4", video_4k, aac48},
    Template{210, "HLS-LD-FLU", "hls", flu, aac48},
    Template{220, "HLS-SD", "hls", sd, aac48},
    Template{230, "HLS-HD", "hls", hd, aac48},
    Template{240, "HLS-FHD", "hls", fhd, aac48},
    Template{270, "HLS-2K", "hls", video_2k, aac48},
    Template{280, "HLS-4K", "hls", video_4k, aac48},
    Template{370, "FLV-2K", "flv", video_2k, mp3_48},
    Template{380, "FLV-4K", "flv", video_4k, mp3_48},
    Template{510, "MP4-H.265-LD-FLU", "mp4", flu_h265, aac48},
    Template{520, "MP4-H.265-SD", "mp4", sd_h265, aac48},
    Template{530, "MP4-H.265-HD", "mp4", hd_h265, aac48},
    Template{540, "MP4-H.265-FHD", "mp4", fhd_h265, aac48},
    Template{570, "MP4-H.265-2K", "mp4", video_2k_h265, aac48},
    Template{580, "MP4-H.265-4K", "mp4", video_4k_h265, aac48},
    Template{610, "HLS-H.265-LD-FLU", "hls", flu_h265, aac48},
    Template{620, "HLS-H.265-SD", "hls", sd_h265, aac48},
    Template{630, "HLS-H.265-HD", "hls", hd_h265, aac48},
    Template{640, "HLS-H.265-FHD", "hls", fhd_h265, aac48},
    Template{670, "HLS-H.265-2K", "hls", video_2k_h265, aac48},
    Template{680, "HLS-H.265-4K", "hls", video_4k_h265, aac48},
    Template{710, "FLV-H.265-LD-FLU", "flv", flu_h265, aac48},
    Template{720, "FLV-H.265-SD", "flv", sd_h265, aac48},
    Template{730, "FLV-H.265-HD", "flv", hd_h265, aac48},
    Template{740, "FLV-H.265-FHD", "flv", fhd_h265, aac48},
    Template{770, "FLV-H.265-2K", "flv", video_2k_h265, aac48},
    Template{780, "FLV-H.265-4K", "flv", video_4k_h265, aac48},
    Template{875, "MP4-Remux", "mp4", copied_video, copied_audio},
    Template{876, "HLS-Remux", "hls", copied_video, copied_audio},
    Template{1010, "MP3-128", "mp3", std::nullopt, mp3(128)},
    Template{1020, "MP3-320", "mp3", std::nullopt, mp3(320)},
    Template{1100, "M4A-24", "m4a", std::nullopt, aac(24)},
    Template{1110, "M4A-48", "m4a", std::nullopt, aac(48)},
    Template{1120, "M4A-96", "m4a", std::nullopt, aac(96)},
    Template{1130, "M4A-192", "m4a", std::nullopt, aac(192)},
    Template{1140, "M4A-256", "m4a", std::nullopt, aac(256)},
    Template{10046, "FLV-LD-FLU", "flv", flu, mp3_48},
    Template{10047, "FLV-SD", "flv", sd, mp3_48},
    Template{10048, "FLV-HD", "flv", hd, mp3_48},
    Template{10049, "FLV-FHD", "flv", fhd, mp3_48},
    Template{100010, "MP4-LD-FLU", "mp4", p360, aac(64)},
    Template{100020, "MP4-SD", "mp4", p540, aac(64)},
    Template{100030, "MP4-HD", "mp4", p720, aac(128)},
    Template{100040, "MP4-FHD", "mp4", p1080, aac(128)},
    Template{100070, "MP4-2K", "mp4", p1440, aac(160)},
    Template{100080, "MP4-4K", "mp4", p2160, aac(160)},
    Template{100210, "HLS-LD-FLU", "hls", p360, aac(64)},
    Template{100220, "HLS-SD", "hls", p540, aac(64)},
    Template{100230, "HLS-HD", "hls", p720, aac(128)},
    Template{100240, "HLS-FHD", "hls", p1080, aac(128)},
    Template{100270, "HLS-2K", "hls", p1440, aac(160)},
    Template{100280, "HLS-4K", "hls", p2160, aac(160)},
    Template{100800, "MP4-TopSpeed", "mp4", top_speed(0), aac(0)},
    Template{100810, "MP4-TopSpeed-360P", "mp4", top_speed(360), aac(64)},
    Template{100820, "MP4-TopSpeed-540P", "mp4", top_speed(540), aac(64)},
    Template{100830, "MP4-TopSpeed-720P", "mp4", top_speed(720), aac(128)},
    Template{100840, "MP4-TopSpeed-1080P", "mp4", top_speed(1080), aac(128)},
};

const std::array animations = {
    AnimationTemplate{.definition = 20000, .name = "GIF-Source"},
    AnimationTemplate{
        .definition = 20001, .name = "WEBP-Source", .format = model::AnimationFormat::webp}};

// 240 to 2160 on the short side.
AdaptiveTemplate ladder(std::uint64_t definition, std::string name) {
    return {.definition = definition,
            .name = std::move(name),
            .video = {{h264, 24, 256, 0, 240, 0},
                      {h264, 24, 512, 0, 480, 0},
                      {h264, 24, 512, 0, 720, 0},
                      {h264, 24, 1024, 0, 1080, 0},
                      {h264, 24, 3072, 0, 1440, 0},
                      {h264, 24, 6144, 0, 2160, 0}},
            .audio = aac48,
            .enlarges = false};
}
std::array<AdaptiveTemplate, 3> make_adaptives() {
    std::array all = {ladder(10, "HLS"), ladder(12, "HLS-SimpleAES"), ladder(20, "MPEG-DASH")};
    all[1].protection = model::Protection::simple_aes;
    all[2].package = model::Package::dash;
    all[2].enlarges = true;
    return all;
}
const std::array adaptives = make_adaptives();
// 31 and 41 are named by the task flow SDMC-WidevineFairPlayPreset only (Tencent 266/14058).
constexpr std::array<std::uint64_t, 5> licensed = {11, 13, 14, 31, 41};

template <class T>
const T* find_own(const std::vector<T>& own, std::uint64_t definition) {
    const auto found = std::ranges::find(own, definition, &T::definition);
    return found != own.end() ? &*found : nullptr;
}

}  // namespace

std::span<const TranscodeTemplate> transcode_templates() {
    return transcodes;
}

const SnapshotTemplate& snapshot_preset() {
    static const SnapshotTemplate preset{
        .definition = 10, .name = "JPG-Source", .fill = model::Fill::stretch};
    return preset;
}

const SampleTemplate& sample_preset() {
    static const SampleTemplate preset = [] {
        SampleTemplate made{snapshot_preset(), model::SampleType::percent, 10};
        made.name = "JPG-Source-Percent";
        return made;
    }();
    return preset;
}

const SpriteTemplate& sprite_preset() {
    static const SpriteTemplate preset{.definition = 10,
                                       .width = 142,
                                       .height = 80,
                                       .rows = 10,
                                       .columns = 10,
                                       .interval = 10,
                                       .name = "JPG-142x80"};
    return preset;
}

const TranscodeTemplate* find_transcode_preset(std::uint64_t definition) {
    const auto found = std::ranges::lower_bound(transcodes, definition, {}, &Template::definition);
    return found != transcodes.end() && found->definition == definition ? &*found : nullptr;
}

const TranscodeTemplate* find_transcode_template(std::uint64_t definition,
                                                 const model::OwnTemplates& own) {
    if (const TranscodeTemplate* preset = find_transcode_preset(definition)) return preset;
    return find_own(own.transcodes, definition);
}

const SnapshotTemplate* find_snapshot_template(std::uint64_t definition,
                                               const model::OwnTemplates& own) {
    if (definition == snapshot_preset().definition) return &snapshot_preset();
    return find_own(own.snapshots, definition);
}

const SpriteTemplate* find_sprite_template(std::uint64_t definition,
                                           const model::OwnTemplates& own) {
    if (definition == sprite_preset().definition) return &sprite_preset();
    return find_own(own.sprites, definition);
}

const SampleTemplate* find_sample_template(std::uint64_t definition,
                                           const model::OwnTemplates& own) {
    if (definition == sample_preset().definition) return &sample_preset();
    return find_own(own.samples, definition);
}

std::span<const AnimationTemplate> animation_presets() {
    return animations;
}

const AnimationTemplate* find_animation_template(std::uint64_t definition,
                                                 const model::OwnTemplates& own) {
    const auto found = std::ranges::find(animations, definition, &AnimationTemplate::definition);
    if (found != animations.end()) return &*found;
    return find_own(own.animations, definition);
}

std::span<const AdaptiveTemplate> adaptive_presets() {
    return adaptives;
}

const AdaptiveTemplate* find_adaptive_template(std::uint64_t definition,
                                               const model::OwnTemplates& own) {
    const auto found = std::ranges::find(adaptives, definition, &AdaptiveTemplate::definition);
    if (found != adaptives.end()) return &*found;
    return find_own(own.adaptives, definition);
}

bool needs_licences(std::uint64_t definition) {
    return std::ranges::find(licensed, definition) != licensed.end();
}

}  // namespace hookreel::media
