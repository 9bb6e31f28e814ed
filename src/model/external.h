// Work that a program outside of this server does: review, inspection, generation. Asked for here,
// done there, reported here.
//
// No model is shipped; an operator names a service for each kind. Input and output are JSON objects
// in the words of the API in which the work was asked for. Like a task it ends as `finish` also
// when it failed.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/json.h"
#include "model/ids.h"
#include "model/task.h"

namespace hookreel::model {

struct ExternalKind {
    std::string_view name;   // In settings and in the contract: "review_audio_video".
    std::string_view event;  // The neutral type of the event at its end.
    std::string_view word;   // In its task id (Tencent open point 20).
    std::string_view tells;  // What the event tells: a sentence.
};

inline constexpr std::array<ExternalKind, 8> external_kinds = {{
    {"review_audio_video", "media.reviewed", "ReviewAudioVideo",
     "An external service reviewed a file's content, or could not."},
    {"inspect_media_quality", "media.inspected", "QualityInspect",
     "An external service inspected a file's quality, or could not."},
    {"enhance_media_quality", "media.enhanced", "QualityEnhance",
     "An external service made a better copy of a file, or could not."},
    {"remove_watermark", "media.watermark_removed", "RemoveWatermark",
     "An external service made a copy of a file without its watermark, or could not."},
    {"extract_trace_watermark", "media.trace_watermark_read", "ExtractTraceWatermark",
     "An external service looked for a viewer's watermark in a file, or could not."},
    {"extract_copyright_watermark", "media.copyright_watermark_read", "ExtractCopyRightWatermark",
     "An external service looked for an owner's watermark in a file, or could not."},
    {"generate_image", "image.generated", "AigcImage",
     "An external service made pictures after a description, or could not."},
    {"generate_video", "video.generated", "AigcVideo",
     "An external service made videos after a description, or could not."},
}};

// What is done as one part of a task on a file, beside the steps that are done here: it has no
// event and no task of its own.
inline constexpr std::array<std::string_view, 3> external_parts = {
    "review_content", "analyze_content", "recognize_content"};

// The kind that procedures ask for by themselves.
inline constexpr std::string_view review_kind = external_kinds[0].name;

// Null when there is no such kind.
constexpr const ExternalKind* find_external_kind(std::string_view name) {
    const auto found = std::ranges::find(external_kinds, name, &ExternalKind::name);
    return found == external_kinds.end() ? nullptr : &*found;
}

constexpr bool is_external_part(std::string_view name) {
    return std::ranges::find(external_parts, name) != external_parts.end();
}

struct ExternalRequest {
    ApplicationId application;
    std::string kind;   // The name of one of external_kinds.
    FileId file;        // Empty when it is about no file of the library.
    std::string input;  // A JSON object.
    std::int64_t priority = 0;
    std::string session_id;
    std::string session_context;
};
template <class V>
void fields(V& v, Of<ExternalRequest, V> r) {
    v("application", r.application);
    v("kind", r.kind);
    v("file", r.file);
    v("input", r.input);
    v("priority", r.priority);
    v("session_id", r.session_id);
    v("session_context", r.session_context);
}

struct ExternalTask {
    TaskId id;
    ExternalRequest request;
    TaskStatus status = TaskStatus::waiting;
    Failure failure = Failure::none;
    std::string message;  // For people; "SUCCESS" when it went well.
    std::int64_t progress = 0;
    std::string output;  // A JSON object; empty unless it went well.
    TimePoint created{};
    TimePoint begun{};
    TimePoint finished{};
};
template <class V>
void fields(V& v, Of<ExternalTask, V> t) {
    v("id", t.id);
    v("request", t.request);
    v("status", t.status);
    v("failure", t.failure);
    v("message", t.message);
    v("progress", t.progress);
    v("output", t.output);
    v("created", t.created);
    v("begun", t.begun);
    v("finished", t.finished);
}

}  // namespace hookreel::model
