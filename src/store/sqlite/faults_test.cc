// What the store does when the disk fails: a layer below SQLite refuses writes or syncs on demand.
#include <fmt/format.h>
#include <sqlite3.h>

#include <random>
#include <set>

#include "store/conformance/fixture.h"
#include "store/sqlite/file/scratch_folder_test.h"
#include "store/sqlite/sqlite_store.h"

namespace hookreel::store {
namespace {

using Leases = Result<std::vector<Lease>>;

enum class Trouble { none, full, write_fails, sync_fails, sync_of_file_fails };

// A disk that can be told to fail, as a virtual file system of SQLite. One at a time.
class FaultyDisk {
 public:
    FaultyDisk() : base_(*sqlite3_vfs_find(nullptr)), vfs_(base_) {
        vfs_.zName = name;
        vfs_.szOsFile = static_cast<int>(sizeof(File)) + base_.szOsFile;
        vfs_.pAppData = this;
        vfs_.xOpen = open;
        sqlite3_vfs_register(&vfs_, 0);
    }
    ~FaultyDisk() { sqlite3_vfs_unregister(&vfs_); }
    FaultyDisk(const FaultyDisk&) = delete;
    FaultyDisk& operator=(const FaultyDisk&) = delete;

    static constexpr const char* name = "faulty";
    std::atomic<Trouble> trouble{Trouble::none};
    std::atomic<int> faults{0};
    std::atomic<int> reads{0};

 private:
    // Followed in memory by the file of the layer below.
    struct File : sqlite3_file {
        FaultyDisk* disk;
        int flags;
        sqlite3_io_methods methods;

        sqlite3_file* below() { return reinterpret_cast<sqlite3_file*>(this + 1); }
    };
    static File& self(sqlite3_file* file) { return *static_cast<File*>(file); }

    static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags,
                    int* out_flags) {
        auto* disk = static_cast<FaultyDisk*>(vfs->pAppData);
        File& made = self(file);
        made.disk = disk;
        made.flags = flags;
        const int code = disk->base_.xOpen(&disk->base_, path, made.below(), flags, out_flags);
        made.pMethods = nullptr;
        if (made.below()->pMethods == nullptr) return code;
        made.methods = forwarding();
        made.pMethods = &made.methods;
        return code;
    }
    int fails(Trouble when, int code) {
        if (trouble.load() != when) return SQLITE_OK;
        ++faults;
        return code;
    }

    static int read(sqlite3_file* file, void* into, int count, sqlite3_int64 at) {
        ++self(file).disk->reads;
        sqlite3_file* below = self(file).below();
        return below->pMethods->xRead(below, into, count, at);
    }
    static int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 at) {
        FaultyDisk& disk = *self(file).disk;
        if (int code = disk.fails(Trouble::full, SQLITE_FULL)) return code;
        if (int code = disk.fails(Trouble::write_fails, SQLITE_IOERR_WRITE)) return code;
        sqlite3_file* below = self(file).below();
        return below->pMethods->xWrite(below, bytes, count, at);
    }
    static int sync(sqlite3_file* file, int flags) {
        FaultyDisk& disk = *self(file).disk;
        if (int code = disk.fails(Trouble::sync_fails, SQLITE_IOERR_FSYNC)) return code;
        if ((self(file).flags & SQLITE_OPEN_MAIN_DB) != 0)
            if (int code = disk.fails(Trouble::sync_of_file_fails, SQLITE_IOERR_FSYNC)) return code;
        sqlite3_file* below = self(file).below();
        return below->pMethods->xSync(below, flags);
    }

    template <auto method, class... Arguments>
    static auto forward(sqlite3_file* file, Arguments... arguments) {
        sqlite3_file* below = self(file).below();
        return (below->pMethods->*method)(below, arguments...);
    }
    static sqlite3_io_methods forwarding() {
        using M = sqlite3_io_methods;
        M methods{};
        methods.iVersion = 2;
        methods.xClose = forward<&M::xClose>;
        methods.xRead = read;
        methods.xWrite = write;
        methods.xTruncate = forward<&M::xTruncate, sqlite3_int64>;
        methods.xSync = sync;
        methods.xFileSize = forward<&M::xFileSize, sqlite3_int64*>;
        methods.xLock = forward<&M::xLock, int>;
        methods.xUnlock = forward<&M::xUnlock, int>;
        methods.xCheckReservedLock = forward<&M::xCheckReservedLock, int*>;
        methods.xFileControl = forward<&M::xFileControl, int, void*>;
        methods.xSectorSize = forward<&M::xSectorSize>;
        methods.xDeviceCharacteristics = forward<&M::xDeviceCharacteristics>;
        methods.xShmMap = forward<&M::xShmMap, int, int, int, void volatile**>;
        methods.xShmLock = forward<&M::xShmLock, int, int, int>;
        methods.xShmBarrier = forward<&M::xShmBarrier>;
        methods.xShmUnmap = forward<&M::xShmUnmap, int>;
        return methods;
    }

    sqlite3_vfs& base_;
    sqlite3_vfs vfs_;
};

class SqliteFaults : public testing::Test {
 protected:
    SqliteFaults() { open(); }

    void open() {
        store_.reset();
        SqliteOptions options;
        options.path = folder_.file("store.db");
        options.vfs = FaultyDisk::name;
        options.probe_interval = Duration(1);
        store_ = *SqliteStore::open(options, clock_, silent_);
    }

    Result<void> commit(Commit commit) {
        return runner_.run<Result<void>>(store_->commit(std::move(commit)));
    }
    Result<void> append(std::string id, std::string text = "") {
        Commit one;
        one.events.push_back(event_for(std::move(id), {queue_a}, clock_.now(), std::move(text)));
        return commit(std::move(one));
    }
    Result<void> confirm(Handle handle) {
        Commit one;
        one.confirms = {handle};
        return commit(std::move(one));
    }
    std::vector<Lease> lease() {
        const LeaseOptions options{.count_max = 1000, .hold = hold};
        return runner_.run<Leases>(store_->lease(queue_a, options)).value_or(std::vector<Lease>{});
    }
    // Ends the trouble and waits until the store has noticed.
    void mend() {
        disk_.trouble = Trouble::none;
        while (!store_->health())
            std::this_thread::yield();
    }

    FaultyDisk disk_;
    ScratchFolder folder_;
    const Log silent_{Level::error, -1};
    ManualClock clock_{start_time};
    LoopRunner runner_;
    std::unique_ptr<SqliteStore> store_;
};

// Listing a million records page by page would else read the square of it.
TEST_F(SqliteFaults, ReadsOfTheFileOnlyThePageThatIsAskedFor) {
    const std::string value(1000, 'x');
    for (int page = 0; page < 8; ++page) {
        Commit more;
        for (int i = 0; i < 500; ++i)
            more.puts.push_back({{Kind::asset, fmt::format("a/{:04}", page * 500 + i)}, value, 0});
        ASSERT_TRUE(commit(std::move(more)));
    }
    open();
    disk_.reads = 0;
    const ListOptions options{"a/", "a/3990", 100};
    const auto last = runner_.run<Result<std::vector<Record>>>(store_->list(Kind::asset, options));
    ASSERT_TRUE(last);
    EXPECT_EQ(last->size(), 9u);
    EXPECT_LT(disk_.reads, 100);  // Of more than 1,000 pages.
}

TEST_F(SqliteFaults, RefusesCommitsWhileTheDiskIsFull) {
    ASSERT_TRUE(append("1"));
    disk_.trouble = Trouble::full;
    const Result<void> refused = append("2");
    ASSERT_EQ(code(refused), Code::unavailable);
    EXPECT_NE(refused.error().detail.find("disk is full"), std::string::npos);
    EXPECT_EQ(code(store_->health()), Code::unavailable);
    const int faults = disk_.faults;
    EXPECT_EQ(code(append("3")), Code::unavailable);
    EXPECT_GE(disk_.faults, faults);
    mend();
    EXPECT_TRUE(append("4"));
    EXPECT_EQ(ids(lease()), (Texts{"1", "4"}));
}

TEST_F(SqliteFaults, KeepsLeasesWhileTheDiskIsFull) {
    ASSERT_TRUE(append("1"));
    ASSERT_TRUE(append("2"));
    const std::vector<Lease> held = lease();
    disk_.trouble = Trouble::full;
    EXPECT_EQ(code(confirm(held[0].handle)), Code::unavailable);
    EXPECT_TRUE(store_->renew(held[0].handle, hold));
    EXPECT_TRUE(lease().empty());
    mend();
    EXPECT_TRUE(confirm(held[0].handle));
    clock_.advance(hold);
    EXPECT_EQ(ids(lease()), Texts{"2"});
}

TEST_F(SqliteFaults, ReadsWhileTheDiskIsFull) {
    Commit both;
    both.puts.push_back({{Kind::asset, "one"}, "value", 0});
    ASSERT_TRUE(commit(both));
    disk_.trouble = Trouble::full;
    EXPECT_EQ(code(append("1")), Code::unavailable);
    EXPECT_TRUE(runner_.run<Result<Record>>(store_->get({Kind::asset, "one"})));
    mend();
}

TEST_F(SqliteFaults, StartsAnewAfterAFailedSync) {
    ASSERT_TRUE(append("1"));
    ASSERT_TRUE(append("2"));
    const std::vector<Lease> held = lease();
    ASSERT_TRUE(confirm(held[0].handle));
    disk_.trouble = Trouble::sync_fails;
    EXPECT_EQ(code(append("3")), Code::unavailable);
    EXPECT_EQ(code(store_->health()), Code::unavailable);
    EXPECT_EQ(code(confirm(held[1].handle)), Code::unavailable);
    mend();
    EXPECT_EQ(code(confirm(held[1].handle)), Code::lease_lost);
    const std::vector<Lease> again = lease();
    ASSERT_FALSE(again.empty());
    EXPECT_EQ(again[0].event.text(), "2");
    EXPECT_GT(again[0].handle, held[1].handle);
    EXPECT_TRUE(confirm(again[0].handle));
}

TEST_F(SqliteFaults, StartsAnewAfterAFailedWrite) {
    ASSERT_TRUE(append("1"));
    disk_.trouble = Trouble::write_fails;
    EXPECT_EQ(code(append("2")), Code::unavailable);
    mend();
    ASSERT_TRUE(append("3"));
    EXPECT_EQ(ids(lease()), (Texts{"1", "3"}));
}

// The log is moved into the file when it has grown; that fails after the commits were durable.
TEST_F(SqliteFaults, LosesNothingWhenTheFileCannotBeSynced) {
    disk_.trouble = Trouble::sync_of_file_fails;
    int stored = 0;
    for (int i = 0; i < 100 && disk_.faults == 0; ++i)
        stored += append(fmt::format("{:02}", i), std::string(1'000'000, 'b')).has_value();
    EXPECT_GT(disk_.faults, 0);
    mend();
    EXPECT_GE(static_cast<int>(lease().size()), stored);
}

TEST_F(SqliteFaults, WakesThoseWhoWaitWhenItStartsAnew) {
    ASSERT_TRUE(append("1"));
    ASSERT_EQ(lease().size(), 1u);
    const LeaseOptions options{.count_max = 1, .hold = hold, .wait = std::chrono::hours(1)};
    auto waiting = runner_.start<Leases>(store_->lease(queue_a, options));
    disk_.trouble = Trouble::sync_fails;
    EXPECT_EQ(code(append("2")), Code::unavailable);
    mend();
    EXPECT_EQ(ids(*runner_.finish<Leases>(waiting)), Texts{"1"});
}

// What was acknowledged is kept and what was confirmed stays away, however the disk behaves.
TEST_F(SqliteFaults, KeepsItsWordOnABadDisk) {
    std::mt19937 random(4711);
    const auto any = [&](int below) { return static_cast<int>(random() % unsigned(below)); };
    std::set<std::string> acknowledged;
    std::set<std::string> maybe_gone;
    std::set<std::string> confirmed;
    for (int i = 0; i < 300; ++i) {
        const int trouble = any(12);
        disk_.trouble = trouble == 0   ? Trouble::full
                        : trouble == 1 ? Trouble::sync_fails
                        : trouble == 2 ? Trouble::write_fails
                                       : Trouble::none;
        const std::string id = fmt::format("{}", i);
        if (append(id)) acknowledged.insert(id);
        if (any(3) == 0) {
            for (const Lease& each : lease()) {
                ASSERT_FALSE(confirmed.contains(each.event.text()));
                if (any(2) == 0) continue;
                maybe_gone.insert(each.event.text());
                if (confirm(each.handle)) confirmed.insert(each.event.text());
            }
        }
        if (any(2) == 0) mend();
    }
    mend();
    clock_.advance(hold);
    std::set<std::string> left;
    for (const Lease& each : lease()) {
        EXPECT_FALSE(confirmed.contains(each.event.text()));
        EXPECT_TRUE(left.insert(each.event.text()).second);
    }
    for (const std::string& id : acknowledged)
        if (!maybe_gone.contains(id)) EXPECT_TRUE(left.contains(id)) << id;
}

}  // namespace
}  // namespace hookreel::store
