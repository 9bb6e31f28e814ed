// What happened, once: the value that every dialect renders in its own words.
//
// An event type is added here first: its payload and its neutral name; then its row in the table of
// dialect/standard/events, and its rendering in each other dialect that has it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/trace_context.h"
#include "model/edit.h"
#include "model/external.h"
#include "model/ids.h"
#include "model/media.h"
#include "model/pull.h"
#include "model/task.h"

namespace hookreel::model {

// A file has arrived in the library (Tencent: NewFileUpload).
struct FileUploaded {
    static constexpr std::string_view type = "media.uploaded";
    Asset asset;
    TaskId procedure_task;  // Empty when no procedure was asked for.
    TaskId review_task{};   // Empty when it asks for no review.
};

// A task on a file made progress or finished (Tencent: ProcedureStateChanged).
struct ProcedureChanged {
    static constexpr std::string_view type = "media.processed";
    Task task;
    Asset asset;  // As it is after the task.
};

// A file was fetched from an address, or could not be (Tencent: PullComplete).
struct MediaPulled {
    static constexpr std::string_view type = "media.pulled";
    Pull pull;
    std::optional<Asset> asset;  // Absent when it failed.
};

// A file was cut and joined of others, or could not be (Tencent: EditMediaComplete).
struct MediaEdited {
    static constexpr std::string_view type = "media.edited";
    Edit edit;
    std::optional<Asset> asset;  // Absent when it failed.
};

// A file was composed of others, or could not be (Tencent: ComposeMediaComplete).
struct MediaComposed {
    static constexpr std::string_view type = "media.composed";
    Edit edit;
    std::optional<Asset> asset;  // Absent when it failed.
};

// A file, or some of its parts, has left the library (Tencent: FileDeleted).
struct MediaDeleted {
    static constexpr std::string_view type = "media.deleted";
    FileId file;
    std::vector<AssetPart> parts;  // Empty: all of it.
};

// Work that an external service did or could not do (Tencent: ReviewAudioVideoComplete and others,
// by its kind).
struct ExternalTaskEnded {
    std::string type;  // The event of its kind: "media.reviewed".
    ExternalTask task;

    static ExternalTaskEnded of(ExternalTask task);
};

// What an application says of itself, through the native API. Its words are its own.
struct CustomEvent {
    std::string type;  // As model::is_type_pattern without "*".
    std::string key;   // At most 256 bytes; empty: none.
    std::string data;  // A JSON text.
};

// What the operator of an endpoint must hear of it (native API only).
struct EndpointTold {
    static constexpr std::string_view failing = "endpoint.failing";
    static constexpr std::string_view disabled = "endpoint.disabled";
    static constexpr std::string_view enabled = "endpoint.enabled";
    std::string type;  // One of these.
    EndpointId endpoint;
    std::string url;
    int percent = 0;  // Of the time of failing after which it is disabled: 50, 70, 90 or 100.
    TimePoint failing_since{};
    std::string reason;
};

using Payload =
    std::variant<FileUploaded, ProcedureChanged, MediaPulled, MediaEdited, MediaComposed,
                 MediaDeleted, ExternalTaskEnded, CustomEvent, EndpointTold>;

struct Event {
    EventId id;
    ApplicationId application;
    TimePoint time{};
    Payload payload;
    TraceContext trace{};  // Of what made it happen, as far as that is known.
};

// Its neutral name, the same in every dialect that has no own one: "media.uploaded".
std::string_view type(const Event& event);
// What the event is about, for order by key: the file, the endpoint, the application's own word.
std::string key(const Event& event);

// Whether a publisher may name an event so: 1 to 128 of A-Z, a-z, 0-9, '_', '-' and ':'. No '.',
// because signatures set one after the id (Standard Webhooks 1.0.0).
bool is_event_id(std::string_view text);

// An event that happens now, with a fresh id.
Event make_event(ApplicationId application, TimePoint now, Payload payload,
                 TraceContext trace = {});

}  // namespace hookreel::model
