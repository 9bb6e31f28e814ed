#include "model/event.h"

#include "base/random.h"

namespace hookreel::model {
namespace {

struct KeyOf {
    std::string operator()(const FileUploaded& payload) const { return payload.asset.id.text(); }
    std::string operator()(const ProcedureChanged& payload) const {
        return payload.asset.id.text();
    }
    std::string operator()(const MediaPulled& payload) const { return payload.pull.file.text(); }
    std::string operator()(const MediaDeleted& payload) const { return payload.file.text(); }
    std::string operator()(const CustomEvent& payload) const { return payload.key; }
    std::string operator()(const EndpointTold& payload) const { return payload.endpoint.text(); }
};

struct TypeOf {
    std::string_view operator()(const auto& payload) const { return payload.type; }
};

}  // namespace

std::string_view type(const Event& event) {
    return std::visit(TypeOf{}, event.payload);
}

std::string key(const Event& event) {
    return std::visit(KeyOf{}, event.payload);
}

Event make_event(ApplicationId application, TimePoint now, Payload payload) {
    return {EventId(random_hex(16)), application, now, std::move(payload)};
}

}  // namespace hookreel::model
