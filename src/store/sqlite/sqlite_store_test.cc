#include "store/sqlite/sqlite_store.h"

#include <fstream>

#include "store/conformance/suite.h"
#include "store/sqlite/file/scratch_folder_test.h"

namespace hookreel::store {
namespace {

const Log quiet(Level::error);

// A store and the folder that goes with it.
class ScratchStore final : public Store {
 public:
    ScratchStore(const Clock& clock, Limits limits) {
        SqliteOptions options;
        options.path = folder_.file("store.db");
        options.limits = limits;
        store_ = *SqliteStore::open(options, clock, quiet);
    }

    Task<Result<void>> commit(Commit commit) override { return store_->commit(std::move(commit)); }
    Task<Result<std::vector<Published>>> publish(std::vector<NewEvent> events) override {
        return store_->publish(std::move(events));
    }
    Task<Result<std::vector<Lease>>> lease(model::QueueId queue, LeaseOptions options) override {
        return store_->lease(std::move(queue), options);
    }
    bool watch(const model::QueueId& queue, model::Order order,
               const std::shared_ptr<Bell>& bell) override {
        return store_->watch(queue, order, bell);
    }
    Result<void> renew(Handle handle, Duration time) override {
        return store_->renew(handle, time);
    }
    Task<Result<Record>> get(RecordKey key) override { return store_->get(std::move(key)); }
    Task<Result<std::vector<Record>>> list(Kind kind, ListOptions options) override {
        return store_->list(kind, std::move(options));
    }
    Task<Result<QueueCounts>> count(model::QueueId queue) override {
        return store_->count(std::move(queue));
    }
    Task<Result<QueueTotals>> totals() override { return store_->totals(); }
    Task<Result<Page<Attempt>>> attempts(AttemptQuery filter) override {
        return store_->attempts(std::move(filter));
    }
    Task<Result<Page<ArchivedEvent>>> events(EventQuery query) override {
        return store_->events(std::move(query));
    }
    Task<Result<ArchivedEvent>> event(model::ApplicationId application,
                                      model::EventId id) override {
        return store_->event(application, std::move(id));
    }
    Task<Result<Page<Delivery>>> deliveries(DeliveryQuery query) override {
        return store_->deliveries(std::move(query));
    }
    Task<Result<Delivery>> delivery(DeliveryId id) override {
        return store_->delivery(std::move(id));
    }
    Task<Result<void>> retry(DeliveryId id) override { return store_->retry(std::move(id)); }
    Task<Result<ReplayStep>> replay(Replay replay) override {
        return store_->replay(std::move(replay));
    }
    Task<Result<std::vector<DeadLetter>>> dead_letters(model::QueueId queue,
                                                       int count_max) override {
        return store_->dead_letters(std::move(queue), count_max);
    }
    Task<Result<int>> expire(model::QueueId queue, TimePoint before, int count_max) override {
        return store_->expire(std::move(queue), before, count_max);
    }
    Task<Result<int>> purge(PurgeLimits limits) override { return store_->purge(limits); }
    Result<void> health() const override { return store_->health(); }
    void close() override { store_->close(); }

 private:
    ScratchFolder folder_;
    std::unique_ptr<SqliteStore> store_;
};

const StoreMaker sqlite{"Sqlite", [](const Clock& clock, Limits limits) {
                            return std::make_unique<ScratchStore>(clock, limits);
                        }};

constexpr auto name_of = [](const auto& test) { return test.param.name; };

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreConformance, testing::Values(sqlite), name_of);
INSTANTIATE_TEST_SUITE_P(Sqlite, StoreReplays, testing::Values(sqlite), name_of);
INSTANTIATE_TEST_SUITE_P(Sqlite, StoreKeys, testing::Values(sqlite), name_of);
INSTANTIATE_TEST_SUITE_P(Sqlite, StoreWatches, testing::Values(sqlite), name_of);

// A store that is closed and opened again on the same file.
class SqliteRestart : public testing::Test {
 protected:
    SqliteRestart() { open("store.db"); }

    void open(std::string_view name) {
        store_.reset();
        SqliteOptions options;
        options.path = folder_.file(name);
        store_ = *SqliteStore::open(options, clock_, quiet);
    }
    // What a machine finds that lost its power now: the files as they are.
    void crash() {
        for (const char* suffix : {"", "-wal"})
            std::filesystem::copy_file(folder_.file(std::string("store.db") + suffix),
                                       folder_.file(std::string("crashed.db") + suffix));
        open("crashed.db");
    }
    Result<void> commit(Commit commit) {
        return runner_.run<Result<void>>(store_->commit(std::move(commit)));
    }
    void append(std::vector<std::string> names, const model::QueueId& queue) {
        Commit many;
        for (std::string& name : names)
            many.events.push_back(event_for(std::move(name), {queue}, clock_.now()));
        ASSERT_TRUE(commit(std::move(many)));
    }
    std::vector<Lease> lease(const model::QueueId& queue, int count_max = 100) {
        const LeaseOptions options{.count_max = count_max, .hold = hold};
        return *runner_.run<Leases>(store_->lease(queue, options));
    }
    QueueCounts count(const model::QueueId& queue) {
        QueueCounts counts = *runner_.run<Result<QueueCounts>>(store_->count(queue));
        counts.oldest = never;
        return counts;
    }
    // With ids from 0000 on, and keys by their number.
    template <class KeyOf>
    void fill(int number_max, KeyOf key_of, std::size_t body_bytes = 8) {
        for (int first = 0; first < number_max; first += 50) {
            Commit many;
            for (int i = first; i < std::min(first + 50, number_max); ++i) {
                many.events.push_back(event_for(fmt::format("{:04}", i), {queue_a}, clock_.now(),
                                                std::string(body_bytes, 'b')));
                many.events.back().key = key_of(i);
            }
            ASSERT_TRUE(commit(std::move(many)));
        }
    }
    Result<void> confirm(std::vector<Handle> handles) {
        Commit done;
        done.confirms = std::move(handles);
        return commit(std::move(done));
    }

    ScratchFolder folder_;
    ManualClock clock_{start_time};
    LoopRunner runner_;
    std::unique_ptr<SqliteStore> store_;
};

TEST_F(SqliteRestart, FindsEverythingThatWasAcknowledged) {
    Commit everything;
    everything.puts.push_back({{Kind::asset, "one"}, "value", 0});
    everything.events.push_back(event_for("1", {queue_a, queue_b}, start_time));
    everything.events.push_back(event_for("2", {queue_a}, start_time));
    everything.attempts.push_back(share(
        {.event = model::EventId("1"), .queue = queue_a, .type = "t", .outcome = "delivered"}));
    ASSERT_TRUE(commit(everything));
    Commit burial;
    burial.buries.push_back({lease(queue_b).at(0).handle, "why"});
    ASSERT_TRUE(commit(burial));

    crash();
    EXPECT_EQ(runner_.run<Result<Record>>(store_->get({Kind::asset, "one"}))->value, "value");
    EXPECT_EQ(count(queue_a), (QueueCounts{.waiting = 2}));
    EXPECT_EQ(count(queue_b), (QueueCounts{.dead = 1}));
    EXPECT_EQ(runner_.run<Result<Page<Attempt>>>(store_->attempts({}))->items.size(), 1u);
    EXPECT_EQ(
        runner_.run<Result<std::vector<DeadLetter>>>(store_->dead_letters(queue_b, 9))->size(), 1u);
    const std::vector<Lease> again = lease(queue_a);
    ASSERT_EQ(ids(again), (Texts{"1", "2"}));
    EXPECT_EQ(*again[0].body, "body of 1");
    EXPECT_EQ(again[0].key, "key-1");
    EXPECT_EQ(again[0].time, start_time);
}

TEST_F(SqliteRestart, HandsOutAgainWhatWasLeased) {
    append({"1", "2"}, queue_a);
    const std::vector<Lease> before = lease(queue_a);
    crash();
    EXPECT_EQ(count(queue_a), (QueueCounts{.waiting = 2}));
    const std::vector<Lease> after = lease(queue_a);
    EXPECT_EQ(ids(after), (Texts{"1", "2"}));
    for (const Lease& old : before) {
        EXPECT_EQ(code(confirm({old.handle})), Code::lease_lost);
        EXPECT_EQ(code(store_->renew(old.handle, hold)), Code::lease_lost);
        for (const Lease& fresh : after)
            EXPECT_NE(old.handle, fresh.handle);
    }
    EXPECT_TRUE(confirm({after[0].handle, after[1].handle}));
    EXPECT_EQ(count(queue_a), QueueCounts{});
}

TEST_F(SqliteRestart, NeverUsesAHandleOfAnotherBoot) {
    append({"1"}, queue_a);
    std::set<Handle> handles;
    for (int boot = 0; boot < 5; ++boot) {
        EXPECT_TRUE(handles.insert(lease(queue_a).at(0).handle).second);
        open("store.db");
    }
    EXPECT_EQ(handles.size(), 5u);
}

TEST_F(SqliteRestart, ForgetsWhatWasConfirmed) {
    append({"1", "2", "3", "4", "5"}, queue_a);
    const std::vector<Lease> before = lease(queue_a);
    ASSERT_TRUE(confirm({before[1].handle, before[3].handle}));
    crash();
    EXPECT_EQ(code(confirm({before[1].handle})), Code::lease_lost);
    EXPECT_EQ(ids(lease(queue_a)), (Texts{"1", "3", "5"}));
}

TEST_F(SqliteRestart, RemembersAttemptsAndDelays) {
    append({"1", "2"}, queue_a);
    Commit later;
    later.events.push_back(event_for("3", {queue_a}, start_time));
    later.events[0].entries[0].due = start_time + Duration(50);
    later.give_backs.push_back({lease(queue_a, 1).at(0).handle, Duration(100)});
    ASSERT_TRUE(commit(later));
    crash();
    EXPECT_EQ(count(queue_a), (QueueCounts{.waiting = 3}));
    EXPECT_EQ(ids(lease(queue_a)), Texts{"2"});
    clock_.advance(Duration(50));
    EXPECT_EQ(ids(lease(queue_a)), Texts{"3"});
    clock_.advance(Duration(50));
    const std::vector<Lease> again = lease(queue_a);
    ASSERT_EQ(ids(again), Texts{"1"});
    EXPECT_EQ(again[0].attempt, 2);
    ASSERT_TRUE(confirm({again[0].handle}));
    open("crashed.db");
    EXPECT_EQ(ids(lease(queue_a)), (Texts{"2", "3"}));
}

TEST_F(SqliteRestart, HandsOutALongQueueInOrder) {
    for (int first = 0; first < 2000; first += 100) {
        std::vector<std::string> names;
        for (int i = first; i < first + 100; ++i)
            names.push_back(fmt::format("{:04}", i));
        append(std::move(names), queue_a);
    }
    crash();
    for (int next = 0; next < 2000;) {
        std::vector<Handle> handles;
        for (const Lease& each : lease(queue_a, 33)) {
            ASSERT_EQ(each.event.text(), fmt::format("{:04}", next++));
            handles.push_back(each.handle);
        }
        ASSERT_FALSE(handles.empty());
        ASSERT_TRUE(confirm(std::move(handles)));
    }
    EXPECT_EQ(count(queue_a), QueueCounts{});
}

TEST_F(SqliteRestart, KeepsTheOrderWhenOldAndNewMeet) {
    append({"1", "2", "3"}, queue_a);
    crash();
    append({"4"}, queue_a);
    EXPECT_EQ(ids(lease(queue_a, 2)), (Texts{"1", "2"}));
    append({"5"}, queue_a);
    EXPECT_EQ(ids(lease(queue_a)), (Texts{"3", "4", "5"}));
}

TEST_F(SqliteRestart, KeepsItsLogShortWhileMuchIsWritten) {
    for (int i = 0; i < 400; ++i) {
        Commit large;
        large.events.push_back(
            event_for(fmt::format("{}", i), {queue_a}, start_time, std::string(200'000, 'b')));
        ASSERT_TRUE(commit(std::move(large)));
    }
    EXPECT_LT(std::filesystem::file_size(folder_.file("store.db-wal")), 64u * 1024 * 1024);
    EXPECT_GT(std::filesystem::file_size(folder_.file("store.db")), 8u * 1024 * 1024);
    crash();
    EXPECT_EQ(count(queue_a).waiting, 400u);
}

TEST_F(SqliteRestart, KnowsIdsAndDeliveriesAgain) {
    const auto publish = [&](NewEvent event) {
        std::vector<NewEvent> one;
        one.push_back(std::move(event));
        return runner_.run<Result<std::vector<Published>>>(store_->publish(std::move(one)))->at(0);
    };
    ASSERT_EQ(publish(kept_event("1", {queue_a})), Published::stored);
    ASSERT_EQ(publish(event_for("2", {queue_a})), Published::stored);
    const std::vector<Lease> held = lease(queue_a);
    ASSERT_TRUE(confirm({held[0].handle, held[1].handle}));
    crash();
    EXPECT_EQ(publish(kept_event("1", {queue_a})), Published::duplicate);
    EXPECT_EQ(publish(event_for("2", {queue_a})), Published::duplicate);
    const auto page = runner_.run<Result<Page<Delivery>>>(store_->deliveries({}));
    ASSERT_EQ(ids(page->items), Texts{"1"});
    EXPECT_EQ(page->items[0].state, DeliveryState::delivered);
    ASSERT_TRUE(runner_.run<Result<void>>(store_->retry(page->items[0].id)));
    open("crashed.db");
    EXPECT_EQ(ids(lease(queue_a)), Texts{"1"});
    // What is stored now is not taken for what was there before.
    ASSERT_EQ(publish(kept_event("3", {queue_a})), Published::stored);
    EXPECT_EQ(ids(runner_.run<Result<Page<Delivery>>>(store_->deliveries({}))->items),
              (Texts{"3", "1"}));
}

TEST_F(SqliteRestart, KeepsTheAttemptsBeforeARetry) {
    Commit one;
    one.events.push_back(kept_event("1", {queue_a}));
    ASSERT_TRUE(commit(std::move(one)));
    Commit dead;
    dead.buries.push_back({lease(queue_a).at(0).handle, "why"});
    ASSERT_TRUE(commit(dead));
    const auto id = runner_.run<Result<Page<Delivery>>>(store_->deliveries({}))->items.at(0).id;
    ASSERT_TRUE(runner_.run<Result<void>>(store_->retry(id)));
    Commit back;
    back.give_backs.push_back({lease(queue_a).at(0).handle, Duration(0)});
    ASSERT_TRUE(commit(back));
    crash();
    EXPECT_EQ(runner_.run<Result<Delivery>>(store_->delivery(id))->attempts, 2);
    const Lease third = lease(queue_a).at(0);
    EXPECT_EQ(third.attempt, 2);
    EXPECT_EQ(third.earlier, 1);
}

TEST_F(SqliteRestart, KeepsTheOrderOfAKeyWhoseFirstEventIsDelayed) {
    for (const char* id : {"1", "2", "3"}) {
        NewEvent event = kept_event(id, {queue_a});
        event.key = id == std::string_view("3") ? "b" : "a";
        Commit one;
        one.events.push_back(std::move(event));
        ASSERT_TRUE(commit(std::move(one)));
    }
    Commit later;
    later.give_backs.push_back({lease(queue_a, 1).at(0).handle, Duration(100)});
    ASSERT_TRUE(commit(later));
    crash();
    const LeaseOptions by_key{.count_max = 9, .hold = hold, .wait = {}, .order = model::Order::key};
    EXPECT_EQ(ids(*runner_.run<Leases>(store_->lease(queue_a, by_key))), Texts{"3"});
    clock_.advance(Duration(100));
    EXPECT_EQ(ids(*runner_.run<Leases>(store_->lease(queue_a, by_key))), Texts{"1"});
}

TEST_F(SqliteRestart, HandsOutTheFirstOfEachKeyWithoutWaitingForMore) {
    // More than are read at once, so that the search for others goes on after the first two.
    fill(3000, [](int number) { return number % 2 == 0 ? "a" : "b"; });
    crash();
    const LeaseOptions by_key{
        .count_max = 9, .hold = hold, .wait = std::chrono::hours(1), .order = model::Order::key};
    EXPECT_EQ(ids(*runner_.run<Leases>(store_->lease(queue_a, by_key))), (Texts{"0000", "0001"}));
}

TEST_F(SqliteRestart, HandsOutWhatIsFreeWhileALongLineIsSearchedForMore) {
    fill(20'000, [](int number) { return number == 19'999 ? "b" : "a"; });
    crash();
    const LeaseOptions by_key{.count_max = 9, .hold = hold, .order = model::Order::key};
    EXPECT_EQ(ids(*runner_.run<Leases>(store_->lease(queue_a, by_key))), Texts{"0000"});
    EXPECT_EQ(ids(*runner_.run<Leases>(store_->lease(queue_a, by_key))), Texts{"19999"});
}

TEST_F(SqliteRestart, KnowsTheKeysOfMoreDelayedEventsThanAreReadAtOnce) {
    constexpr int delayed = 20'000;
    fill(delayed, [](int number) { return fmt::to_string(number); });
    const LeaseOptions by_key{.count_max = delayed, .hold = hold, .order = model::Order::key};
    Commit later;
    for (const Lease& lease : *runner_.run<Leases>(store_->lease(queue_a, by_key)))
        later.give_backs.push_back({lease.handle, Duration(100)});
    ASSERT_EQ(later.give_backs.size(), std::size_t(delayed));
    ASSERT_TRUE(commit(std::move(later)));
    fill(2, [](int number) { return fmt::to_string(delayed - 1 + number); });
    crash();
    EXPECT_EQ(ids(*runner_.run<Leases>(store_->lease(queue_a, by_key))), Texts{"0001"});
    clock_.advance(Duration(100));
    std::size_t due = 0;
    for (std::size_t more = 1; more > 0; due += more)
        more = runner_.run<Leases>(store_->lease(queue_a, by_key))->size();
    EXPECT_EQ(due, std::size_t(delayed));
}

TEST_F(SqliteRestart, KeepsTheOrderOfALineThatIsLongerThanMemory) {
    constexpr int length = 100;  // Of 200 kB each; eight MiB are kept.
    fill(length, [](int number) { return number + 1 == length ? "b" : "a"; }, 200'000);
    crash();
    const LeaseOptions by_key{.count_max = 1, .hold = hold, .order = model::Order::key};
    Lease first = runner_.run<Leases>(store_->lease(queue_a, by_key))->at(0);
    EXPECT_EQ(ids(*runner_.run<Leases>(store_->lease(queue_a, by_key))), Texts{"0099"});
    for (int number = 0; number + 1 < length; ++number) {
        EXPECT_EQ(first.event.text(), fmt::format("{:04}", number));
        EXPECT_EQ(first.body->size(), 200'000u);
        ASSERT_TRUE(confirm({first.handle}));
        const auto next = runner_.run<Leases>(store_->lease(queue_a, by_key));
        if (number + 2 == length) EXPECT_TRUE(next->empty());
        if (!next->empty()) first = next->front();
    }
    EXPECT_EQ(count(queue_a).waiting, 0u);
}

TEST(SqliteStore, RefusesASecondServerOnTheSameFile) {
    const ScratchFolder folder;
    const SystemClock clock;
    SqliteOptions options;
    options.path = folder.file("store.db");
    const auto first = SqliteStore::open(options, clock, quiet);
    ASSERT_TRUE(first);
    EXPECT_EQ(code(SqliteStore::open(options, clock, quiet)), Code::conflict);
    (*first)->close();
}

TEST(SqliteStore, RefusesAFileOfAnotherProgram) {
    const ScratchFolder folder;
    const SystemClock clock;
    SqliteOptions options;
    options.path = folder.file("store.db");
    std::ofstream(options.path) << std::string(5000, 'x');
    const auto opened = SqliteStore::open(options, clock, quiet);
    ASSERT_FALSE(opened);
    EXPECT_NE(opened.error().detail.find("not a database"), std::string::npos);
}

TEST(SqliteStore, SaysThatTheFolderIsMissing) {
    const ScratchFolder folder;
    const SystemClock clock;
    SqliteOptions options;
    options.path = folder.file("missing/store.db");
    EXPECT_EQ(code(SqliteStore::open(options, clock, quiet)), Code::unavailable);
}

}  // namespace
}  // namespace hookreel::store
