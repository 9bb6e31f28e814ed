// What is rung when a watched queue may have something due: the wait of one who keeps no coroutine
// for it.
//
// Whoever made it silences it when he goes; a store shares it for as long as it watches. It keeps
// its loop running until it is silenced. Threads: its own loop, but for the free `ring`.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <memory>

#include "base/async.h"

namespace hookreel::store {

class Bell {
 public:
    // `heard` is called on the loop, once for each ring.
    Bell(Executor loop, std::move_only_function<void()> heard);

    Executor loop() const { return work_.get_executor(); }
    void ring();
    // Rings after `wait`, or earlier: one ring for all that asked, and at the latest after 24 h.
    static void ring_within(const std::shared_ptr<Bell>& bell, Duration wait);
    // It is never heard again. Not from within `heard`.
    void silence();

 private:
    asio::executor_work_guard<Executor> work_;
    std::move_only_function<void()> heard_;
    std::unique_ptr<Timer> timer_;  // Only while it is to ring by time.
};

// Rings it soon, on its own loop; from any thread.
void ring(std::shared_ptr<Bell> bell);

}  // namespace hookreel::store
