#include "media/crew/crew.h"

#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <numeric>

namespace hookreel::media {
namespace {

using Leases = Result<std::vector<store::Lease>>;

constexpr Duration sleep_max = std::chrono::minutes(10);

Task<Leases> sleep_at(store::Store& store, model::QueueId queue, store::LeaseOptions options) {
    co_await asio::this_coro::throw_if_cancelled(false);
    co_return co_await store.lease(std::move(queue), options);
}

}  // namespace

Crew::Crew(Executor executor, store::Store& store, const Log& log, CrewOptions options, Work work)
    : store_(store),
      log_(log),
      options_(std::move(options)),
      work_(std::move(work)),
      rota_(options_.queues.size()),
      group_(executor),
      freed_(executor) {
    freed_.expires_at(std::chrono::steady_clock::time_point::max());
    group_.spawn(attend());
}

Task<void> Crew::stop() {
    stopping_ = true;
    group_.cancel();
    co_await group_.join();
}

Task<void> Crew::attend() {
    while (!stopping_) {
        if (busy_ >= options_.workers) {
            co_await freed_.async_wait(use_result);
            continue;
        }
        Result<std::optional<store::Lease>> lease = co_await next();
        if (!lease) {
            if (stopping_) co_return;
            log_.error("no work can be taken", {{"queue", options_.queues.front().text()},
                                                {"reason", lease.error().detail}});
            co_await sleep_for(options_.retry_delay);
            continue;
        }
        if (!*lease) continue;
        if (stopping_) {
            std::vector<store::Lease> untouched{std::move(**lease)};
            co_await give_back(std::move(untouched));
            co_return;
        }
        ++busy_;
        group_.spawn(perform(std::move(**lease)));
    }
}

// Nothing when it slept for long, or is to stop.
Task<Result<std::optional<store::Lease>>> Crew::next() {
    const std::vector<std::size_t> order = rota_.order();
    Result<std::optional<Taken>> taken = co_await look(order);
    if (taken && !*taken && !stopping_) taken = co_await sleep();
    if (!taken) co_return fail(std::move(taken.error()));
    if (!*taken) co_return std::nullopt;
    rota_.serve((*taken)->queue);
    co_return std::move((*taken)->lease);
}

// The first of these queues that has something.
Task<Result<std::optional<Crew::Taken>>> Crew::look(std::vector<std::size_t> queues) {
    const store::LeaseOptions options{.count_max = 1, .hold = options_.hold};
    for (const std::size_t queue : queues) {
        Leases leases = co_await store_.lease(options_.queues[queue], options);
        if (!leases) co_return fail(std::move(leases.error()));
        if (!leases->empty()) co_return Taken{queue, std::move(leases->front())};
    }
    co_return std::nullopt;
}

// Something may come to several queues at the same moment, and the first to wake ends the sleep of
// the others: then the most urgent is taken, and the rest stays as it was.
Task<Result<std::optional<Crew::Taken>>> Crew::sleep() {
    const Executor executor = co_await asio::this_coro::executor;
    const store::LeaseOptions options{.count_max = 1, .hold = options_.hold, .wait = sleep_max};
    const auto begin = [&](const model::QueueId& queue) {
        return asio::co_spawn(executor, sleep_at(store_, queue, options), asio::deferred);
    };
    std::vector<decltype(begin(options_.queues.front()))> sleeps;
    for (const model::QueueId& queue : options_.queues)
        sleeps.push_back(begin(queue));
    auto all = asio::experimental::make_parallel_group(std::move(sleeps));
    auto [order, thrown, woken] =
        co_await all.async_wait(asio::experimental::wait_for_one(), use_task);
    std::optional<Error> error;
    std::vector<Taken> taken;
    for (std::size_t queue = 0; queue < woken.size(); ++queue) {
        if (thrown[queue]) std::rethrow_exception(thrown[queue]);
        if (!woken[queue])
            error = std::move(woken[queue].error());
        else if (!woken[queue]->empty())
            taken.push_back({queue, std::move(woken[queue]->front())});
    }
    if (taken.empty() && error) co_return fail(std::move(*error));
    if (taken.empty()) co_return std::nullopt;
    std::vector<std::size_t> more_urgent(taken.front().queue);
    std::iota(more_urgent.begin(), more_urgent.end(), 0);
    Result<std::optional<Taken>> better = co_await look(std::move(more_urgent));
    if (better && *better) taken.insert(taken.begin(), std::move(**better));
    std::vector<store::Lease> rest;
    for (std::size_t i = 1; i < taken.size(); ++i)
        rest.push_back(std::move(taken[i].lease));
    co_await give_back(std::move(rest));
    co_return std::move(taken.front());
}

Task<void> Crew::perform(store::Lease lease) {
    if (stopping_) {
        std::vector<store::Lease> untouched{std::move(lease)};
        co_await give_back(std::move(untouched));
    } else {
        co_await work_(std::move(lease));
    }
    --busy_;
    freed_.cancel();
}

// As if they had never been taken.
Task<void> Crew::give_back(std::vector<store::Lease> leases) {
    if (leases.empty()) co_return;
    store::Commit commit;
    for (const store::Lease& lease : leases)
        commit.give_backs.push_back({.handle = lease.handle, .tried = store::GiveBack::Tried::no});
    // If this fails, the leases run out by themselves.
    (void)co_await store_.commit(std::move(commit));
}

}  // namespace hookreel::media
