// How full the queues are, for /metrics: by kind of queue, so that the number of time series does
// not grow with endpoints and consumers.
//
// The store is asked once in a while, however often somebody looks. Threads: any.
#pragma once

#include <mutex>

#include "base/clock.h"
#include "base/metrics.h"
#include "store/store.h"

namespace hookreel::app {

class QueueFigures {
 public:
    // Both outlive it.
    QueueFigures(store::Store& store, const Clock& clock) : store_(store), clock_(clock) {}

    // Not older than 5 s. What the store cannot say now is as it was.
    Task<store::QueueTotals> read();

 private:
    store::Store& store_;
    const Clock& clock_;
    std::mutex mutex_;
    TimePoint asked_{};
    store::QueueTotals known_;
};

void write_metrics(MetricsText& text, const store::QueueTotals& totals, TimePoint now);

}  // namespace hookreel::app
