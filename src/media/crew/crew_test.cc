#include "media/crew/crew.h"

#include <gtest/gtest.h>

#include "store/memory/memory_store.h"

namespace hookreel::media {
namespace {

class CrewTest : public testing::Test {
 protected:
    static store::Commit entries(const std::vector<std::pair<model::QueueId, std::string>>& all) {
        store::Commit commit;
        for (const auto& [queue, word] : all) {
            store::NewEvent event{.id = model::EventId(word), .type = "t"};
            event.entries.push_back({queue, std::make_shared<const std::string>(word)});
            commit.events.push_back(std::move(event));
        }
        return commit;
    }
    Task<void> put(std::vector<std::pair<model::QueueId, std::string>> all) {
        store::Commit commit = entries(all);
        EXPECT_TRUE(co_await store_.commit(std::move(commit)));
    }
    void run(Task<void> task) {
        asio::co_spawn(loop_, std::move(task), [](const std::exception_ptr& thrown) {
            if (thrown) std::rethrow_exception(thrown);
        });
        loop_.restart();
        loop_.run();
    }
    Task<void> count_into(store::QueueCounts* counts, model::QueueId queue) {
        *counts = *co_await store_.count(std::move(queue));
    }
    store::QueueCounts count(const model::QueueId& queue) {
        store::QueueCounts counts;
        run(count_into(&counts, queue));
        return counts;
    }
    CrewOptions options(int workers = 1) const {
        return {.queues = {urgent_, plain_, late_}, .workers = workers};
    }
    // Notes what it was given and confirms it; when it has had so many, it stops the crew.
    Task<void> note(store::Lease lease) {
        done_.push_back(*lease.body);
        attempts_.push_back(lease.attempt);
        store::Commit commit;
        commit.confirms.push_back(lease.handle);
        EXPECT_TRUE(co_await store_.commit(std::move(commit)));
        if (done_.size() == enough_) others_.spawn(crew_->stop());
    }
    void begin(int workers = 1) {
        crew_.emplace(loop_.get_executor(), store_, log_, options(workers),
                      [this](store::Lease lease) { return note(std::move(lease)); });
    }

    const model::QueueId urgent_{"urgent"}, plain_{"plain"}, late_{"late"};
    Loop loop_;
    ManualClock clock_{from_unix_seconds(1'800'000'000)};
    store::MemoryStore store_{clock_};
    Log log_{Level::error, -1};
    TaskGroup others_{loop_.get_executor()};
    std::vector<std::string> done_;
    std::vector<int> attempts_;
    std::size_t enough_ = 0;
    std::optional<Crew> crew_;
};

TEST_F(CrewTest, TakesWhatIsUrgentFirstAndOfThatTheOldest) {
    run(put({{late_, "1"}, {plain_, "2"}, {urgent_, "3"}, {plain_, "4"}, {urgent_, "5"}}));
    enough_ = 5;
    begin();
    loop_.restart();
    loop_.run();
    EXPECT_EQ(done_, (std::vector<std::string>{"3", "5", "2", "4", "1"}));
}

TEST_F(CrewTest, LetsNobodyWaitForEver) {
    std::vector<std::pair<model::QueueId, std::string>> all = {{late_, "late"}};
    for (int i = 0; i < 100; ++i)
        all.emplace_back(urgent_, std::to_string(i));
    run(put(std::move(all)));
    enough_ = 101;
    begin();
    loop_.restart();
    loop_.run();
    ASSERT_EQ(done_.size(), 101u);
    // The first turn of somebody is the urgent queue's own, the second one goes further.
    EXPECT_EQ(std::ranges::find(done_, "late") - done_.begin(), 15);
}

TEST_F(CrewTest, WakesForWhateverComesAndTakesTheMostUrgentOfIt) {
    enough_ = 4;
    begin();
    // It sleeps when the loop is first idle.
    loop_.restart();
    loop_.poll();
    EXPECT_TRUE(done_.empty());
    others_.spawn(put({{late_, "1"}, {plain_, "2"}, {urgent_, "3"}, {late_, "4"}}));
    loop_.restart();
    loop_.run();
    EXPECT_EQ(done_, (std::vector<std::string>{"3", "2", "1", "4"}));
    // What it took and gave back meanwhile was never tried.
    EXPECT_EQ(attempts_, (std::vector<int>{1, 1, 1, 1}));
}

TEST_F(CrewTest, WakesAlsoForTheLastOfItsQueues) {
    for (const char* word : {"1", "2"}) {
        enough_ = 1;
        done_.clear();
        begin();
        loop_.restart();
        loop_.poll();
        others_.spawn(put({{late_, word}}));
        loop_.restart();
        loop_.run();
        EXPECT_EQ(done_, std::vector<std::string>{word});
    }
}

// Work that lasts until it is cancelled; then it gives the lease back.
struct Endless {
    store::Store& store;
    int running = 0;
    int most = 0;

    Task<void> operator()(store::Lease lease) {
        most = std::max(most, ++running);
        co_await sleep_for(std::chrono::hours(1));
        --running;
        store::Commit commit;
        commit.give_backs.push_back({.handle = lease.handle});
        EXPECT_TRUE(co_await store.commit(std::move(commit)));
    }
};

TEST_F(CrewTest, DoesSoManyAtOnceAndGivesAllBackWhenItStops) {
    run(put({{plain_, "1"}, {plain_, "2"}, {late_, "3"}}));
    Endless endless{store_};
    crew_.emplace(loop_.get_executor(), store_, log_, options(2),
                  [&endless](store::Lease lease) { return endless(std::move(lease)); });
    loop_.restart();
    loop_.poll();
    EXPECT_EQ(endless.running, 2);
    run(crew_->stop());
    EXPECT_EQ(endless.running, 0);
    EXPECT_EQ(endless.most, 2);
    EXPECT_EQ(count(plain_).waiting, 2u);
    EXPECT_EQ(count(plain_).leased, 0u);
    EXPECT_EQ(count(late_).waiting, 1u);
}

TEST_F(CrewTest, StopsAtOnceWhenItSleeps) {
    begin();
    loop_.restart();
    loop_.poll();
    run(crew_->stop());
    EXPECT_TRUE(done_.empty());
}

TEST_F(CrewTest, EndsItsSleepWhenTheStoreIsClosed) {
    begin();
    loop_.restart();
    loop_.poll();
    store_.close();
    loop_.poll();
    run(crew_->stop());
    EXPECT_TRUE(done_.empty());
}

}  // namespace
}  // namespace hookreel::media
