// A coroutine that waits in `lease` until there is something for it.
//
// A store keeps the Waiter in its list for as long as the coroutine sleeps, and rings it when
// entries have come or the time to wake has changed. Threads: `ring` any, the rest its own loop. It
// keeps its loop running until it is destroyed.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <memory>

#include "base/async.h"

namespace hookreel::store {

enum class Wake { go_on, cancelled };

class Waiter {
 public:
    explicit Waiter(Executor loop) : work_(loop), timer_(loop) {}

    // Sleeps until it is rung, at most for `duration`, or until the task is cancelled.
    Task<Wake> sleep(Duration duration);
    // Ends the sleep. Also on its own loop.
    void wake() { timer_.cancel(); }
    Executor loop() const { return work_.get_executor(); }

 private:
    asio::executor_work_guard<Executor> work_;
    Timer timer_;
};

// Wakes it on its own loop. It may be ringing for one that sleeps no more.
void ring(std::shared_ptr<Waiter> waiter);

}  // namespace hookreel::store
