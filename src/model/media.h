// What is known of a media file: its streams, and the files that were made from it.
//
// Paths are relative to the library's folder and never come from a caller. Bitrates are in bits per
// second, durations in seconds, times of snapshots in milliseconds.
#pragma once

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

// Pictures of one template: at given times, or sampled.
struct PictureSet {
    std::uint64_t definition = 0;
    std::vector<Picture> pictures;
};
template <class V>
void fields(V& v, Of<PictureSet, V> s) {
    v("definition", s.definition);
    v("pictures", s.pictures);
}

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
    std::string source_context;
    std::string path;                  // The original.
    std::string md5;                   // Of the original, lower-case hex.
    std::int64_t size_bytes = 0;       // Of the original.
    std::string cover;                 // Path, or empty.
    std::optional<Metadata> metadata;  // Absent when the probe found no media.
    std::vector<Rendition> renditions;
    std::vector<PictureSet> snapshots;  // SnapshotByTimeOffset
    std::vector<PictureSet> samples;    // SampleSnapshot
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
    v("source_context", a.source_context);
    v("path", a.path);
    v("md5", a.md5);
    v("size_bytes", a.size_bytes);
    v("cover", a.cover);
    v("metadata", a.metadata);
    v("renditions", a.renditions);
    v("snapshots", a.snapshots);
    v("samples", a.samples);
}

}  // namespace hookreel::model
