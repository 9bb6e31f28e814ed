// Work on a file of the library: a task of several steps, each with its own outcome.
//
// A task ends as `finish` even when steps failed (Tencent spec c.1, Rules); failure is in the step.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.h"
#include "model/ids.h"
#include "model/media.h"
#include "model/overlay.h"
#include "model/template.h"
#include "model/watermark.h"

namespace hookreel::model {

enum class TaskStatus { waiting, processing, finish, aborted };
constexpr std::array<std::string_view, 4> names(TaskStatus*) {
    return {"WAITING", "PROCESSING", "FINISH", "ABORTED"};
}

enum class StepStatus { processing, success, fail };
constexpr std::array<std::string_view, 3> names(StepStatus*) {
    return {"PROCESSING", "SUCCESS", "FAIL"};
}

// Finish: one event at the end. Change: one per step that ends. None: no event.
enum class NotifyMode { finish, change, none };
constexpr std::array<std::string_view, 3> names(NotifyMode*) {
    return {"Finish", "Change", "None"};
}

// Why a step failed, in the words of Tencent 266/39145: the `ErrCodeExt` values that media work can
// have.
enum class Failure {
    none,
    invalid_input,
    invalid_time_offset,
    definition_not_exist,
    configuration_unsupported,
    result_file_size_too_large,
    source_file_error,
    no_video_media,
    no_video_resolution,
    content_malformed,
    content_unsupported,
    download_not_accessible,
    internal_error,
};
constexpr std::array<std::string_view, 13> names(Failure*) {
    return {"",
            "InvalidInput",
            "InvalidInput.InvalidTimeOffset",
            "InvalidInput.DefinitionNotExist",
            "InvalidInput.ConfigurationUnsupported",
            "InvalidInput.ResultFileSizeTooLarge",
            "SourceFileError",
            "SourceFileError.NoVideoMedia",
            "SourceFileError.NoVideoResolution",
            "SourceFileError.ContentMalformed",
            "SourceFileError.ContentUnsupported",
            "SourceFileError.DownloadNotAccessible",
            "InternalError"};
}

// A template as one task changes it for itself.
struct ChangedTemplate {
    TranscodeTemplate made;  // Under the number of the one that is changed.
    std::string asked;       // The changes alone: a JSON object in the words of the asking API.
};
template <class V>
void fields(V& v, Of<ChangedTemplate, V> c) {
    v("made", c.made);
    v("asked", c.asked);
}

struct TranscodeWork {
    static constexpr std::string_view kind = "transcode";
    std::uint64_t definition = 0;
    double start_offset = 0;  // Seconds into the source; negative counts from its end.
    double end_offset = 0;    // Seconds; 0 is the end of the source, negative counts from it.
    std::vector<Mosaic> mosaics{};
    std::optional<ChangedTemplate> changed{};  // Absent: the template as it is.
    std::optional<Rendition> output;
    std::vector<Watermark> watermarks{};
    std::vector<std::uint64_t> heads_tails{};  // Templates; what they show comes in their order.
    FileId becomes{};  // The new file that the output is; empty: it belongs to the source.
};
template <class V>
void fields(V& v, Of<TranscodeWork, V> w) {
    v("definition", w.definition);
    v("start_offset", w.start_offset);
    v("end_offset", w.end_offset);
    v("mosaics", w.mosaics);
    v("changed", w.changed);
    v("output", w.output);
    v("watermarks", w.watermarks);
    v("heads_tails", w.heads_tails);
    v("becomes", w.becomes);
}

enum class Position { time, percent };
constexpr std::array<std::string_view, 2> names(Position*) {
    return {"Time", "Percent"};
}

struct CoverWork {
    static constexpr std::string_view kind = "cover";
    std::uint64_t definition = 0;
    Position position = Position::time;
    double position_value = 0;  // Seconds, or percent of the duration.
    std::string output;         // Path of the picture.
    std::vector<Watermark> watermarks{};
};
template <class V>
void fields(V& v, Of<CoverWork, V> w) {
    v("definition", w.definition);
    v("position", w.position);
    v("position_value", w.position_value);
    v("output", w.output);
    v("watermarks", w.watermarks);
}

struct SnapshotWork {
    static constexpr std::string_view kind = "snapshot_by_time_offset";
    std::uint64_t definition = 0;
    std::vector<std::string> offsets;  // "3.5s" or "10%".
    std::vector<double>
        offsets_ms;  // The older parameter, in milliseconds; used when `offsets` is empty.
    std::optional<PictureSet> output;
    std::vector<Watermark> watermarks{};
};
template <class V>
void fields(V& v, Of<SnapshotWork, V> w) {
    v("definition", w.definition);
    v("offsets", w.offsets);
    v("offsets_ms", w.offsets_ms);
    v("output", w.output);
    v("watermarks", w.watermarks);
}

struct SampleWork {
    static constexpr std::string_view kind = "sample_snapshot";
    std::uint64_t definition = 0;
    std::optional<PictureSet> output;
    std::vector<Watermark> watermarks{};
};
template <class V>
void fields(V& v, Of<SampleWork, V> w) {
    v("definition", w.definition);
    v("output", w.output);
    v("watermarks", w.watermarks);
}

struct SpriteWork {
    static constexpr std::string_view kind = "image_sprite";
    std::uint64_t definition = 0;
    std::optional<Sprite> output;
};
template <class V>
void fields(V& v, Of<SpriteWork, V> w) {
    v("definition", w.definition);
    v("output", w.output);
}

struct AnimationWork {
    static constexpr std::string_view kind = "animated_graphic";
    std::uint64_t definition = 0;
    double start_offset = 0;  // Seconds, as those of a transcode.
    double end_offset = 0;
    std::optional<Animation> output;
};
template <class V>
void fields(V& v, Of<AnimationWork, V> w) {
    v("definition", w.definition);
    v("start_offset", w.start_offset);
    v("end_offset", w.end_offset);
    v("output", w.output);
}

struct AdaptiveWork {
    static constexpr std::string_view kind = "adaptive_stream";
    std::uint64_t definition = 0;
    std::optional<AdaptiveStream> output;
    std::vector<Watermark> watermarks{};
};
template <class V>
void fields(V& v, Of<AdaptiveWork, V> w) {
    v("definition", w.definition);
    v("output", w.output);
    v("watermarks", w.watermarks);
}

// What an external service does as a part of the task (model/external.h).
struct ServiceWork {
    static constexpr std::string_view kind = "service";
    std::uint64_t definition = 0;
    std::string service;        // The name of one of external_parts.
    std::string input{};        // A JSON object in the words of the API in which it was asked for.
    std::string member{};       // Under which that API has it.
    std::string output{};       // A JSON array in the same words; empty unless it went well.
    TimePoint ask_at{};         // Not asked again before.
    std::int64_t troubles = 0;  // Questions in a row that the service did not answer.
};
template <class V>
void fields(V& v, Of<ServiceWork, V> w) {
    v("definition", w.definition);
    v("service", w.service);
    v("input", w.input);
    v("member", w.member);
    v("output", w.output);
    v("ask_at", w.ask_at);
    v("troubles", w.troubles);
}

using Work = std::variant<TranscodeWork, CoverWork, SnapshotWork, SampleWork, SpriteWork,
                          AnimationWork, AdaptiveWork, ServiceWork>;

struct Step {
    Work work;
    StepStatus status = StepStatus::processing;
    Failure failure = Failure::none;
    std::string message;        // For people; "SUCCESS" when it went well.
    std::int64_t progress = 0;  // 0 to 100, never falls.
    TimePoint begun{};          // The epoch: not yet.
    TimePoint finished{};
};
template <class V>
void fields(V& v, Of<Step, V> s) {
    v("work", s.work);
    v("status", s.status);
    v("failure", s.failure);
    v("message", s.message);
    v("progress", s.progress);
    v("begun", s.begun);
    v("finished", s.finished);
}

// What lies at an address of somebody else's, and is no file of the library.
struct ForeignFile {
    std::string url;
    std::string name;
    std::string id;  // As its owner names it, or empty.
};
template <class V>
void fields(V& v, Of<ForeignFile, V> f) {
    v("url", f.url);
    v("name", f.name);
    v("id", f.id);
}

struct Task {
    TaskId id;
    ApplicationId application;
    FileId file;  // Empty when it works on a foreign one.
    TaskStatus status = TaskStatus::waiting;
    std::vector<Step> steps;
    std::int64_t priority = 0;  // -10 to 10, larger first.
    NotifyMode notify = NotifyMode::finish;
    std::string session_id;
    std::string session_context;
    std::string trace;  // Of whoever asked for it, as trace_text has it; or empty.
    TimePoint created{};
    TimePoint begun{};
    TimePoint finished{};
    std::optional<ForeignFile> foreign{};
};
template <class V>
void fields(V& v, Of<Task, V> t) {
    v("id", t.id);
    v("application", t.application);
    v("file", t.file);
    v("status", t.status);
    v("steps", t.steps);
    v("priority", t.priority);
    v("notify", t.notify);
    v("session_id", t.session_id);
    v("session_context", t.session_context);
    v("trace", t.trace);
    v("created", t.created);
    v("begun", t.begun);
    v("finished", t.finished);
    v("foreign", t.foreign);
}

}  // namespace hookreel::model
