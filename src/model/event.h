// What happened, once: the value that every dialect renders in its own words.
//
// An event type is added here first: its payload, its neutral name, then its rendering in each
// dialect that has it.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "base/clock.h"
#include "model/ids.h"
#include "model/media.h"
#include "model/task.h"

namespace hookreel::model {

// A file has arrived in the library (Tencent: NewFileUpload).
struct FileUploaded {
    static constexpr std::string_view type = "media.uploaded";
    Asset asset;
    TaskId procedure_task;  // Empty when no procedure was asked for.
};

// A task on a file made progress or finished (Tencent: ProcedureStateChanged).
struct ProcedureChanged {
    static constexpr std::string_view type = "media.processed";
    Task task;
    Asset asset;  // As it is after the task.
};

using Payload = std::variant<FileUploaded, ProcedureChanged>;

struct Event {
    EventId id;
    ApplicationId application;
    TimePoint time{};
    Payload payload;
};

inline std::string_view type(const Event& event) {
    return std::visit([](const auto& payload) { return std::decay_t<decltype(payload)>::type; },
                      event.payload);
}
// What the event is about, for order by key: the file.
std::string key(const Event& event);

// An event that happens now, with a fresh id.
Event make_event(ApplicationId application, TimePoint now, Payload payload);

}  // namespace hookreel::model
