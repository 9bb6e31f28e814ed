// Recipes for the steps of a task, each known by its definition number.
//
// Presets and those that an application made are values of one kind. Presets never change. One's
// own may be changed and removed: who uses its number gets what it is by then, or fails when it is
// gone. A number is never given again.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "model/ids.h"
#include "model/media.h"
#include "model/watermark.h"

namespace hookreel::model {

enum class VideoCodec { h264, h265, copy };
constexpr std::array<std::string_view, 3> names(VideoCodec*) {
    return {"h264", "h265", "copy"};
}

enum class AudioCodec { aac, mp3, copy, ac3, flac, mp2, pcm16 };
constexpr std::array<std::string_view, 7> names(AudioCodec*) {
    return {"aac", "mp3", "copy", "ac3", "flac", "mp2", "pcm16"};
}

// What a template's frame rate means for a source that is slower.
enum class FrameRate { at_most, exact };
constexpr std::array<std::string_view, 2> names(FrameRate*) {
    return {"at_most", "exact"};
}

// What a template's width and height are: the long and the short side of the picture whatever its
// orientation, or the sides of the same name.
enum class Sides { long_and_short, as_named };
constexpr std::array<std::string_view, 2> names(Sides*) {
    return {"long_and_short", "as_named"};
}

// How a picture gets into a size of another shape: pulled out of shape, or whole, with a colour or
// a blurred copy of itself beside it.
enum class Fill { stretch, black, white, gauss };
constexpr std::array<std::string_view, 4> names(Fill*) {
    return {"stretch", "black", "white", "gauss"};
}

// Variable (around the bitrate), average, constant, or by quality.
enum class RateControl { vbr, abr, cbr, quality };
constexpr std::array<std::string_view, 4> names(RateControl*) {
    return {"VBR", "ABR", "CBR", "VCRF"};
}

enum class GopUnit { frame, second };
constexpr std::array<std::string_view, 2> names(GopUnit*) {
    return {"frame", "second"};
}

// Standard: what this server thinks best of the codec.
enum class VideoProfile { standard, baseline, main, high };
constexpr std::array<std::string_view, 4> names(VideoProfile*) {
    return {"default", "baseline", "main", "high"};
}

// How H.265 is called in an MP4. Standard is hvc1.
enum class CodecTag { standard, hvc1, hev1 };
constexpr std::array<std::string_view, 3> names(CodecTag*) {
    return {"", "hvc1", "hev1"};
}

struct VideoTemplate {
    using Codec = VideoCodec;
    Codec codec = Codec::h264;
    int fps = 0;    // 0: as the source.
    int kbps = 0;   // 0: as the source.
    int width = 0;  // 0: follows from the other side; both 0: as the source.
    int height = 0;
    int gop = 0;  // Between key frames; 0: the encoder's choice.
    FrameRate frame_rate = FrameRate::at_most;
    Sides sides = Sides::long_and_short;
    Fill fill = Fill::black;
    RateControl rate_control = RateControl::vbr;
    int crf = 0;  // With RateControl::quality: 1 (best) to 51.
    GopUnit gop_unit = GopUnit::frame;
    VideoProfile profile = VideoProfile::standard;
    CodecTag tag = CodecTag::standard;
    std::optional<int> b_frames{};
    int segment_seconds = 0;  // Of HLS; 0: this server's choice.
};
template <class V>
void fields(V& v, Of<VideoTemplate, V> t) {
    v("codec", t.codec);
    v("fps", t.fps);
    v("kbps", t.kbps);
    v("width", t.width);
    v("height", t.height);
    v("gop", t.gop);
    v("frame_rate", t.frame_rate);
    v("sides", t.sides);
    v("fill", t.fill);
    v("rate_control", t.rate_control);
    v("crf", t.crf);
    v("gop_unit", t.gop_unit);
    v("profile", t.profile);
    v("tag", t.tag);
    v("b_frames", t.b_frames);
    v("segment_seconds", t.segment_seconds);
}

struct AudioTemplate {
    using Codec = AudioCodec;
    Codec codec = Codec::aac;
    int kbps = 0;  // 0: as the source, within what the codec takes.
    int sample_rate = 44100;
    int channels = 2;  // 0: as the source.
};
template <class V>
void fields(V& v, Of<AudioTemplate, V> t) {
    v("codec", t.codec);
    v("kbps", t.kbps);
    v("sample_rate", t.sample_rate);
    v("channels", t.channels);
}

struct TranscodeTemplate {
    std::uint64_t definition = 0;
    std::string name;                    // "MP4-LD-FLU"
    std::string container;               // mp4, hls, flv, m4a, mp3, flac, ogg, wav
    std::optional<VideoTemplate> video;  // Absent: sound only.
    std::optional<AudioTemplate> audio;  // Absent: picture only.
    std::string comment{};
    TimePoint created{};
    TimePoint updated{};
};
template <class V>
void fields(V& v, Of<TranscodeTemplate, V> t) {
    v("definition", t.definition);
    v("name", t.name);
    v("container", t.container);
    v("video", t.video);
    v("audio", t.audio);
    v("comment", t.comment);
    v("created", t.created);
    v("updated", t.updated);
}

enum class ImageFormat { jpg, png, webp };
constexpr std::array<std::string_view, 3> names(ImageFormat*) {
    return {"jpg", "png", "webp"};
}

// One picture of a moment. Also for covers.
struct SnapshotTemplate {
    std::uint64_t definition = 0;
    std::string name{};
    int width = 0;  // As those of a video.
    int height = 0;
    Sides sides = Sides::long_and_short;
    Fill fill = Fill::black;
    ImageFormat format = ImageFormat::jpg;
    std::string comment{};
    TimePoint created{};
    TimePoint updated{};
};
template <class V>
void fields(V& v, Of<SnapshotTemplate, V> t) {
    v("definition", t.definition);
    v("name", t.name);
    v("width", t.width);
    v("height", t.height);
    v("sides", t.sides);
    v("fill", t.fill);
    v("format", t.format);
    v("comment", t.comment);
    v("created", t.created);
    v("updated", t.updated);
}

// Such pictures at equal distances, from the beginning on.
struct SampleTemplate : SnapshotTemplate {
    SampleType sample_type = SampleType::time;
    int interval = 1;  // Seconds, or percent of the length.
};
template <class V>
void fields(V& v, Of<SampleTemplate, V> t) {
    fields(v, static_cast<Of<SnapshotTemplate, V>>(t));
    v("sample_type", t.sample_type);
    v("interval", t.interval);
}

// Small pictures on sheets of `rows` times `columns`.
struct SpriteTemplate {
    std::uint64_t definition = 0;
    int width = 0;  // Of one small picture, as those of a video.
    int height = 0;
    int rows = 1;
    int columns = 1;
    int interval = 1;  // Seconds, or percent of the length.
    SampleType sample_type = SampleType::time;
    Sides sides = Sides::as_named;
    Fill fill = Fill::stretch;
    ImageFormat format = ImageFormat::jpg;
    std::string name{};
    std::string comment{};
    TimePoint created{};
    TimePoint updated{};
};
template <class V>
void fields(V& v, Of<SpriteTemplate, V> t) {
    v("definition", t.definition);
    v("width", t.width);
    v("height", t.height);
    v("rows", t.rows);
    v("columns", t.columns);
    v("interval", t.interval);
    v("sample_type", t.sample_type);
    v("sides", t.sides);
    v("fill", t.fill);
    v("format", t.format);
    v("name", t.name);
    v("comment", t.comment);
    v("created", t.created);
    v("updated", t.updated);
}

enum class AnimationFormat { gif, webp };
constexpr std::array<std::string_view, 2> names(AnimationFormat*) {
    return {"gif", "webp"};
}

// A part of a film as a picture that moves.
struct AnimationTemplate {
    std::uint64_t definition = 0;
    std::string name{};
    int width =
        0;  // As those of a video. Both given, a picture of another shape is pulled into them.
    int height = 0;
    Sides sides = Sides::long_and_short;
    AnimationFormat format = AnimationFormat::gif;
    int fps = 2;
    double quality = 75;  // Of WebP: 1 to 100 (the best).
    std::string comment{};
    TimePoint created{};
    TimePoint updated{};
};
template <class V>
void fields(V& v, Of<AnimationTemplate, V> t) {
    v("definition", t.definition);
    v("name", t.name);
    v("width", t.width);
    v("height", t.height);
    v("sides", t.sides);
    v("format", t.format);
    v("fps", t.fps);
    v("quality", t.quality);
    v("comment", t.comment);
    v("created", t.created);
    v("updated", t.updated);
}

// Several pictures of one film, between which a player may change, and its sound once.
struct AdaptiveTemplate {
    std::uint64_t definition = 0;
    std::string name{};
    Package package = Package::hls;
    std::vector<VideoTemplate> video{};    // Of each its size, rate and bitrate.
    std::optional<AudioTemplate> audio{};  // Absent: picture only.
    bool enlarges = true;         // Whether also pictures are made that are larger than the source,
    bool exceeds_bitrate = true;  // or have more bits a second than its picture.
    Protection protection = Protection::none;
    int piece_seconds = 4;
    std::string comment{};
    TimePoint created{};
    TimePoint updated{};
};
template <class V>
void fields(V& v, Of<AdaptiveTemplate, V> t) {
    v("definition", t.definition);
    v("name", t.name);
    v("package", t.package);
    v("video", t.video);
    v("audio", t.audio);
    v("enlarges", t.enlarges);
    v("exceeds_bitrate", t.exceeds_bitrate);
    v("protection", t.protection);
    v("piece_seconds", t.piece_seconds);
    v("comment", t.comment);
    v("created", t.created);
    v("updated", t.updated);
}

// What is shown before and after a film: of each list the one video whose shape is nearest to the
// film's, the first of those that are equally near.
struct HeadTailTemplate {
    std::uint64_t definition = 0;
    std::string name{};
    std::string comment{};
    std::vector<FileId> heads{};
    std::vector<FileId> tails{};
    Fill fill = Fill::stretch;  // How they get into the film's size.
    TimePoint created{};
    TimePoint updated{};
};
template <class V>
void fields(V& v, Of<HeadTailTemplate, V> t) {
    v("definition", t.definition);
    v("name", t.name);
    v("comment", t.comment);
    v("heads", t.heads);
    v("tails", t.tails);
    v("fill", t.fill);
    v("created", t.created);
    v("updated", t.updated);
}

// The number of an application's first own template. Those of presets are smaller.
inline constexpr std::uint64_t own_definition_min = 1'000'001;
constexpr bool is_own_definition(std::uint64_t definition) {
    return definition >= own_definition_min;
}

// All that one application made, each kind oldest first. Numbers are given once, whatever the kind.
struct OwnTemplates {
    std::uint64_t next = own_definition_min;
    std::vector<TranscodeTemplate> transcodes;
    std::vector<SnapshotTemplate> snapshots;
    std::vector<SpriteTemplate> sprites;
    std::vector<WatermarkTemplate> watermarks{};
    std::vector<HeadTailTemplate> heads_tails{};
    std::vector<SampleTemplate> samples{};
    std::vector<AnimationTemplate> animations{};
    std::vector<AdaptiveTemplate> adaptives{};
};
template <class V>
void fields(V& v, Of<OwnTemplates, V> t) {
    v("next", t.next);
    v("transcodes", t.transcodes);
    v("snapshots", t.snapshots);
    v("sprites", t.sprites);
    v("watermarks", t.watermarks);
    v("heads_tails", t.heads_tails);
    v("samples", t.samples);
    v("animations", t.animations);
    v("adaptives", t.adaptives);
}

}  // namespace hookreel::model
