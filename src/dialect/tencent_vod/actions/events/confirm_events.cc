#include <fmt/format.h>

#include "dialect/tencent_vod/actions/events/event_actions.h"
#include "model/queue.h"

namespace hookreel::dialect::tencent_vod {
namespace {

std::unexpected<WireError> bad_handle() {
    return refuse("InvalidParameterValue", "The event handle is invalid or has expired.");
}

}  // namespace

// All of the handles or none (open point 1). A repeat within the 30 s of a lease succeeds (open
// point 2).
Task<Answer<std::string>> confirm_events(const Call& call) {
    const std::vector<std::string> texts = call.parameters.texts("EventHandles");
    if (texts.empty() || texts.size() > model::reel_batch_max)
        co_return refuse(
            "InvalidParameterValue",
            fmt::format("`EventHandles` must have 1 to {} elements.", model::reel_batch_max));
    store::Commit commit;
    commit.confirms_of = model::reel_queue(call.application_id());
    for (const std::string& text : texts) {
        const Result<store::Handle> handle = store::parse_handle(text);
        if (!handle) co_return bad_handle();
        commit.confirms.push_back(*handle);
    }
    const Result<void> done = co_await call.with.store.commit(std::move(commit));
    if (!done && done.error().code == Code::lease_lost) co_return bad_handle();
    if (!done) co_return failed(call, done.error());
    co_return std::string();
}

}  // namespace hookreel::dialect::tencent_vod
