#include "store/sqlite/index/ids.h"

#include <gtest/gtest.h>

#include "store/sqlite/file/departures.h"
#include "store/sqlite/file/scratch_folder_test.h"

namespace hookreel::store {
namespace {

constexpr TimePoint start{Duration(1'700'000'000'000)};

// Ids in a file, without the rest of the store.
class IdsTest : public testing::Test {
 protected:
    IdsTest() {
        database_ = *Database::open({.path = folder_.file("ids.db"), .vfs = {}});
        EXPECT_TRUE(prepare_tables(*database_, start));
        EXPECT_TRUE(departures_.open(*database_));
        tables_ = std::make_unique<Tables>(*database_);
        EXPECT_TRUE(ids_.open(*database_));
    }
    static IdDigest digest(int number) {
        return id_digest(model::ApplicationId(7), model::EventId(fmt::format("id-{}", number)));
    }
    // As one group stores them.
    void add(int from, int to, TimePoint time = start) {
        IdRow row{.number = ids_.next_row(), .latest = time, .last_pack = 0, .ids = {}};
        for (int i = from; i < to; ++i)
            row.ids.push_back({digest(i), static_cast<EntryId>(i)});
        const std::string page = write_ids(row.ids);
        EXPECT_TRUE(tables_->insert_id_row.run(row.number, time.time_since_epoch().count(),
                                               row.last_pack, Blob{page}));
        ids_.add(std::move(row));
    }
    bool known(int number) { return *ids_.known(digest(number), tables_->id_page); }

    ScratchFolder folder_;
    Departures departures_;
    std::unique_ptr<Database> database_;
    std::unique_ptr<Tables> tables_;
    Ids ids_;
};

TEST_F(IdsTest, KnowsWhatWasAddedAlsoInRuns) {
    add(0, 1000);
    ASSERT_TRUE(ids_.seal(*tables_));
    add(1000, 2000);
    ASSERT_TRUE(ids_.seal(*tables_));
    add(2000, 2010);
    for (int i : {0, 1, 999, 1000, 1999, 2000, 2009})
        EXPECT_TRUE(known(i)) << i;
    EXPECT_FALSE(known(2010));
    EXPECT_FALSE(known(-1));

    ASSERT_TRUE(ids_.open(*database_));
    for (int i : {0, 1, 999, 1000, 1999, 2000, 2009})
        EXPECT_TRUE(known(i)) << i;
    EXPECT_FALSE(known(2010));
    const Ids::Places places = ids_.places(digest(1500));
    EXPECT_FALSE(places.recent);
    ASSERT_EQ(places.runs.size(), 2u);
    EXPECT_EQ(*Ids::look(tables_->id_page, places.runs[0], digest(1500)), 1500u);
    EXPECT_EQ(*Ids::look(tables_->id_page, places.runs[1], digest(1500)), std::nullopt);
}

TEST_F(IdsTest, ReadsNothingForNearlyEveryNewId) {
    add(0, 20'000);
    ASSERT_TRUE(ids_.seal(*tables_));
    int looked = 0;
    for (int i = 20'000; i < 40'000; ++i)
        looked += !ids_.places(digest(i)).runs.empty();
    EXPECT_LT(looked, 20);
}

TEST_F(IdsTest, ForgetsRunsAndRowsThatAreOld) {
    add(0, 100, start);
    ASSERT_TRUE(ids_.seal(*tables_));
    add(100, 200, start + Duration(1));
    add(200, 300, start + Duration(2));
    const auto purge = [&](TimePoint before) { return *ids_.purge(*tables_, before, 1, 1000); };
    EXPECT_EQ(purge(start), 0);
    EXPECT_EQ(purge(start + Duration(2)), 100);
    EXPECT_FALSE(known(50));
    EXPECT_TRUE(known(150));
    EXPECT_EQ(purge(start + Duration(2)), 100);
    EXPECT_FALSE(known(150));
    EXPECT_TRUE(known(250));
    EXPECT_EQ(purge(start + Duration(2)), 0);
    ASSERT_TRUE(ids_.open(*database_));
    EXPECT_FALSE(known(50));
    EXPECT_TRUE(known(250));
}

}  // namespace
}  // namespace hookreel::store
