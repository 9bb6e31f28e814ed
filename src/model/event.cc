#include "model/event.h"

#include <algorithm>

#include "base/random.h"

namespace hookreel::model {
namespace {

constexpr std::size_t id_bytes_max = 128;

bool is_id_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == ':';
}

struct KeyOf {
    std::string operator()(const FileUploaded& payload) const { return payload.asset.id.text(); }
    std::string operator()(const ProcedureChanged& payload) const {
        return payload.asset.id.text();
    }
    std::string operator()(const MediaPulled& payload) const { return payload.pull.file.text(); }
    std::string operator()(const MediaEdited& payload) const { return payload.edit.file.text(); }
    std::string operator()(const MediaComposed& payload) const { return payload.edit.file.text(); }
    std::string operator()(const MediaDeleted& payload) const { return payload.file.text(); }
    std::string operator()(const ExternalTaskEnded& payload) const {
        const ExternalTask& task = payload.task;
        return task.request.file.text().empty() ? task.id.text() : task.request.file.text();
    }
    std::string operator()(const CustomEvent& payload) const { return payload.key; }
    std::string operator()(const EndpointTold& payload) const { return payload.endpoint.text(); }
};

struct TypeOf {
    std::string_view operator()(const auto& payload) const { return payload.type; }
};

}  // namespace

ExternalTaskEnded ExternalTaskEnded::of(ExternalTask task) {
    const ExternalKind* kind = find_external_kind(task.request.kind);
    return {kind ? std::string(kind->event) : std::string(), std::move(task)};
}

std::string_view type(const Event& event) {
    return std::visit(TypeOf{}, event.payload);
}

std::string key(const Event& event) {
    return std::visit(KeyOf{}, event.payload);
}

bool is_event_id(std::string_view text) {
    return !text.empty() && text.size() <= id_bytes_max &&
           std::ranges::all_of(text, is_id_character);
}

Event make_event(ApplicationId application, TimePoint now, Payload payload, TraceContext trace) {
    return {EventId(random_hex(16)), application, now, std::move(payload), std::move(trace)};
}

}  // namespace hookreel::model
