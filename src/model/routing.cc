#include "model/routing.h"

#include <fmt/format.h>

namespace hookreel::model {
namespace {

struct IsWanted {
    const EventSettings& settings;

    bool operator()(const FileUploaded&) const { return settings.upload_complete == Switch::on; }
    bool operator()(const ProcedureChanged&) const { return true; }
    bool operator()(const MediaPulled&) const { return true; }  // Open point 13.
    bool operator()(const MediaEdited&) const { return true; }
    bool operator()(const MediaComposed&) const { return true; }
    bool operator()(const MediaDeleted&) const { return settings.delete_complete == Switch::on; }
    bool operator()(const ExternalTaskEnded&) const { return true; }
    // No events of this dialect.
    bool operator()(const CustomEvent&) const { return false; }
    bool operator()(const EndpointTold&) const { return false; }
};

}  // namespace

Recipient recipient(const EventSettings& settings, const Event& event) {
    if (!std::visit(IsWanted{settings}, event.payload)) return Recipient::nobody;
    if (settings.mode == Mode::pull) return Recipient::reel;
    return settings.notification_url.empty() ? Recipient::nobody : Recipient::endpoint;
}

EndpointId callback_endpoint(ApplicationId application) {
    return EndpointId(fmt::format("callback-{}", application.value()));
}

}  // namespace hookreel::model
