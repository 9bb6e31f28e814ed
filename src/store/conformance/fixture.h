// What every store must do, as one suite: a store's test program includes suite.h and
// instantiates StoreConformance with a way to make that store.
//
// This header is the fixture: a store on a clock that is moved by hand, one loop in the test's own
// thread, and short verbs that run a task on it to its end.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <thread>

#include "store/limits.h"
#include "store/store.h"

namespace hookreel::store {

struct StoreMaker {
    std::string name;  // Letters only.
    std::function<std::unique_ptr<Store>(const Clock&, Limits)> make;
};

inline const model::QueueId queue_a{"endpoint/a"};
inline const model::QueueId queue_b{"endpoint/b"};
inline const model::QueueId queue_c{"reel/1500000001"};

inline Body body_of(std::string text) {
    return std::make_shared<const std::string>(std::move(text));
}

// Runs tasks on a loop of this thread.
class LoopRunner {
 public:
    template <class T>
    using Pending = std::shared_ptr<std::optional<T>>;

    // Starts the task and runs it as far as it comes by itself.
    template <class T>
    Pending<T> start(Task<T> task) {
        auto result = std::make_shared<std::optional<T>>();
        asio::co_spawn(loop_, std::move(task), [result](std::exception_ptr error, T value) {
            if (error) std::rethrow_exception(error);
            *result = std::move(value);
        });
        loop_.restart();
        loop_.poll();
        return result;
    }
    template <class T>
    T finish(Pending<T> pending) {
        loop_.restart();
        while (!*pending && loop_.run_one() > 0) {
        }
        if (!*pending) throw std::logic_error("the loop ran dry before the task ended");
        return std::move(**pending);
    }
    template <class T>
    T run(Task<T> task) {
        return finish<T>(start<T>(std::move(task)));
    }
    Loop& loop() { return loop_; }

 private:
    Loop loop_;
};

// A new event with one body for some queues.
inline NewEvent event_for(std::string id, std::vector<model::QueueId> queues, TimePoint time = {},
                          std::string text = "") {
    NewEvent event{.id = model::EventId(id),
                   .application = model::ApplicationId(7),
                   .type = "media.uploaded",
                   .key = "key-" + id,
                   .time = time,
                   .entries = {}};
    const Body body = body_of(text.empty() ? "body of " + id : std::move(text));
    for (model::QueueId& queue : queues)
        event.entries.push_back({.queue = std::move(queue), .body = body});
    return event;
}

// The same with a neutral body that the archive keeps and that its entries use.
inline NewEvent kept_event(std::string id, std::vector<model::QueueId> queues,
                           TimePoint time = {}) {
    NewEvent event = event_for(std::move(id), std::move(queues), time);
    event.body = body_of(
        fmt::format(R"({{"type":"media.uploaded","data":{{"name":"{}"}}}})", event.id.text()));
    for (NewEntry& entry : event.entries)
        entry.body = nullptr;
    return event;
}

inline std::vector<std::string> ids(const std::vector<Lease>& leases) {
    std::vector<std::string> texts;
    for (const Lease& lease : leases)
        texts.push_back(lease.event.text());
    return texts;
}
inline std::vector<std::string> ids(const std::vector<ArchivedEvent>& events) {
    std::vector<std::string> texts;
    for (const ArchivedEvent& event : events)
        texts.push_back(event.id.text());
    return texts;
}
inline std::vector<std::string> ids(const std::vector<Delivery>& deliveries) {
    std::vector<std::string> texts;
    for (const Delivery& delivery : deliveries)
        texts.push_back(delivery.event.text());
    return texts;
}

using Texts = std::vector<std::string>;
inline constexpr Duration hold{30'000};
inline constexpr TimePoint start_time{std::chrono::milliseconds(1'700'000'000'000)};

class StoreConformance : public testing::TestWithParam<StoreMaker> {
 protected:
    StoreConformance() { open(Limits{}); }

    void open(Limits limits) {
        store_.reset();
        store_ = GetParam().make(clock_, limits);
    }

    Result<void> commit(Commit commit) {
        return runner_.run<Result<void>>(store_->commit(std::move(commit)));
    }
    Result<void> append(std::string id, model::QueueId queue) {
        Commit commit;
        commit.events.push_back(event_for(std::move(id), {std::move(queue)}, clock_.now()));
        return this->commit(std::move(commit));
    }
    Result<void> confirm(Handle handle) {
        Commit commit;
        commit.confirms.push_back(handle);
        return this->commit(std::move(commit));
    }
    Result<void> give_back(Handle handle, Duration delay) {
        Commit commit;
        commit.give_backs.push_back({handle, delay});
        return this->commit(std::move(commit));
    }
    Result<void> bury(Handle handle, std::string reason) {
        Commit commit;
        commit.buries.push_back({handle, std::move(reason)});
        return this->commit(std::move(commit));
    }
    Result<void> spend(Handle handle, std::string reason) {
        Commit commit;
        commit.spends.push_back({handle, std::move(reason)});
        return this->commit(std::move(commit));
    }
    Result<void> put(std::string id, std::string value,
                     std::optional<std::uint64_t> expected = std::nullopt) {
        Commit commit;
        commit.puts.push_back({{Kind::asset, std::move(id)}, std::move(value), expected});
        return this->commit(std::move(commit));
    }
    Result<Record> get(std::string id) {
        return runner_.run<Result<Record>>(store_->get({Kind::asset, std::move(id)}));
    }
    std::vector<Lease> lease(model::QueueId queue, int count_max = 100) {
        const LeaseOptions options{.count_max = count_max, .hold = hold};
        auto leases = runner_.run<Result<std::vector<Lease>>>(store_->lease(queue, options));
        EXPECT_TRUE(leases) << leases.error().detail;
        return leases ? std::move(*leases) : std::vector<Lease>{};
    }
    // The one lease that there must be.
    Lease lease_one(model::QueueId queue) {
        std::vector<Lease> leases = lease(queue, 1);
        EXPECT_EQ(leases.size(), 1u);
        return leases.empty() ? Lease{} : std::move(leases.front());
    }
    // How many there are, without the time of the oldest.
    QueueCounts count(model::QueueId queue) {
        auto counts = runner_.run<Result<QueueCounts>>(store_->count(queue));
        EXPECT_TRUE(counts) << counts.error().detail;
        if (!counts) return {};
        return {.waiting = counts->waiting, .leased = counts->leased, .dead = counts->dead};
    }
    TimePoint oldest(model::QueueId queue) {
        return runner_.run<Result<QueueCounts>>(store_->count(queue))->oldest;
    }
    Result<std::vector<Published>> publish(std::vector<NewEvent> events) {
        return runner_.run<Result<std::vector<Published>>>(store_->publish(std::move(events)));
    }
    Result<ArchivedEvent> event(std::string id,
                                model::ApplicationId application = model::ApplicationId(7)) {
        return runner_.run<Result<ArchivedEvent>>(
            store_->event(application, model::EventId(std::move(id))));
    }
    // All pages of a search, one after the other.
    template <class Item, class Query>
    std::vector<Item> all(Task<Result<Page<Item>>> (Store::*search)(Query), Query query) {
        std::vector<Item> items;
        for (int pages = 0; pages < 10'000; ++pages) {
            auto page = runner_.run<Result<Page<Item>>>((store_.get()->*search)(query));
            EXPECT_TRUE(page) << page.error().detail;
            if (!page) break;
            EXPECT_LE(std::ssize(page->items), query.count_max);
            std::ranges::move(page->items, std::back_inserter(items));
            query.cursor = page->next;
            if (query.cursor.empty()) break;
        }
        return items;
    }
    std::vector<ArchivedEvent> events(EventQuery query = {.application = model::ApplicationId(7)}) {
        return all<ArchivedEvent>(&Store::events, std::move(query));
    }
    std::vector<Delivery> deliveries(DeliveryQuery query = {}) {
        return all<Delivery>(&Store::deliveries, std::move(query));
    }
    // The delivery of that event in that queue, as it is now.
    Delivery delivery(std::string event, model::QueueId queue) {
        const std::vector<Delivery> found =
            deliveries({.queue = std::move(queue), .event = model::EventId(std::move(event))});
        EXPECT_EQ(found.size(), 1u);
        if (found.empty()) return {};
        const auto one = runner_.run<Result<Delivery>>(store_->delivery(found[0].id));
        EXPECT_TRUE(one) << one.error().detail;
        return one ? *one : Delivery{};
    }
    Result<void> retry(DeliveryId id) {
        return runner_.run<Result<void>>(store_->retry(std::move(id)));
    }
    // All steps of a replay. Returns how many events entered.
    int replay(Replay replay) {
        int replayed = 0;
        for (int steps = 0; steps < 10'000; ++steps) {
            const auto step = runner_.run<Result<ReplayStep>>(store_->replay(replay));
            EXPECT_TRUE(step) << step.error().detail;
            if (!step) break;
            EXPECT_LE(step->replayed, replay.count_max);
            replayed += step->replayed;
            replay.cursor = step->next;
            if (replay.cursor.empty()) break;
        }
        return replayed;
    }
    std::vector<DeadLetter> dead_letters(model::QueueId queue, int count_max = 100) {
        return *runner_.run<Result<std::vector<DeadLetter>>>(
            store_->dead_letters(queue, count_max));
    }
    // The first page.
    std::vector<Attempt> attempts(AttemptQuery query) {
        return runner_.run<Result<Page<Attempt>>>(store_->attempts(query))->items;
    }
    int expire(model::QueueId queue, TimePoint before, int count_max) {
        return *runner_.run<Result<int>>(store_->expire(queue, before, count_max));
    }
    int purge(PurgeLimits limits) { return *runner_.run<Result<int>>(store_->purge(limits)); }
    Code renew_code(Handle handle) {
        const Result<void> result = store_->renew(handle, hold);
        return result ? Code{-1} : result.error().code;
    }

    ManualClock clock_{start_time};
    LoopRunner runner_;
    std::unique_ptr<Store> store_;
};

// The code of a failure; a success has none.
template <class T>
std::optional<Code> code(const Result<T>& result) {
    return result ? std::nullopt : std::optional(result.error().code);
}

}  // namespace hookreel::store
