#include "store/held_lease.h"

#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>

#include "base/cancellation.h"

namespace hookreel::store {
namespace {

// Ends when it is cancelled, or with the reason when a renewal is refused.
Task<std::optional<Error>> keep_renewing(Store& store, Handle handle, Renewal renewal) {
    co_await asio::this_coro::throw_if_cancelled(false);
    for (;;) {
        co_await sleep_for(renewal.every);
        if (is_cancelled(co_await asio::this_coro::cancellation_state)) co_return std::nullopt;
        Result<void> renewed = store.renew(handle, renewal.hold);
        if (!renewed) co_return std::move(renewed.error());
    }
}

}  // namespace

Task<std::optional<Error>> work_on_lease(Store& store, Handle handle, Renewal renewal,
                                         Task<void> work) {
    const Executor executor = co_await asio::this_coro::executor;
    // The first to end stops the other, also by an exception, and both have ended afterwards.
    auto both = asio::experimental::make_parallel_group(
        asio::co_spawn(executor, std::move(work), asio::deferred),
        asio::co_spawn(executor, keep_renewing(store, handle, renewal), asio::deferred));
    auto [order, thrown, renewing_thrown, lost] =
        co_await both.async_wait(asio::experimental::wait_for_one(), use_task);
    if (thrown) std::rethrow_exception(thrown);
    if (renewing_thrown) std::rethrow_exception(renewing_thrown);
    co_return std::move(lost);
}

}  // namespace hookreel::store
