// A new file that is made of files of the library: cut and joined, or composed of tracks.
//
// Like a task it ends as `finish` also when it failed; why is in `failure` (Tencent spec c.1). Both
// kinds share everything but what is asked for. Times are in seconds.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.h"
#include "model/ids.h"
#include "model/task.h"

namespace hookreel::model {

// A part of a file. Negative offsets count from its end, an end of 0 is its end.
struct CutPiece {
    FileId file;
    double start = 0;
    double end = 0;
};
template <class V>
void fields(V& v, Of<CutPiece, V> p) {
    v("file", p.file);
    v("start", p.start);
    v("end", p.end);
}

// What the output's picture is to be, where it is not to follow from the sources: 0 and empty.
struct PictureWish {
    std::string codec;  // "libx264" or "libx265".
    std::int64_t kbps = 0;
    std::int64_t width = 0;
    std::int64_t height = 0;
    std::int64_t fps = 0;
    // Width is the long side, height the short one, whatever the orientation of the source.
    bool is_adaptive = true;
};
template <class V>
void fields(V& v, Of<PictureWish, V> w) {
    v("codec", w.codec);
    v("kbps", w.kbps);
    v("width", w.width);
    v("height", w.height);
    v("fps", w.fps);
    v("is_adaptive", w.is_adaptive);
}

struct SoundWish {
    std::int64_t sample_rate = 0;
    std::int64_t channels = 0;
    std::int64_t kbps = 0;
};
template <class V>
void fields(V& v, Of<SoundWish, V> w) {
    v("sample_rate", w.sample_rate);
    v("channels", w.channels);
    v("kbps", w.kbps);
}

// Pieces, one after the other (Tencent: EditMedia).
struct Cut {
    static constexpr std::string_view kind = "cut";
    std::vector<CutPiece> pieces;
    // Which source the output follows: 10 the one of the highest resolution, 20 of the highest
    // bitrate.
    std::uint64_t definition = 10;
    PictureWish picture;
};
template <class V>
void fields(V& v, Of<Cut, V> c) {
    v("pieces", c.pieces);
    v("definition", c.definition);
    v("picture", c.picture);
}

// A length on the canvas, or a place on it.
struct Length {
    enum class Unit { unset, px, percent } unit = Unit::unset;
    double value = 0;
};
constexpr std::array<std::string_view, 3> names(Length::Unit*) {
    return {"", "px", "%"};
}
template <class V>
void fields(V& v, Of<Length, V> l) {
    v("unit", l.unit);
    v("value", l.value);
}

// Where an item is seen: its centre is so far from the canvas's. A side that is unset follows from
// the other, both unset are the source's own.
struct Placement {
    Length x;
    Length y;
    Length width;
    Length height;
};
template <class V>
void fields(V& v, Of<Placement, V> p) {
    v("x", p.x);
    v("y", p.y);
    v("width", p.width);
    v("height", p.height);
}

struct ImageOperation {
    // Horizontal and vertical mirror.
    enum class Type { rotate, flip_horizontal, flip_vertical } type = Type::rotate;
    double angle = 0;  // Degrees clockwise, of a rotation.
};
constexpr std::array<std::string_view, 3> names(ImageOperation::Type*) {
    return {"rotate", "flip_horizontal", "flip_vertical"};
}
template <class V>
void fields(V& v, Of<ImageOperation, V> o) {
    v("type", o.type);
    v("angle", o.angle);
}

struct Volume {
    bool is_mute = false;
    double gain = 0;  // Decibels; 0 leaves it as it is.
};
template <class V>
void fields(V& v, Of<Volume, V> o) {
    v("is_mute", o.is_mute);
    v("gain", o.gain);
}

struct VideoItem {
    static constexpr std::string_view kind = "video";
    FileId file;
    double start = 0;     // Into the source.
    double duration = 0;  // Of the source; 0: to its end.
    double target = 0;    // On the track, by another speed; 0: as it is.
    Placement placement;
    std::vector<ImageOperation> images;
    std::vector<Volume> volumes;
};
template <class V>
void fields(V& v, Of<VideoItem, V> i) {
    v("file", i.file);
    v("start", i.start);
    v("duration", i.duration);
    v("target", i.target);
    v("placement", i.placement);
    v("images", i.images);
    v("volumes", i.volumes);
}

struct AudioItem {
    static constexpr std::string_view kind = "audio";
    FileId file;
    double start = 0;
    double duration = 0;
    double target = 0;
    std::vector<Volume> volumes;
};
template <class V>
void fields(V& v, Of<AudioItem, V> i) {
    v("file", i.file);
    v("start", i.start);
    v("duration", i.duration);
    v("target", i.target);
    v("volumes", i.volumes);
}

// A picture that is shown for a while, from a time of its own.
struct StickerItem {
    static constexpr std::string_view kind = "sticker";
    FileId file;
    double start = 0;  // On the track.
    double duration = 0;
    Placement placement;
    std::vector<ImageOperation> images;
};
template <class V>
void fields(V& v, Of<StickerItem, V> i) {
    v("file", i.file);
    v("start", i.start);
    v("duration", i.duration);
    v("placement", i.placement);
    v("images", i.images);
}

// From one item of the track to the next; they overlap for so long.
struct TransitionItem {
    static constexpr std::string_view kind = "transition";
    double duration = 0;
    std::vector<std::string> types;  // In the words of Tencent's TransitionOperation.
};
template <class V>
void fields(V& v, Of<TransitionItem, V> i) {
    v("duration", i.duration);
    v("types", i.types);
}

// Nothing, for a while.
struct EmptyItem {
    static constexpr std::string_view kind = "empty";
    double duration = 0;
};
template <class V>
void fields(V& v, Of<EmptyItem, V> i) {
    v("duration", i.duration);
}

using TrackItem = std::variant<VideoItem, AudioItem, StickerItem, TransitionItem, EmptyItem>;

struct Track {
    enum class Type { video, audio, sticker } type = Type::video;
    std::vector<TrackItem> items;
};
constexpr std::array<std::string_view, 3> names(Track::Type*) {
    return {"Video", "Audio", "Sticker"};
}
template <class V>
void fields(V& v, Of<Track, V> t) {
    v("type", t.type);
    v("items", t.items);
}

struct Canvas {
    enum class Color { black, white } color = Color::black;
    std::int64_t width = 0;  // 0: as the first item of the first video track.
    std::int64_t height = 0;
};
constexpr std::array<std::string_view, 2> names(Canvas::Color*) {
    return {"Black", "White"};
}
template <class V>
void fields(V& v, Of<Canvas, V> c) {
    v("color", c.color);
    v("width", c.width);
    v("height", c.height);
}

enum class Part { keep, remove };
constexpr std::array<std::string_view, 2> names(Part*) {
    return {"keep", "remove"};
}

// Tracks over a canvas, later ones above earlier ones, all sounds mixed (Tencent: ComposeMedia).
struct Composition {
    static constexpr std::string_view kind = "composition";
    std::vector<Track> tracks;
    std::optional<Canvas> canvas;
    std::optional<PictureWish> picture;  // Of it, codec and fps.
    std::optional<SoundWish> sound;
    Part video = Part::keep;
    Part audio = Part::keep;
};
template <class V>
void fields(V& v, Of<Composition, V> c) {
    v("tracks", c.tracks);
    v("canvas", c.canvas);
    v("picture", c.picture);
    v("sound", c.sound);
    v("video", c.video);
    v("audio", c.audio);
}

using EditWork = std::variant<Cut, Composition>;

// The files that it is made of, each once, in the order in which they are named first.
std::vector<FileId> sources_of(const EditWork& work);

struct EditRequest {
    ApplicationId application;
    EditWork work;
    std::string type = "mp4";  // Of the new file: mp4, hls or mp3.
    std::string name;          // Of the new file.
    std::string description;
    std::int64_t class_id = 0;
    TimePoint expires = never;
    std::string procedure;
    std::int64_t priority = 0;  // -10 to 10, larger first.
    std::string session_id;
    std::string session_context;
    std::string trace;  // Of whoever asks, as trace_text has it; or empty.
};
template <class V>
void fields(V& v, Of<EditRequest, V> r) {
    v("application", r.application);
    v("work", r.work);
    v("type", r.type);
    v("name", r.name);
    v("description", r.description);
    v("class_id", r.class_id);
    v("expires", r.expires);
    v("procedure", r.procedure);
    v("priority", r.priority);
    v("session_id", r.session_id);
    v("session_context", r.session_context);
    v("trace", r.trace);
}

struct Edit {
    TaskId id;
    EditRequest request;
    FileId file;  // Reserved when it is asked for, told when it is there.
    TaskStatus status = TaskStatus::waiting;
    Failure failure = Failure::none;
    std::string message;  // For people; "SUCCESS" when it went well.
    std::int64_t progress = 0;
    TaskId procedure_task;  // Empty when no procedure was asked for.
    TimePoint created{};
    TimePoint begun{};
    TimePoint finished{};
    TaskId review_task{};  // Empty when the procedure asks for no review.
};
template <class V>
void fields(V& v, Of<Edit, V> e) {
    v("id", e.id);
    v("request", e.request);
    v("file", e.file);
    v("status", e.status);
    v("failure", e.failure);
    v("message", e.message);
    v("progress", e.progress);
    v("procedure_task", e.procedure_task);
    v("created", e.created);
    v("begun", e.begun);
    v("finished", e.finished);
    v("review_task", e.review_task);
}

}  // namespace hookreel::model
