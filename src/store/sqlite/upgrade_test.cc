// A file that the first version of the program wrote, opened by this one.
#include <gtest/gtest.h>

#include "store/conformance/fixture.h"
#include "store/sqlite/file/bytes.h"
#include "store/sqlite/file/database.h"
#include "store/sqlite/file/pack.h"
#include "store/sqlite/file/scratch_folder_test.h"
#include "store/sqlite/sqlite_store.h"

namespace hookreel::store {
namespace {

constexpr const char* first_schema = R"sql(
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
INSERT INTO meta (name, value) VALUES ('boot', 3);
CREATE TABLE queues (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
INSERT INTO queues (number, name) VALUES (1, 'endpoint/a'), (2, 'endpoint/b');
CREATE TABLE packs (pack INTEGER PRIMARY KEY, queues BLOB NOT NULL, letters BLOB NOT NULL);
CREATE TABLE fresh (queue INTEGER NOT NULL, pack INTEGER NOT NULL, slots INTEGER NOT NULL,
                    PRIMARY KEY (queue, pack)) WITHOUT ROWID;
INSERT INTO fresh (queue, pack, slots) VALUES (1, 5, 1);
CREATE TABLE rows (queue INTEGER NOT NULL, entry INTEGER NOT NULL, attempts INTEGER NOT NULL,
                   due INTEGER NOT NULL, PRIMARY KEY (queue, entry)) WITHOUT ROWID;
CREATE INDEX rows_due ON rows (queue, due);
INSERT INTO rows (queue, entry, attempts, due) VALUES (1, 321, 2, 1700000000000);
CREATE TABLE dead_letters (number INTEGER PRIMARY KEY, queue INTEGER NOT NULL, event TEXT NOT NULL,
                           type TEXT NOT NULL, attempts INTEGER NOT NULL, at INTEGER NOT NULL,
                           reason TEXT NOT NULL, body BLOB NOT NULL);
CREATE INDEX dead_letters_queue ON dead_letters (queue, number);
INSERT INTO dead_letters VALUES (9, 2, 'dead', 'media.uploaded', 3, 1700000000000, 'why', 'words');
CREATE TABLE attempts (number INTEGER PRIMARY KEY, latest INTEGER NOT NULL, count INTEGER NOT NULL,
                       page BLOB NOT NULL);
CREATE TABLE records (kind INTEGER NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
                      value BLOB NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
INSERT INTO records VALUES (2, 'one', 4, 'value');
PRAGMA application_id=1215262571;
PRAGMA user_version=1;
)sql";

std::string old_pack() {
    std::string pack;
    for (const char* id : {"1", "2"})
        append_letter(pack, {.id = model::EventId(id),
                             .application = model::ApplicationId(7),
                             .type = "media.uploaded",
                             .key = "key",
                             .time = start_time,
                             .body = body_of(std::string("body of ") + id)});
    return pack;
}

std::string old_log_page() {
    std::string piece;
    put(piece, start_time.time_since_epoch().count());
    put(piece, std::int64_t(6));
    put(piece, std::int32_t(2));
    put(piece, std::int32_t(200));
    for (int i = 0; i < 6; ++i)
        put(piece, std::uint16_t(1));
    piece += "eqtoux";
    std::string page;
    put(page, static_cast<std::uint32_t>(piece.size()));
    return page + piece;
}

class SqliteUpgrade : public testing::Test {
 protected:
    SqliteUpgrade() {
        {
            auto database = *Database::open({.path = folder_.file("store.db"), .vfs = {}});
            EXPECT_TRUE(database->execute(first_schema));
            const std::string queues = write_numbers({1});
            EXPECT_TRUE(Statement(*database, "INSERT INTO packs VALUES (5, ?, ?)")
                            .run(Blob{queues}, Blob{old_pack()}));
            EXPECT_TRUE(Statement(*database, "INSERT INTO attempts VALUES (1, ?, 1, ?)")
                            .run(start_time.time_since_epoch().count(), Blob{old_log_page()}));
        }
        open();
    }
    void open() {
        store_.reset();
        SqliteOptions options;
        options.path = folder_.file("store.db");
        auto store = SqliteStore::open(options, clock_, quiet_);
        ASSERT_TRUE(store) << store.error().detail;
        store_ = std::move(*store);
    }

    const Log quiet_{Level::error};
    ScratchFolder folder_;
    ManualClock clock_{start_time};
    LoopRunner runner_;
    std::unique_ptr<SqliteStore> store_;
};

TEST_F(SqliteUpgrade, KeepsWhatWaits) {
    open();  // A second time, as this version.
    const auto leases =
        runner_.run<Result<std::vector<Lease>>>(store_->lease(queue_a, {.count_max = 9}));
    ASSERT_EQ(ids(*leases), (Texts{"1", "2"}));
    EXPECT_EQ(*leases->at(0).body, "body of 1");
    EXPECT_EQ(leases->at(0).attempt, 1);
    EXPECT_EQ(leases->at(1).attempt, 3);
    Commit done;
    done.confirms = {leases->at(0).handle, leases->at(1).handle};
    ASSERT_TRUE(runner_.run<Result<void>>(store_->commit(std::move(done))));
    EXPECT_EQ(runner_.run<Result<QueueCounts>>(store_->count(queue_a))->waiting, 0u);
}

TEST_F(SqliteUpgrade, KeepsRecordsAttemptsAndDeadLetters) {
    EXPECT_EQ(runner_.run<Result<Record>>(store_->get({Kind::asset, "one"}))->version, 4u);
    const auto attempts = runner_.run<Result<Page<Attempt>>>(
        store_->attempts({.queue = model::QueueId("q"), .outcome = "o"}));
    ASSERT_EQ(attempts->items.size(), 1u);
    EXPECT_EQ(attempts->items[0].url, "u");
    const auto dead =
        runner_.run<Result<std::vector<DeadLetter>>>(store_->dead_letters(queue_b, 9));
    ASSERT_EQ(dead->size(), 1u);
    EXPECT_EQ(dead->at(0).event.text(), "dead");
    EXPECT_EQ(dead->at(0).body, "words");
    EXPECT_EQ(dead->at(0).attempts, 3);
    EXPECT_EQ(dead->at(0).reason, "why");
    EXPECT_EQ(dead->at(0).at, start_time);
}

TEST_F(SqliteUpgrade, BringsTheThirdVersionToTheFourth) {
    Commit commit;
    commit.events.push_back({.id = model::EventId("3"), .entries = {{queue_a, body_of("three")}}});
    ASSERT_TRUE(runner_.run<Result<void>>(store_->commit(std::move(commit))));
    store_.reset();
    {
        auto database = *Database::open({.path = folder_.file("store.db"), .vfs = {}});
        EXPECT_TRUE(database->execute("DROP TABLE departures; PRAGMA user_version=3;"));
    }
    open();
    const auto leases =
        runner_.run<Result<std::vector<Lease>>>(store_->lease(queue_a, {.count_max = 9}));
    EXPECT_EQ(ids(*leases), (Texts{"1", "2", "3"}));
}

TEST_F(SqliteUpgrade, RetriesADeadLetterOfOld) {
    const auto found =
        runner_.run<Result<Page<Delivery>>>(store_->deliveries({.state = DeliveryState::dead}));
    ASSERT_EQ(found->items.size(), 1u);
    ASSERT_TRUE(runner_.run<Result<void>>(store_->retry(found->items[0].id)));
    const auto leases = runner_.run<Result<std::vector<Lease>>>(store_->lease(queue_b, {}));
    ASSERT_EQ(ids(*leases), Texts{"dead"});
    EXPECT_EQ(*leases->at(0).body, "words");
    EXPECT_EQ(leases->at(0).attempt, 1);
    EXPECT_EQ(leases->at(0).earlier, 3);
}

}  // namespace
}  // namespace hookreel::store
