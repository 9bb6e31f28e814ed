// What is known of a media file: its streams, and the files that were made from it.
//
// Paths are relative to the library's folder and never come from a caller. Bitrates are in bits per
// second, durations in seconds, times of snapshots in milliseconds.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "model/ids.h"

namespace hookreel::model {

struct VideoStream {
    std::int64_t bitrate = 0;
    std::int64_t width = 0;  // Coded size, before rotation.
    std::int64_t height = 0;
    std::string codec;      // ffprobe's codec_name: "h264", "wmv2".
    std::int64_t fps = 0;   // Rounded.
    std::string codec_tag;  // "avc1", "WMV2"; empty when the container has none.
    std::string hdr;        // "", "hdr10" or "hlg".
    double frame_rate = 0;  // As exact as it is known; 0 in older records.
};
template <class V>
void fields(V& v, Of<VideoStream, V> s) {
    v("bitrate", s.bitrate);
    v("width", s.width);
    v("height", s.height);
    v("codec", s.codec);
    v("fps", s.fps);
    v("codec_tag", s.codec_tag);
    v("hdr", s.hdr);
    v("frame_rate", s.frame_rate);
}

struct AudioStream {
    std::int64_t bitrate = 0;
    std::int64_t sampling_rate = 0;
    std::string codec;
};
template <class V>
void fields(V& v, Of<AudioStream, V> s) {
    v("bitrate", s.bitrate);
    v("sampling_rate", s.sampling_rate);
    v("codec", s.codec);
}

struct Metadata {
    std::int64_t size_bytes = 0;
    std::string container;  // ffprobe's format_name: "mov,mp4,m4a,3gp,3g2,mj2".
    std::int64_t bitrate = 0;
    std::int64_t width = 0;
    std::int64_t height = 0;
    double duration = 0;
    std::int64_t rotate = 0;  // 0, 90, 180 or 270.
    std::vector<VideoStream> video;
    std::vector<AudioStream> audio;
    double video_duration = 0;
    double audio_duration = 0;
    double pixel_aspect = 1;  // Width of a pixel over its height, before rotation.
};
template <class V>
void fields(V& v, Of<Metadata, V> m) {
    v("size_bytes", m.size_bytes);
    v("container", m.container);
    v("bitrate", m.bitrate);
    v("width", m.width);
    v("height", m.height);
    v("duration", m.duration);
    v("rotate", m.rotate);
    v("video", m.video);
    v("audio", m.audio);
    v("video_duration", m.video_duration);
    v("audio_duration", m.audio_duration);
    v("pixel_aspect", m.pixel_aspect);
}

// A file made by transcoding; definition 0 is the original itself.
struct Rendition {
    std::uint64_t definition = 0;
    std::string path;
    std::string md5;  // Lower-case hex. Of the playlist for HLS.
    Metadata metadata;
};
template <class V>
void fields(V& v, Of<Rendition, V> r) {
    v("definition", r.definition);
    v("path", r.path);
    v("md5", r.md5);
    v("metadata", r.metadata);
}

struct Picture {
    std::int64_t offset_ms = 0;
    std::string path;
};
template <class V>
void fields(V& v, Of<Picture, V> p) {
    v("offset_ms", p.offset_ms);
    v("path", p.path);
}

// What an interval between samples counts: parts of the length, or seconds.
enum class SampleType { percent, time };
constexpr std::array<std::string_view, 2> names(SampleType*) {
    return {"Percent", "Time"};
}

// Pictures of one template: at given times, or sampled.
struct PictureSet {
    std::uint64_t definition = 0;
    std::vector<Picture> pictures;
    std::vector<std::uint64_t> watermarks{};  // The templates of those on them.
    // Of samples. Earlier builds had one template of them and did not say so.
    SampleType sample_type = SampleType::percent;
    int interval = 10;
};
template <class V>
void fields(V& v, Of<PictureSet, V> s) {
    v("definition", s.definition);
    v("pictures", s.pictures);
    v("watermarks", s.watermarks);
    v("sample_type", s.sample_type);
    v("interval", s.interval);
}

// Small pictures at equal distances, put together on sheets, and a WebVTT that says which is where.
struct Sprite {
    std::uint64_t definition = 0;
    std::int64_t width = 0;  // Of one small picture.
    std::int64_t height = 0;
    std::int64_t count = 0;  // Of the small pictures on all sheets.
    std::vector<std::string> sheets;
    std::string vtt;  // Path.
};
template <class V>
void fields(V& v, Of<Sprite, V> s) {
    v("definition", s.definition);
    v("width", s.width);
    v("height", s.height);
    v("count", s.count);
    v("sheets", s.sheets);
    v("vtt", s.vtt);
}

// A part of a video as a moving picture. A file can have several of one template.
struct Animation {
    std::uint64_t definition = 0;
    std::string path;
    std::string container;  // "gif" or "webp".
    std::int64_t width = 0;
    std::int64_t height = 0;
    std::int64_t bitrate = 0;
    std::int64_t size_bytes = 0;
    std::string md5;          // Lower-case hex.
    double start_offset = 0;  // Seconds into the source, as are those of the work.
    double end_offset = 0;
};
template <class V>
void fields(V& v, Of<Animation, V> a) {
    v("definition", a.definition);
    v("path", a.path);
    v("container", a.container);
    v("width", a.width);
    v("height", a.height);
    v("bitrate", a.bitrate);
    v("size_bytes", a.size_bytes);
    v("md5", a.md5);
    v("start_offset", a.start_offset);
    v("end_offset", a.end_offset);
}

// How the streams of an adaptive stream are put together, in the words of Tencent's `Package`.
enum class Package { hls, dash };
constexpr std::array<std::string_view, 2> names(Package*) {
    return {"HLS", "DASH"};
}

// What keeps a stream from being seen by everybody who has its pieces, in the words of Tencent's
// `DrmType`.
enum class Protection {
    none,
    simple_aes,  // Pieces in AES-128, whose key lies beside them (RFC 8216, 4.3.2.4).
};
constexpr std::array<std::string_view, 2> names(Protection*) {
    return {"", "SimpleAES"};
}

enum class StreamKind { audio, video };
constexpr std::array<std::string_view, 2> names(StreamKind*) {
    return {"audio", "video"};
}

// One of the streams between which a player may choose: a picture of one size, or the sound.
struct SubStream {
    StreamKind kind = StreamKind::video;
    std::int64_t width = 0;  // 0 for sound.
    std::int64_t height = 0;
    std::int64_t size_bytes = 0;
};
template <class V>
void fields(V& v, Of<SubStream, V> s) {
    v("kind", s.kind);
    v("width", s.width);
    v("height", s.height);
    v("size_bytes", s.size_bytes);
}

// The same video in several sizes, of which the player takes what its connection bears.
struct AdaptiveStream {
    std::uint64_t definition = 0;
    Package package = Package::hls;
    std::string path;  // Of the master playlist or the MPD.
    std::int64_t size_bytes = 0;
    std::vector<SubStream> streams;
    Protection protection = Protection::none;
};
template <class V>
void fields(V& v, Of<AdaptiveStream, V> a) {
    v("definition", a.definition);
    v("package", a.package);
    v("path", a.path);
    v("size_bytes", a.size_bytes);
    v("streams", a.streams);
    v("protection", a.protection);
}

// A word about one moment of a file, written by its owner.
struct KeyFrame {
    double offset = 0;  // Seconds.
    std::string content;
};
template <class V>
void fields(V& v, Of<KeyFrame, V> k) {
    v("offset", k.offset);
    v("content", k.content);
}

struct Subtitle {
    std::string id;
    std::string name;
    std::string language;  // "en"
    std::string format;    // "vtt"
    std::string path;
};
template <class V>
void fields(V& v, Of<Subtitle, V> s) {
    v("id", s.id);
    v("name", s.name);
    v("language", s.language);
    v("format", s.format);
    v("path", s.path);
}

// Where a cover came from: it goes with the original, or with what was made of it.
enum class CoverSource { uploaded, generated };
constexpr std::array<std::string_view, 2> names(CoverSource*) {
    return {"uploaded", "generated"};
}

// How a file came into the library, in the words of Tencent's SourceType.
enum class AssetSource { upload, processing };
constexpr std::array<std::string_view, 2> names(AssetSource*) {
    return {"Upload", "VideoProcessing"};
}

// What a review advises, in the words of Tencent's Suggestion.
enum class Suggestion { pass, review, block };
constexpr std::array<std::string_view, 3> names(Suggestion*) {
    return {"pass", "review", "block"};
}

// What an external service found in a file or its cover: the last word of it.
struct Review {
    std::uint64_t definition = 0;
    Suggestion suggestion = Suggestion::pass;
    std::vector<std::string> kinds{};  // "Image.Porn": where and what; none when it passed.
    TimePoint time{};
};
template <class V>
void fields(V& v, Of<Review, V> r) {
    v("definition", r.definition);
    v("suggestion", r.suggestion);
    v("kinds", r.kinds);
    v("time", r.time);
}

// What a review tells of a file and its cover. What is absent was not looked at.
struct Findings {
    std::optional<Review> review{};
    std::optional<Review> cover_review{};
};

// A kind of files that an asset has, as DeleteMedia names them.
enum class PartKind { original, transcodes, adaptive_streams, wechat, wechat_mini_program };
constexpr std::array<std::string_view, 5> names(PartKind*) {
    return {"OriginalFiles", "TranscodeFiles", "AdaptiveDynamicStreamingFiles",
            "WechatPublishFiles", "WechatMiniProgramPublishFiles"};
}

struct AssetPart {
    PartKind kind = PartKind::original;
    std::uint64_t definition = 0;  // 0: all of the kind.

    bool operator==(const AssetPart&) const = default;
};

// One file of the library with everything made from it.
struct Asset {
    FileId id;
    ApplicationId application;
    std::string name;
    std::string description;
    std::string type;  // The extension without the dot, lower case: "wmv".
    std::int64_t class_id = 0;
    TimePoint created{};
    TimePoint updated{};
    TimePoint expires = never;
    std::vector<std::string> tags;
    std::vector<KeyFrame> key_frames;  // By offset, ascending.
    std::vector<Subtitle> subtitles;
    AssetSource source = AssetSource::upload;
    std::string source_context;
    std::string path;             // The original; empty when it was deleted.
    std::string md5;              // Of the original, lower-case hex.
    std::int64_t size_bytes = 0;  // Of the original.
    std::string cover;            // Path, or empty.
    CoverSource cover_source = CoverSource::uploaded;
    std::optional<Metadata> metadata;  // Absent when the probe found no media.
    std::vector<Rendition> renditions;
    std::vector<PictureSet> snapshots;  // SnapshotByTimeOffset
    std::vector<PictureSet> samples;    // SampleSnapshot
    std::vector<Sprite> sprites;
    std::vector<Animation> animations;
    std::vector<AdaptiveStream> adaptive_streams;
    std::optional<Review> review{};  // Of the original.
    std::optional<Review> cover_review{};
};
template <class V>
void fields(V& v, Of<Asset, V> a) {
    v("id", a.id);
    v("application", a.application);
    v("name", a.name);
    v("description", a.description);
    v("type", a.type);
    v("class_id", a.class_id);
    v("created", a.created);
    v("updated", a.updated);
    v("expires", a.expires);
    v("tags", a.tags);
    v("key_frames", a.key_frames);
    v("subtitles", a.subtitles);
    v("source", a.source);
    v("source_context", a.source_context);
    v("path", a.path);
    v("md5", a.md5);
    v("size_bytes", a.size_bytes);
    v("cover", a.cover);
    v("cover_source", a.cover_source);
    v("metadata", a.metadata);
    v("renditions", a.renditions);
    v("snapshots", a.snapshots);
    v("samples", a.samples);
    v("sprites", a.sprites);
    v("animations", a.animations);
    v("adaptive_streams", a.adaptive_streams);
    v("review", a.review);
    v("cover_review", a.cover_review);
}

}  // namespace hookreel::model
