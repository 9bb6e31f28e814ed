#include "store/sqlite/file/departures.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "store/sqlite/file/scratch_folder_test.h"

namespace hookreel::store {
namespace {

constexpr TimePoint start{Duration(1'700'000'000'000)};
using Waiting = std::map<PlaceKey, std::uint64_t>;

// Departures on a file, with a model of what waits in `fresh`.
class DeparturesTest : public testing::Test {
 protected:
    DeparturesTest() { open(); }
    void open() {
        tables_.reset();
        database_.reset();
        departures_ = std::make_unique<Departures>();
        const DatabaseOptions options{.path = folder_.file("store.db"), .vfs = {}};
        reader_ = nullptr;
        database_ = *Database::open(options);
        EXPECT_TRUE(prepare_tables(*database_, start));
        EXPECT_TRUE(departures_->open(*database_));
        tables_ = std::make_unique<Tables>(*database_);
        reader_ = *Database::open(options);
        EXPECT_TRUE(departures_->show(*reader_));
        EXPECT_TRUE(reader_->make_read_only());
    }
    void fill(std::uint32_t queues, std::uint64_t packs, std::uint64_t slots) {
        EXPECT_TRUE(database_->begin());
        for (std::uint32_t queue = 1; queue <= queues; ++queue)
            for (std::uint64_t pack = 1; pack <= packs; ++pack) {
                EXPECT_TRUE(tables_->insert_fresh.run(queue, pack, slots));
                waiting_[{queue, pack}] = slots;
            }
        EXPECT_TRUE(database_->commit());
    }
    enum class End { keep, abandon };
    // One group in which these leave.
    void group(const Waiting& leaving, End end = End::keep) {
        EXPECT_TRUE(database_->begin());
        for (const auto& [place, slots] : leaving)
            departures_->add(place, slots == waiting_[place] ? all_slots : slots);
        EXPECT_TRUE(departures_->write(*tables_));
        if (end == End::abandon) {
            database_->rollback();
            return departures_->abandon();
        }
        EXPECT_TRUE(database_->commit());
        departures_->keep();
        for (const auto& [place, slots] : leaving)
            if ((waiting_[place] &= ~slots) == 0) waiting_.erase(place);
    }
    static Waiting live(Database& database, const char* table = "live") {
        Waiting found;
        const std::string sql = fmt::format("SELECT queue, pack, slots FROM {}", table);
        Statement all(database, sql.c_str());
        Rows rows = all.query();
        while (rows.next())
            found[{static_cast<std::uint32_t>(rows.integer(0)), rows.number(1)}] = rows.number(2);
        EXPECT_TRUE(rows.result());
        return found;
    }
    std::int64_t rows() { return *database_->number("SELECT count(*) FROM departures"); }

    ScratchFolder folder_;
    std::unique_ptr<Departures> departures_;
    std::unique_ptr<Database> database_;
    std::unique_ptr<Database> reader_;
    std::unique_ptr<Tables> tables_;
    Waiting waiting_;
};

TEST_F(DeparturesTest, HidesWhatLeftAtOnce) {
    fill(2, 2, 0b111);
    group({{{1, 1}, 0b101}, {{2, 2}, 0b111}});
    EXPECT_EQ(live(*database_), (Waiting{{{1, 1}, 0b010}, {{1, 2}, 0b111}, {{2, 1}, 0b111}}));
    EXPECT_EQ(live(*reader_), waiting_);
    EXPECT_EQ(live(*database_, "fresh").size(), 4u);
}

TEST_F(DeparturesTest, ShowsTheGroupToItselfAndNobodyElse) {
    fill(1, 1, 0b11);
    ASSERT_TRUE(database_->begin());
    departures_->add({1, 1}, 0b01);
    ASSERT_TRUE(departures_->write(*tables_));
    EXPECT_EQ(live(*database_), (Waiting{{{1, 1}, 0b10}}));
    EXPECT_EQ(live(*reader_), (Waiting{{{1, 1}, 0b11}}));
    database_->rollback();
    departures_->abandon();
    EXPECT_EQ(live(*database_), (Waiting{{{1, 1}, 0b11}}));
}

TEST_F(DeparturesTest, KnowsThemAfterARestart) {
    fill(1, 2, 0b11);
    group({{{1, 1}, 0b01}});
    group({{{1, 1}, 0b10}, {{1, 2}, 0b10}});
    open();
    EXPECT_EQ(live(*database_), (Waiting{{{1, 2}, 0b01}}));
    EXPECT_EQ(live(*reader_), waiting_);
}

TEST_F(DeparturesTest, TakesThemOutWhenManyCameTogether) {
    fill(100, 300, 0b11);
    for (std::uint64_t pack = 1; pack <= 300; ++pack) {
        Waiting leaving;
        for (std::uint32_t queue = 1; queue <= 100; ++queue)
            leaving[{queue, pack}] = queue % 2 == 0 ? 0b11 : 0b01;
        group(leaving);
    }
    EXPECT_EQ(live(*database_), waiting_);
    EXPECT_LT(rows(), 300);
    const Waiting left = live(*database_, "fresh");
    EXPECT_LT(left.size(), 100u * 300u - 100u * 300u / 4);
    open();
    EXPECT_EQ(live(*database_), waiting_);
}

// Also when each group has one only: so many rows are a reason too.
TEST_F(DeparturesTest, KeepsFewRows) {
    fill(1, 100, all_slots);
    for (std::size_t i = 0; i < 3 * Departures::rows_max; ++i)
        group({{{1, 1 + i / 64}, std::uint64_t(1) << i % 64}});
    EXPECT_LE(rows(), std::int64_t(Departures::rows_max));
    EXPECT_EQ(live(*database_), waiting_);
    EXPECT_EQ(live(*database_, "fresh").size(), waiting_.size() + rows() / 64);
}

TEST_F(DeparturesTest, HoldsAtAnyHistory) {
    for (const unsigned seed : {1u, 2u, 3u}) {
        std::mt19937 random(seed);
        const auto upto = [&](std::uint64_t most) { return random() % most + 1; };
        ASSERT_TRUE(database_->execute("DELETE FROM fresh; DELETE FROM departures"));
        waiting_.clear();
        open();
        fill(60, 500, 0b111);
        for (int step = 0; step < 400; ++step) {
            Waiting leaving;
            for (std::uint64_t i = upto(300); i > 0; --i) {
                const auto found = waiting_.lower_bound(
                    {static_cast<std::uint32_t>(upto(60)), static_cast<std::uint64_t>(step)});
                if (found == waiting_.end()) continue;
                const std::uint64_t slots = found->second & upto(7);
                if (slots != 0) leaving[found->first] = slots;
            }
            group(leaving, upto(10) == 1 ? End::abandon : End::keep);
            if (upto(100) == 1) open();
            if (step % 20 == 0) {
                ASSERT_EQ(live(*database_), waiting_) << seed << " " << step;
                ASSERT_EQ(live(*reader_), waiting_) << seed << " " << step;
            }
        }
        EXPECT_EQ(live(*database_), waiting_);
        EXPECT_LE(rows(), std::int64_t(Departures::rows_max));
    }
}

}  // namespace
}  // namespace hookreel::store
