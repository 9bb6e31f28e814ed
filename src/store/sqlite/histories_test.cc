// Random histories on this store and on the memory store, which must give the same answers.
#include <random>
#include <tuple>

#include "store/conformance/fixture.h"
#include "store/memory/memory_store.h"
#include "store/sqlite/file/scratch_folder_test.h"
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
    // One that the archive keeps. A commit has one at most, because the order among several that
    // are stored at once is not promised.
    NewEvent any_kept_event() {
        NewEvent event = any_event();
        event.body = body_of(fmt::format(R"({{"data":{{"n":{}}}}})", events_));
        event.type = any(0, 1) == 0 ? "a.one" : "b.two";
        for (NewEntry& entry : event.entries)
            if (any(0, 1) == 0) entry.body = nullptr;
        return event;
    }
    Span any_span() {
        if (any(0, 2) > 0) return {};
        const TimePoint since = clock_.now() - Duration(any(0, 60'000));
        return {since, since + Duration(any(0, 60'000))};
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
        if (any(0, 2) == 0) model.events.push_back(any_kept_event());
        if (any(0, 2) == 0) {
            Put put{{Kind::asset, fmt::format("{}", any(0, 5))}, fmt::format("{}", events_), {}};
            if (any(0, 1) == 0) put.expected_version = any(0, 3);
            model.puts.push_back(std::move(put));
        }
        if (any(0, 5) == 0) model.removes.push_back({Kind::asset, fmt::format("{}", any(0, 5))});
        if (any(0, 3) == 0)
            model.attempts.push_back(share({.event = model::EventId(fmt::format("{}", any(1, 50))),
                                            .queue = any_queue(),
                                            .type = "t",
                                            .number = ++events_,
                                            .at = clock_.now(),
                                            .url = "u",
                                            .outcome = "retry",
                                            .error = "e"}));
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
            const auto tried = any(0, 3) == 0 ? GiveBack::Tried::no : GiveBack::Tried::yes;
            model.buries.push_back({twin.model, "reason", tried});
            actual.buries.push_back({twin.actual, "reason", tried});
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
        const model::QueueId queue = any_queue();
        const LeaseOptions options{
            .count_max = any(1, 12),
            .hold = Duration(any(1, 30'000)),
            .wait = {},
            .order = queue == queue_c ? model::Order::key : model::Order::none};
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
    void step_purge_archive() {
        const PurgeLimits limits{.events_before = clock_.now() - Duration(any(20'000, 200'000)),
                                 .ids_before = clock_.now() - Duration(any(0, 90'000)),
                                 .count_max = 1000};
        const auto [expected, got] =
            ask<Result<int>>([&](Store& store) { return store.purge(limits); });
        ASSERT_EQ(*got, *expected);
    }
    void step_publish() {
        NewEvent event = any_kept_event();
        if (any(0, 3) == 0) event.body = nullptr;
        event.id = model::EventId(fmt::format("published {}", any(0, 60)));
        const auto [expected, got] = ask<Result<std::vector<Published>>>(
            [&](Store& store) { return store.publish({event, event}); });
        ASSERT_EQ(*got, *expected);
        const auto [found, got_found] = ask<Result<ArchivedEvent>>(
            [&](Store& store) { return store.event(event.application, event.id); });
        ASSERT_EQ(code(got_found), code(found));
    }
    // The deliveries of both stores, in the order of events and queues.
    std::vector<Delivery> deliveries(Store& store, DeliveryQuery query) {
        std::vector<Delivery> all;
        do {
            auto page = runner_.run<Result<Page<Delivery>>>(store.deliveries(query));
            std::ranges::move(page->items, std::back_inserter(all));
            query.cursor = page->next;
        } while (!query.cursor.empty());
        return all;
    }
    static auto outline(const Delivery& one) {
        return std::tuple(one.event.text(), one.queue.text(), one.state, one.attempts, one.due,
                          one.reason, one.type, one.time);
    }
    static auto sorted(const std::vector<Delivery>& all) {
        std::vector<decltype(outline(all.front()))> rows;
        for (const Delivery& one : all)
            rows.push_back(outline(one));
        std::ranges::sort(rows);
        return rows;
    }
    void step_deliveries() {
        DeliveryQuery query{.span = any_span(), .count_max = any(1, 9)};
        if (any(0, 1) == 0) query.queue = any_queue();
        if (any(0, 1) == 0) query.state = static_cast<DeliveryState>(any(0, 4));
        if (any(0, 2) == 0) query.type = "b.*";
        if (any(0, 3) == 0) query.event = model::EventId(fmt::format("{}", any(1, events_ + 1)));
        if (any(0, 1) == 0) query.application = model::ApplicationId(7);
        ASSERT_EQ(sorted(deliveries(*actual_, query)), sorted(deliveries(model_, query)));
    }
    void step_retry() {
        const std::vector<Delivery> expected = deliveries(model_, {});
        if (expected.empty()) return;
        const Delivery& left = expected[std::size_t(any(0, int(expected.size()) - 1))];
        // An event may be in a queue twice; the same one of both must be meant.
        const auto same = [&](const Delivery& one) { return outline(one) == outline(left); };
        const std::vector<Delivery> got = deliveries(*actual_, {});
        const auto alike = [&](const Delivery& one) {
            return one.event == left.event && one.queue == left.queue;
        };
        if (std::ranges::count_if(expected, alike) != 1) return;
        const auto right = std::ranges::find_if(got, same);
        ASSERT_NE(right, got.end());
        ASSERT_EQ(code(runner_.run<Result<void>>(actual_->retry(right->id))),
                  code(runner_.run<Result<void>>(model_.retry(left.id))));
    }
    void step_replay() {
        Replay replay{.queue = any_queue(),
                      .application = model::ApplicationId(7),
                      .span = any_span(),
                      .which = static_cast<Replay::Which>(any(0, 4)),
                      .count_max = any(1, 20)};
        if (any(0, 2) == 0) replay.filter.types = {"b.*"};
        if (any(0, 2) == 0) replay.filter.data = {{"n", {fmt::format("{}", events_ - 3)}}};
        const auto all = [&](Store& store) {
            Replay next = replay;
            int replayed = 0;
            do {
                const auto step = runner_.run<Result<ReplayStep>>(store.replay(next));
                replayed += step->replayed;
                next.cursor = step->next;
            } while (!next.cursor.empty());
            return replayed;
        };
        const int expected = all(model_);
        ASSERT_EQ(all(*actual_), expected);
    }
    void step_events() {
        EventQuery query{.application = model::ApplicationId(7),
                         .filter = {},
                         .span = any_span(),
                         .cursor = {},
                         .count_max = any(1, 9)};
        if (any(0, 2) == 0) query.filter.types = {"a.one"};
        const auto all = [&](Store& store) {
            EventQuery next = query;
            Texts found;
            do {
                const auto page = runner_.run<Result<Page<ArchivedEvent>>>(store.events(next));
                std::ranges::move(ids(page->items), std::back_inserter(found));
                next.cursor = page->next;
            } while (!next.cursor.empty());
            return found;
        };
        ASSERT_EQ(all(*actual_), all(model_));
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
            ASSERT_EQ(*got, *expected) << queue.text();
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
        const int choice = any(0, 139);
        if (choice < 40) return step_commit();
        if (choice < 70) return step_lease();
        if (choice < 75) return step_renew();
        if (choice < 85) return advance(any(0, 5000));
        if (choice < 88) return advance(30'000);
        if (choice < 91) return step_expire();
        if (choice < 94) return step_purge();
        if (choice < 97) return compare();
        if (choice < 100) return step_restart();
        if (choice < 110) return step_publish();
        if (choice < 117) return step_deliveries();
        if (choice < 124) return step_retry();
        if (choice < 128) return step_replay();
        if (choice < 134) return step_events();
        return step_purge_archive();
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
