// Random histories on this store and on the memory store, which must give the same answers.
#include <random>

#include "store/conformance.h"
#include "store/memory/memory_store.h"
#include "store/sqlite/scratch_folder_test.h"
#include "store/sqlite/sqlite_store.h"

namespace hookreel::store {
namespace {

using Leases = Result<std::vector<Lease>>;

constexpr Handle unknown{~std::uint64_t(0)};

// The same lease as either store knows it.
struct Twin {
    Handle model;
    Handle actual;
};

class Histories : public testing::TestWithParam<unsigned> {
 protected:
    Histories() { reopen(); }

    void reopen() {
        actual_.reset();
        SqliteOptions options;
        options.path = folder_.file("store.db");
        actual_ = *SqliteStore::open(options, clock_, quiet_);
    }
    int any(int from, int to) { return std::uniform_int_distribution<int>(from, to)(random_); }
    model::QueueId any_queue() {
        return std::array{queue_a, queue_b, queue_c}[std::size_t(any(0, 2))];
    }
    template <class Answer>
    std::pair<Answer, Answer> ask(auto question) {
        return {runner_.run<Answer>(question(model_)), runner_.run<Answer>(question(*actual_))};
    }

    NewEvent any_event() {
        NewEvent event = event_for(fmt::format("{}", ++events_), {}, clock_.now());
        const std::size_t bytes = any(0, 30) == 0 ? 200'000 : std::size_t(any(0, 2000));
        const Body shared = body_of(std::string(bytes, 'b'));
        for (int i = any(0, 3); i > 0; --i) {
            const Body body = any(0, 3) == 0 ? body_of("other") : shared;
            const TimePoint due =
                any(0, 4) == 0 ? clock_.now() + Duration(any(-5, 40'000)) : TimePoint{};
            event.entries.push_back({any_queue(), body, due});
        }
        return event;
    }
    // A twin that is out or was, or a made-up one.
    Twin any_twin() {
        if (twins_.empty() || any(0, 15) == 0) return {unknown, unknown};
        return twins_[std::size_t(any(0, int(twins_.size()) - 1))];
    }

    // The same commit for both stores, but for the handles.
    std::pair<Commit, Commit> any_commit() {
        Commit model;
        for (int i = any(0, 3); i > 0; --i)
            model.events.push_back(any_event());
        if (any(0, 2) == 0) {
            Put put{{Kind::asset, fmt::format("{}", any(0, 5))}, fmt::format("{}", events_), {}};
            if (any(0, 1) == 0) put.expected_version = any(0, 3);
            model.puts.push_back(std::move(put));
        }
        if (any(0, 5) == 0) model.removes.push_back({Kind::asset, fmt::format("{}", any(0, 5))});
        if (any(0, 3) == 0)
            model.attempts.push_back({.event = model::EventId(fmt::format("{}", any(1, 50))),
                                      .queue = any_queue(),
                                      .type = "t",
                                      .number = ++events_,
                                      .at = clock_.now(),
                                      .url = "u",
                                      .outcome = "retry",
                                      .error = "e"});
        if (any(0, 9) == 0) model.confirms_of = any_queue();
        Commit actual = model;
        for (int i = any(0, 4); i > 0; --i) {
            const Twin twin = any_twin();
            model.confirms.push_back(twin.model);
            actual.confirms.push_back(twin.actual);
        }
        if (any(0, 3) == 0) {
            const Twin twin = any_twin();
            const Duration delay(any(0, 2) * any(0, 20'000));
            const auto tried = any(0, 3) == 0 ? GiveBack::Tried::no : GiveBack::Tried::yes;
            model.give_backs.push_back({twin.model, delay, tried});
            actual.give_backs.push_back({twin.actual, delay, tried});
        }
        if (any(0, 9) == 0) {
            const Twin twin = any_twin();
            model.buries.push_back({twin.model, "reason"});
            actual.buries.push_back({twin.actual, "reason"});
        }
        return {std::move(model), std::move(actual)};
    }

    void step_commit() {
        auto [model, actual] = any_commit();
        const Result<void> expected = runner_.run<Result<void>>(model_.commit(std::move(model)));
        const Result<void> got = runner_.run<Result<void>>(actual_->commit(std::move(actual)));
        ASSERT_EQ(code(got), code(expected));
    }
    void step_lease() {
        const LeaseOptions options{.count_max = any(1, 12), .hold = Duration(any(1, 30'000))};
        const model::QueueId queue = any_queue();
        const auto [expected, got] =
            ask<Leases>([&](Store& store) { return store.lease(queue, options); });
        ASSERT_TRUE(expected && got);
        ASSERT_EQ(ids(*got), ids(*expected));
        for (std::size_t i = 0; i < got->size(); ++i) {
            const Lease& left = expected->at(i);
            const Lease& right = got->at(i);
            ASSERT_EQ(right.attempt, left.attempt);
            ASSERT_EQ(right.until, left.until);
            ASSERT_EQ(right.time, left.time);
            ASSERT_EQ(*right.body, *left.body);
            twins_.push_back({left.handle, right.handle});
        }
    }
    void step_renew() {
        const Twin twin = any_twin();
        const Duration time(any(1, 30'000));
        ASSERT_EQ(code(actual_->renew(twin.actual, time)), code(model_.renew(twin.model, time)));
    }
    void step_expire() {
        const model::QueueId queue = any_queue();
        const TimePoint before = clock_.now() - Duration(any(0, 60'000));
        const int count_max = any(1, 9);
        const auto [expected, got] =
            ask<Result<int>>([&](Store& store) { return store.expire(queue, before, count_max); });
        ASSERT_EQ(*got, *expected);
    }
    void step_purge() {
        const PurgeLimits limits{.attempts_before = clock_.now() - Duration(any(0, 90'000)),
                                 .dead_letters_before = clock_.now() - Duration(any(0, 90'000)),
                                 .count_max = any(1, 5)};
        const auto [expected, got] =
            ask<Result<int>>([&](Store& store) { return store.purge(limits); });
        ASSERT_EQ(*got, *expected);
    }
    // Leases live in memory, so nothing may be out, and none may have been lost by time.
    void step_restart() {
        for (const Twin& twin : twins_) {
            Commit model, actual;
            model.give_backs.push_back({twin.model, Duration(0)});
            actual.give_backs.push_back({twin.actual, Duration(0)});
            const Result<void> expected =
                runner_.run<Result<void>>(model_.commit(std::move(model)));
            const Result<void> got = runner_.run<Result<void>>(actual_->commit(std::move(actual)));
            ASSERT_EQ(code(got), code(expected));
        }
        twins_.clear();
        if (lost_by_time_) return;
        reopen();
    }
    void compare() {
        for (const model::QueueId& queue : {queue_a, queue_b, queue_c}) {
            const auto [expected, got] =
                ask<Result<QueueCounts>>([&](Store& store) { return store.count(queue); });
            ASSERT_EQ(got->waiting, expected->waiting) << queue.text();
            ASSERT_EQ(got->leased, expected->leased) << queue.text();
            ASSERT_EQ(got->dead, expected->dead) << queue.text();
            const auto [dead, got_dead] = ask<Result<std::vector<DeadLetter>>>(
                [&](Store& store) { return store.dead_letters(queue, 100); });
            ASSERT_EQ(got_dead->size(), dead->size());
            for (std::size_t i = 0; i < dead->size(); ++i) {
                ASSERT_EQ(got_dead->at(i).event, dead->at(i).event);
                ASSERT_EQ(got_dead->at(i).attempts, dead->at(i).attempts);
                ASSERT_EQ(got_dead->at(i).body, dead->at(i).body);
            }
        }
        const AttemptQuery filter{.queue = queue_a, .event = {}, .count_max = 1000};
        const auto [attempts, got_attempts] =
            ask<Result<Page<Attempt>>>([&](Store& store) { return store.attempts(filter); });
        ASSERT_EQ(got_attempts->items.size(), attempts->items.size());
        for (std::size_t i = 0; i < attempts->items.size(); ++i)
            ASSERT_EQ(got_attempts->items.at(i).number, attempts->items.at(i).number);
        const auto [records, got_records] = ask<Result<std::vector<Record>>>(
            [&](Store& store) { return store.list(Kind::asset, {}); });
        ASSERT_EQ(got_records->size(), records->size());
        for (std::size_t i = 0; i < records->size(); ++i) {
            ASSERT_EQ(got_records->at(i).key, records->at(i).key);
            ASSERT_EQ(got_records->at(i).value, records->at(i).value);
            ASSERT_EQ(got_records->at(i).version, records->at(i).version);
        }
    }
    void step() {
        const int choice = any(0, 99);
        if (choice < 40) return step_commit();
        if (choice < 70) return step_lease();
        if (choice < 75) return step_renew();
        if (choice < 85) return advance(any(0, 5000));
        if (choice < 88) return advance(30'000);
        if (choice < 91) return step_expire();
        if (choice < 94) return step_purge();
        if (choice < 97) return compare();
        return step_restart();
    }
    void advance(int milliseconds) {
        clock_.advance(Duration(milliseconds));
        // An attempt that ended by time is counted in memory only, so a restart would differ.
        if (!twins_.empty()) lost_by_time_ = true;
    }

    const Log quiet_{Level::error};
    ScratchFolder folder_;
    ManualClock clock_{start_time};
    LoopRunner runner_;
    MemoryStore model_{clock_};
    std::unique_ptr<SqliteStore> actual_;
    std::mt19937 random_{GetParam()};
    std::vector<Twin> twins_;
    int events_ = 0;
    bool lost_by_time_ = false;
};

TEST_P(Histories, GiveTheSameAnswersAsTheMemoryStore) {
    for (int i = 0; i < 400 && !HasFatalFailure(); ++i) {
        SCOPED_TRACE(fmt::format("step {}", i));
        step();
    }
    if (!HasFatalFailure()) compare();
}

INSTANTIATE_TEST_SUITE_P(Seeds, Histories, testing::Range(1u, 13u));

}  // namespace
}  // namespace hookreel::store
