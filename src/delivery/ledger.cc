#include "delivery/ledger.h"

#include <algorithm>
#include <iterator>

namespace hookreel::delivery {
namespace {

constexpr std::size_t batch_max = 2048;
// After a commit of so many, more is waited for: what shares a sync shares its cost.
constexpr std::size_t busy_count = 64;
constexpr Duration gathering{2};
// Over so many unwritten settlements nothing new is sent, until half of them are written: whoever
// begins to send again looks at every endpoint.
constexpr std::size_t waiting_max = 4096;

void enter(store::Commit& commit, const Settlement& settlement) {
    using Tried = store::GiveBack::Tried;
    if (settlement.attempt) commit.attempts.push_back(settlement.attempt);
    const store::Handle handle = settlement.handle;
    if (std::holds_alternative<Delivered>(settlement.outcome)) {
        commit.confirms.push_back(handle);
    } else if (const auto* retry = std::get_if<Retry>(&settlement.outcome)) {
        const bool counted = retry->counted == Retry::Counted::yes;
        commit.give_backs.push_back({handle, retry->delay, counted ? Tried::yes : Tried::no});
    } else if (const auto* dead = std::get_if<Dead>(&settlement.outcome)) {
        const Tried tried = settlement.attempt ? Tried::yes : Tried::no;
        commit.buries.push_back({handle, dead->reason, tried});
    }
}

}  // namespace

void Outage::begin(const Error& error) {
    if (begun_) return;
    begun_ = true;
    log_.warning("delivery pauses, the store is unavailable",
                 {{"for", what_}, {"error", error.detail}});
}

void Outage::end() {
    if (!begun_) return;
    begun_ = false;
    log_.info("delivery goes on, the store is available again", {{"for", what_}});
}

Ledger::Ledger(Executor executor, store::Store& store, const Log& log, Counters& counters,
               Pauses pauses, std::function<void()> unblocked)
    : store_(store),
      log_(log),
      outage_(log, "commit"),
      counters_(counters),
      pauses_(pauses),
      unblocked_(std::move(unblocked)),
      writers_(executor),
      pause_timer_(executor),
      pause_(pauses.shortest) {}

void Ledger::add(Settlement settlement) {
    waiting_.push_back(std::move(settlement));
    was_blocked_ = was_blocked_ || blocked();
    if (writing_) return;
    writing_ = true;
    writers_.spawn(write());
}

bool Ledger::blocked() const {
    return failing_ || waiting_.size() >= (was_blocked_ ? waiting_max / 2 : waiting_max);
}

Task<void> Ledger::stop() {
    stopping_ = true;
    pause_timer_.cancel();
    co_await writers_.join();
}

Task<void> Ledger::write() {
    co_await asio::post(use_task);  // What ends in the same turn of the loop joins the commit.
    while (!waiting_.empty()) {
        std::vector<Settlement> batch = take_batch();
        const bool is_busy = batch.size() >= busy_count;
        co_await settle(std::move(batch));
        if (was_blocked_ && !blocked()) {
            was_blocked_ = false;
            unblocked_();
        }
        if (is_busy && !stopping_ && waiting_.size() < batch_max) co_await gather();
    }
    writing_ = false;
}

// `stop` ends it early.
Task<void> Ledger::gather() {
    pause_timer_.expires_after(gathering);
    co_await pause_timer_.async_wait(use_result);
}

std::vector<Settlement> Ledger::take_batch() {
    const auto end =
        waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(batch_max, waiting_.size()));
    std::vector<Settlement> batch(std::move_iterator(waiting_.begin()), std::move_iterator(end));
    waiting_.erase(waiting_.begin(), end);
    return batch;
}

Task<void> Ledger::settle(std::vector<Settlement> batch) {
    for (;;) {
        const Result<void> written = co_await commit(batch);
        if (written) co_return;
        if (written.error().code == Code::unavailable) {
            const bool again = co_await wait_for_store(written.error());
            if (!again) co_return;
        } else if (batch.size() > 1) {
            co_await settle_halves(std::move(batch));
            co_return;
        } else {
            co_await drop(std::move(batch.front()), written.error());
            co_return;
        }
    }
}

// One lost lease refuses its whole commit; halving finds it in a few steps.
Task<void> Ledger::settle_halves(std::vector<Settlement> batch) {
    const auto middle = batch.begin() + static_cast<std::ptrdiff_t>(batch.size() / 2);
    std::vector<Settlement> second(std::move_iterator(middle), std::move_iterator(batch.end()));
    batch.erase(middle, batch.end());
    co_await settle(std::move(batch));
    co_await settle(std::move(second));
}

Task<Result<void>> Ledger::commit(const std::vector<Settlement>& batch) {
    store::Commit commit;
    commit.attempts.reserve(batch.size());
    for (const Settlement& settlement : batch)
        enter(commit, settlement);
    const Result<void> written = co_await store_.commit(std::move(commit));
    if (written) {
        failing_ = false;
        pause_ = pauses_.shortest;
        outage_.end();
    }
    co_return written;
}

// What happened is logged all the same: the receiver has seen it.
Task<void> Ledger::drop(Settlement settlement, Error error) {
    if (!settlement.attempt) {  // Its event waits again already.
        log_.debug("a lease ran out unsent", {{"error", error.detail}});
        co_return;
    }
    counters_.lost.add();
    log_.warning("the outcome of an attempt could not be written; the event is sent again",
                 {{"event", settlement.attempt->event.text()}, {"error", error.detail}});
    store::Commit commit;
    commit.attempts.push_back(std::move(settlement.attempt));
    (void)co_await store_.commit(std::move(commit));
}

// False when the server stops: nobody waits for the store then.
Task<bool> Ledger::wait_for_store(const Error& error) {
    failing_ = was_blocked_ = true;
    outage_.begin(error);
    if (stopping_) co_return false;
    pause_timer_.expires_after(pause_);
    pause_ = std::min(pause_ * 2, pauses_.longest);
    co_await pause_timer_.async_wait(use_result);
    co_return true;
}

}  // namespace hookreel::delivery
