// What the loops hand to one of the store's threads.
//
// The thread is woken at the end of a loop's turn, not at once: all that the loop hands over in one
// turn then comes together and shares one sync, and a wake-up is paid once. Threads: any put, one
// takes.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/async.h"

namespace hookreel::store {

template <class Item>
class Inbox {
 public:
    // Called on the loop. Returns the item when the inbox is closed.
    [[nodiscard]] std::optional<Item> put(const Executor& loop, Item item) {
        const std::lock_guard lock(state_->mutex);
        if (state_->closed) return item;
        state_->items.push_back(std::move(item));
        for (const Executor& other : state_->rung_by)
            if (other == loop) return std::nullopt;
        state_->rung_by.push_back(loop);
        asio::post(loop, [state = state_] { state->arrived.notify_one(); });
        return std::nullopt;
    }

    // Waits for items, until the inbox is closed, or until the patience is over; then there may be
    // none. At most `count_max`, oldest first.
    std::vector<Item> take(std::size_t count_max, std::optional<Duration> patience) {
        std::unique_lock lock(state_->mutex);
        const auto ready = [this] { return state_->closed || !state_->items.empty(); };
        if (patience)
            state_->arrived.wait_for(lock, *patience, ready);
        else
            state_->arrived.wait(lock, ready);
        state_->rung_by.clear();
        if (state_->items.size() <= count_max) return std::exchange(state_->items, {});
        const auto end = state_->items.begin() + static_cast<std::ptrdiff_t>(count_max);
        std::vector<Item> taken(std::move_iterator(state_->items.begin()), std::move_iterator(end));
        state_->items.erase(state_->items.begin(), end);
        return taken;
    }

    // What was put is still taken; nothing else comes.
    void close() {
        const std::lock_guard lock(state_->mutex);
        state_->closed = true;
        state_->arrived.notify_one();
    }
    bool closed() const {
        const std::lock_guard lock(state_->mutex);
        return state_->closed;
    }

 private:
    // Shared with the loops, which may ring after the store is gone.
    struct State {
        std::mutex mutex;
        std::condition_variable arrived;
        std::vector<Item> items;
        std::vector<Executor> rung_by;  // Loops that will ring at the end of their turn.
        bool closed = false;
    };
    std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace hookreel::store
