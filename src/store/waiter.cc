#include "store/waiter.h"

namespace hookreel::store {

Task<Wake> Waiter::sleep(Duration duration) {
    // A cancel that came between two waits is remembered, but does not end the next one.
    const asio::cancellation_state before = co_await asio::this_coro::cancellation_state;
    if (before.cancelled() != asio::cancellation_type::none) co_return Wake::cancelled;
    timer_.expires_after(std::clamp<Duration>(duration, Duration(0), std::chrono::hours(24)));
    co_await timer_.async_wait(use_result);
    const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
    co_return state.cancelled() == asio::cancellation_type::none ? Wake::go_on : Wake::cancelled;
}

void ring(std::shared_ptr<Waiter> waiter) {
    const Executor loop = waiter->loop();
    asio::post(loop, [waiter = std::move(waiter)] { waiter->wake(); });
}

}  // namespace hookreel::store
