#include "base/async.h"

#include <fmt/format.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/dispatch.hpp>
#include <cstdlib>
#include <exception>
#include <list>

namespace hookreel {

Task<void> sleep_for(Duration duration) {
    Timer timer(co_await asio::this_coro::executor);
    timer.expires_after(duration);
    co_await timer.async_wait(use_result);
}

// Touched on the group's loop only.
struct TaskGroupState {
    std::list<asio::cancellation_signal> signals;

    void cancel() {
        for (auto it = signals.begin(); it != signals.end();) {
            auto& signal = *it++;
            signal.emit(asio::cancellation_type::terminal);
        }
    }
};

TaskGroup::TaskGroup(Executor executor)
    : executor_(executor), state_(std::make_shared<TaskGroupState>()), emptied_(executor) {
    emptied_.expires_at(std::chrono::steady_clock::time_point::max());
}

TaskGroup::~TaskGroup() = default;

namespace {

void end_process(const std::exception_ptr& exception) {
    try {
        std::rethrow_exception(exception);
    } catch (const std::exception& error) {
        fmt::print(stderr, "fatal: an exception left a task: {}\n", error.what());
    } catch (...) {
        fmt::print(stderr, "fatal: an exception left a task\n");
    }
    std::abort();
}

// A cancelled task sees its waits return operation_aborted and goes on to tidy up; by default, Asio
// would throw from its next wait on another task instead.
Task<void> run_with_cancellation_as_value(Task<void> task) {
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await std::move(task);
}

}  // namespace

void TaskGroup::spawn(Task<void> task) {
    if (cancelled_) return;
    const auto signal = state_->signals.emplace(state_->signals.end());
    ++running_;
    asio::co_spawn(
        executor_, run_with_cancellation_as_value(std::move(task)),
        asio::bind_cancellation_slot(
            signal->slot(), [this, state = state_, signal](const std::exception_ptr& exception) {
                if (exception) end_process(exception);
                state->signals.erase(signal);
                if (--running_ == 0) emptied_.cancel();
            }));
}

// A task that was spawned forwards a signal by a dispatch that holds a bare pointer to it. Inside
// of a handler of the loop that happens at once; outside it would be queued and outlive the task.
// So the signals are given inside of one, to whoever is left by then.
void TaskGroup::cancel() {
    cancelled_ = true;
    asio::dispatch(executor_, [state = state_] { state->cancel(); });
}

Task<void> TaskGroup::join() {
    while (running_ > 0)
        co_await emptied_.async_wait(use_result);
}

}  // namespace hookreel
