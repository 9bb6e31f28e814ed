// Brings what the store's threads have finished back to the loops that wait for it.
//
// All that goes to one loop in one round goes there in one post, because a wake-up of a loop costs
// more than most of what it is woken for. Threads: each thread has its own.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <functional>
#include <memory>
#include <vector>

#include "base/async.h"
#include "store/bell.h"
#include "store/waiter.h"

namespace hookreel::store {

class Outbox {
 public:
    using Job = std::move_only_function<void()>;

    // Runs on the loop after `send`, in the order of the calls.
    void add(const Executor& loop, Job job);
    void ring(std::shared_ptr<Waiter> waiter);
    void ring(std::shared_ptr<Bell> bell);
    void send();

 private:
    struct Parcel {
        Executor loop;
        std::vector<Job> jobs;
    };
    std::vector<Parcel> parcels_;  // One per loop; there are few.
};

// The answer that a suspended coroutine waits for. It keeps the coroutine's loop running.
template <class T>
class Reply {
 public:
    template <class Handler>
    explicit Reply(Handler handler)
        : work_(asio::get_associated_executor(handler)), handler_(std::move(handler)) {}

    void send(Outbox& outbox, T value) {
        value_ = std::move(value);
        auto self = std::make_unique<Reply>(std::move(*this));
        outbox.add(self->loop(), [self = std::move(self)] { self->deliver(); });
    }
    Executor loop() const { return work_.get_executor(); }

 private:
    // On the loop, once.
    void deliver() { handler_(std::move(value_)); }

    asio::executor_work_guard<Executor> work_;
    std::move_only_function<void(T)> handler_;
    T value_{};
};

// Suspends the caller until the reply that is given to `start` was sent. `start` runs at once, on
// the caller's thread; it must see to it that the reply is sent.
template <class T, class Start>
Task<T> await_reply(Start& start) {
    auto initiate = [&start](auto handler) { start(Reply<T>(std::move(handler))); };
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void(T)>(
        std::move(initiate), use_task);
}

}  // namespace hookreel::store
