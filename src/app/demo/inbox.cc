#include "app/demo/inbox.h"

#include "app/client/screen/terminal.h"

namespace hookreel::app::demo {

Inbox::Inbox(Executor executor) : arrival_(executor) {}

void Inbox::put(const client::Callback& callback) {
    callbacks_.push_back(callback.reading.json);
    arrival_.cancel();
}

Task<Result<json::object>> Inbox::take(Duration at_most) {
    if (callbacks_.empty()) {
        arrival_.expires_after(at_most);
        co_await arrival_.async_wait(use_result);
    }
    if (callbacks_.empty())
        co_return fail(Code::timed_out,
                       "no callback came within " + client::human_duration(at_most));
    Result<json::value> event = std::move(callbacks_.front());
    callbacks_.pop_front();
    if (!event) co_return fail(event.error());
    if (!event->is_object()) co_return fail(Code::invalid, "the callback is no JSON object");
    co_return std::move(event->get_object());
}

}  // namespace hookreel::app::demo
