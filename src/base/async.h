// Coroutines of this house: a loop, a task on it, and the group that owns spawned tasks.
//
// One Loop runs on one thread. A Task stays on the loop on which it was started. Network calls are
// awaited with `use_result`, so that their errors are values. Callbacks from other threads come
// back with `await_callback`.
#pragma once

#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "base/clock.h"
#include "base/result.h"

namespace hookreel {

namespace asio = boost::asio;

using Loop = asio::io_context;
using Executor = Loop::executor_type;

template <class T>
using Task = asio::awaitable<T, Executor>;

// Completion tokens: `use_task` throws on a network error, `use_result` gives it as the first
// element of a tuple.
inline constexpr asio::use_awaitable_t<Executor> use_task{};
inline constexpr auto use_result = asio::as_tuple(asio::use_awaitable_t<Executor>{});

using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;

// Waits on the caller's loop. Returns early, without an error, when the task is cancelled.
Task<void> sleep_for(Duration duration);

// Suspends the caller until `start`'s argument was called with a T, on whatever thread; continues
// on the caller's own loop. `start` runs at once, on the caller's thread. The callback must be
// called exactly once.
template <class T>
Task<T> await_callback(std::move_only_function<void(std::move_only_function<void(T)>)> start) {
    auto initiate = [&start](auto handler) {
        auto executor = asio::get_associated_executor(handler);
        using Handler = decltype(handler);
        auto shared = std::make_shared<Handler>(std::move(handler));
        start([shared, executor](T value) mutable {
            asio::post(executor, [shared = std::move(shared), value = std::move(value)]() mutable {
                (*shared)(std::move(value));
            });
        });
    };
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void(T)>(
        std::move(initiate), use_task);
}

// Owns the tasks that are spawned into it: they can be cancelled together and waited for.
//
// Threads: only its own loop, but `cancel` may come from anywhere. Life: it must outlive its tasks;
// `join` proves that they are gone.
class TaskGroup {
 public:
    explicit TaskGroup(Executor executor);
    ~TaskGroup();
    TaskGroup(const TaskGroup&) = delete;
    TaskGroup& operator=(const TaskGroup&) = delete;

    // Starts the task soon, on the group's loop. An exception that leaves it ends the process: it
    // is a programmer's error. After `cancel` nothing is started any more.
    void spawn(Task<void> task);
    // Asks every task to end: pending waits return operation_aborted. At once when called by a
    // handler of the group's loop, else soon, and then only those that still run are told.
    void cancel();
    // Returns when no task is left.
    Task<void> join();
    std::size_t size() const { return running_; }
    Executor executor() const { return executor_; }

 private:
    Executor executor_;
    std::shared_ptr<struct TaskGroupState> state_;
    Timer emptied_;
    std::size_t running_ = 0;
    std::atomic<bool> cancelled_ = false;
};

}  // namespace hookreel
