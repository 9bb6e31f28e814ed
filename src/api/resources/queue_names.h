// Queues by the names that callers know them by.
//
// An endpoint's queue has the id of the endpoint, a consumer's its own name, the reliable callback
// of an application is "reel". Pure functions.
#pragma once

#include <optional>
#include <string>

#include "model/ids.h"

namespace hookreel::api {

std::string public_name(const model::QueueId& queue);
// The endpoint whose queue it is, if it is one's.
std::optional<model::EndpointId> endpoint_of(const model::QueueId& queue);
// Whether it is one that was made through the API, and not the callback of an application.
bool is_api_endpoint(const model::EndpointId& endpoint);
// The queue of that name in an application.
model::QueueId queue_named(model::ApplicationId application, const std::string& name);

}  // namespace hookreel::api
