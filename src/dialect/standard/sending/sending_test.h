// An endpoint and an event to send to it, for the tests of this folder.
#pragma once

#include "delivery/ports.h"
#include "dialect/standard/events/event_body.h"
#include "model/application.h"

namespace hookreel::dialect::standard {

inline const TimePoint test_now = parse_time("2026-11-20T21:40:06.789Z").value();
inline const std::string test_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

inline model::Endpoint test_endpoint() {
    model::Endpoint endpoint;
    endpoint.id = model::EndpointId("ep_1");
    endpoint.application = model::default_application;
    endpoint.url = "http://127.0.0.1:9000/hook?x=1";
    endpoint.secrets = {{.value = test_secret}};
    return endpoint;
}

inline store::Lease test_lease(model::CustomEvent payload = {"order.paid", "customer 7",
                                                             R"({"amount":12.5})"}) {
    const model::Event event{model::EventId("e1"), model::default_application,
                             parse_time("2026-11-20T21:40:00.123Z").value(), std::move(payload)};
    store::Lease lease;
    lease.event = event.id;
    lease.type = type(event);
    lease.key = key(event);
    lease.time = event.time;
    lease.body = std::make_shared<const std::string>(event_body(event, {}));
    return lease;
}

inline const std::string& body_of(const http::ClientRequest& request) {
    return std::get<std::string>(request.body);
}

}  // namespace hookreel::dialect::standard
