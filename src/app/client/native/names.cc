#include "app/client/native/names.h"

#include <fmt/format.h>

namespace hookreel::app::client {
namespace {

Task<bool> is_unknown(NativeClient& native, const char* kind, std::string name) {
    NativeCall call;
    call.path = {kind, std::move(name)};
    const Result<json::object> found = co_await native.object(std::move(call));
    co_return !found && found.error().code == Code::not_found;
}

}  // namespace

Task<std::string> unknown_name(NativeClient& native, SearchNames names) {
    // The queue of an endpoint has its id for a name.
    if (names.queue.starts_with("ep_")) names.endpoint = std::exchange(names.queue, "");
    if (!names.endpoint.empty() && co_await is_unknown(native, "endpoints", names.endpoint))
        co_return fmt::format("there is no endpoint {}\n  {}", names.endpoint, where_endpoints_are);
    // The other queues that are the server's own are not told of, and always there.
    const bool is_own = names.queue == "reel" || names.queue.starts_with("callback-");
    if (!names.queue.empty() && !is_own && co_await is_unknown(native, "queues", names.queue))
        co_return fmt::format("there is no queue {}\n  GET /api/v1/queues lists the names.",
                              names.queue);
    if (!names.event.empty() && co_await is_unknown(native, "events", names.event))
        co_return fmt::format(
            "there is no event {}, or it is older than what the archive keeps\n"
            "  `hookreel deliveries` shows the ids of events.",
            names.event);
    co_return std::string();
}

}  // namespace hookreel::app::client
