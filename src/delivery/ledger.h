// Writes what came of attempts: what is ready at the same time goes into one commit.
//
// A settlement is durable when its commit returned. While the store takes none, or too much waits
// to be written, the ledger is blocked and nothing new should be sent, for what is sent and not
// written is sent again. Threads: one loop.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "base/async.h"
#include "base/log.h"
#include "delivery/counters.h"
#include "delivery/rules/classify.h"
#include "store/store.h"

namespace hookreel::delivery {

// What becomes of one lease.
struct Settlement {
    store::Handle handle;
    Outcome outcome;
    store::AttemptPtr attempt;  // Null when nothing was sent.
};

// How long is waited before the store is asked again while it is unavailable: each time twice as
// long.
struct Pauses {
    Duration shortest{100};
    Duration longest{5'000};
};

// Says once that something of the store fails, and once that it works again.
class Outage {
 public:
    // `what` is a literal: what does not work, such as "lease".
    Outage(const Log& log, const char* what) : log_(log), what_(what) {}
    void begin(const Error& error);
    void end();

 private:
    const Log& log_;
    const char* what_;
    bool begun_ = false;
};

class Ledger {
 public:
    // `unblocked` is called when the ledger takes settlements again. The references outlive the
    // ledger.
    Ledger(Executor executor, store::Store& store, const Log& log, Counters& counters,
           Pauses pauses, std::function<void()> unblocked);

    // Never fails; written soon. A settlement whose lease was lost meanwhile changes nothing but
    // the attempt log.
    void add(Settlement settlement);

    bool blocked() const;

    // Writes what waits, unless the store is unavailable: then its leases run out. Called once.
    Task<void> stop();

 private:
    Task<void> write();
    Task<void> gather();
    Task<void> settle(std::vector<Settlement> batch);
    Task<void> settle_halves(std::vector<Settlement> batch);
    Task<Result<void>> commit(const std::vector<Settlement>& batch);
    Task<void> drop(Settlement settlement, Error error);
    Task<bool> wait_for_store(const Error& error);
    std::vector<Settlement> take_batch();

    store::Store& store_;
    const Log& log_;
    Outage outage_;
    Counters& counters_;
    const Pauses pauses_;
    std::function<void()> unblocked_;
    TaskGroup writers_;
    Timer pause_timer_;
    std::deque<Settlement> waiting_;
    Duration pause_;
    bool writing_ = false;
    bool failing_ = false;
    bool was_blocked_ = false;  // Since `unblocked` was called last.
    bool stopping_ = false;
};

}  // namespace hookreel::delivery
