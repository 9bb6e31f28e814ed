#include "api/resources/queue_names.h"

#include "model/queue.h"

namespace hookreel::api {
namespace {

constexpr std::string_view endpoint_prefix = "endpoint/";
constexpr std::string_view reel_prefix = "reel/";
constexpr std::string_view consumer_prefix = "queue/";
constexpr std::string_view callback_prefix = "callback-";

}  // namespace

std::string public_name(const model::QueueId& queue) {
    const std::string& text = queue.text();
    if (text.starts_with(endpoint_prefix)) return text.substr(endpoint_prefix.size());
    if (text.starts_with(reel_prefix)) return "reel";
    if (text.starts_with(consumer_prefix))
        return text.substr(text.find('/', consumer_prefix.size()) + 1);
    return text;
}

std::optional<model::EndpointId> endpoint_of(const model::QueueId& queue) {
    const std::string& text = queue.text();
    if (!text.starts_with(endpoint_prefix)) return std::nullopt;
    return model::EndpointId(text.substr(endpoint_prefix.size()));
}

bool is_api_endpoint(const model::EndpointId& endpoint) {
    return !endpoint.text().starts_with(callback_prefix);
}

model::QueueId queue_named(model::ApplicationId application, const std::string& name) {
    if (name == "reel") return model::reel_queue(application);
    if (name.starts_with("ep_") || name.starts_with(callback_prefix))
        return model::endpoint_queue(model::EndpointId(name));
    return model::consumer_queue(application, name);
}

}  // namespace hookreel::api
