#include "media/drawings/local_drawings.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "media/files/upload_fakes.h"
#include "model/application.h"
#include "store/memory/memory_store.h"

namespace hookreel::media {
namespace {

const model::ApplicationId app = model::default_application;

class DrawingsTest : public testing::Test {
 protected:
    template <class T>
    T run(Task<T> task) {
        return fakes::run(loop_, std::move(task));
    }
    static Drawing drawing(std::string_view content) {
        return drawing_of(app, fmt::format("<svg>{}</svg>", content));
    }
    // Its path.
    std::string keep(std::string_view content) {
        const Drawing kept = drawing(content);
        const Result<void> done = run(drawings_.keep(kept));
        EXPECT_TRUE(done) << done.error().detail;
        return kept.path;
    }
    bool is_there(const std::string& path) const {
        return std::filesystem::exists(folder_.path() + "/" + path);
    }
    static model::Work work(const std::string& path) {
        model::TranscodeWork work;
        work.definition = 10;
        work.watermarks.push_back({.definition = 1'000'001, .drawing = path});
        return work;
    }
    void put(std::string_view id, std::string text) {
        store::Commit commit;
        store::RecordKey key{store::Kind::task, fmt::format("{}/{}", app.value(), id)};
        commit.puts.push_back({std::move(key), std::move(text), {}});
        EXPECT_TRUE(run(store_.commit(std::move(commit))));
    }
    void put_task(const std::string& path, std::string_view id = "1") {
        model::Task task;
        task.steps.emplace_back().work = work(path);
        put(id, to_json_text(task));
    }
    void end_task(const std::string& path, std::string_view id) {
        model::Task task;
        task.status = model::TaskStatus::finish;
        task.steps.emplace_back().work = work(path);
        put(id, to_json_text(task));
    }
    // As the hours do it.
    void sweep(int times = 1) {
        for (int i = 0; i < times; ++i) {
            EXPECT_TRUE(run(drawings_.sweep()));
            clock_.advance(std::chrono::hours(1));
        }
    }

    Loop loop_;
    ManualClock clock_{parse_time("2026-03-02T08:00:00Z").value()};
    Log log_{Level::error};
    store::MemoryStore store_{clock_};
    LocalProcedures procedures_{store_, clock_};
    fakes::TemporaryFolder folder_;
    FileThreads files_{1};
    LocalDrawings drawings_{{store_, clock_, files_, procedures_, log_}, folder_.path()};
};

TEST_F(DrawingsTest, LieWherePlayersDoNotGetThemAndOnceEach) {
    const std::string one = keep("1");
    EXPECT_EQ(one, keep("1"));
    EXPECT_NE(one, keep("2"));
    EXPECT_NE(one, drawing_of(model::ApplicationId(7), "<svg>1</svg>").path);
    EXPECT_TRUE(one.starts_with(".drawings/1500000001/")) << one;
    EXPECT_TRUE(one.ends_with(".svg"));
    EXPECT_EQ(fakes::read_file(folder_.path() + "/" + one), "<svg>1</svg>");
    EXPECT_EQ(folder_.file_count(), 2u);
}

TEST_F(DrawingsTest, ThatAreNoneAreRefusedAndLeaveNothing) {
    EXPECT_EQ(run(drawings_.keep(drawing_of(app, "<html/>"))).error().code, Code::invalid);
    EXPECT_EQ(folder_.file_count(), 0u);
}

TEST_F(DrawingsTest, StayAsLongAsATaskNamesThemThatIsNotOver) {
    const std::string path = keep("1");
    put_task(path, "1");
    put_task(path, "2");
    sweep(3);
    end_task(path, "1");
    sweep(3);
    EXPECT_TRUE(is_there(path));
    end_task(path, "2");
    sweep();
    EXPECT_TRUE(is_there(path));
    sweep();
    EXPECT_FALSE(is_there(path));
}

TEST_F(DrawingsTest, StayAsLongAsAProcedureNamesThem) {
    const std::string path = keep("1");
    model::Procedure procedure;
    procedure.name = "marked";
    procedure.works = {work(path)};
    ASSERT_TRUE(run(procedures_.create(app, procedure)));
    sweep(3);
    EXPECT_TRUE(run(drawings_.recover()));
    EXPECT_TRUE(is_there(path));
    ASSERT_TRUE(run(procedures_.remove(app, "marked")));
    // Of whoever has just read the procedure the task is still to come.
    sweep();
    put_task(path);
    sweep(3);
    EXPECT_TRUE(is_there(path));
}

// A sweep between the text and the commit that names it, at the worst moment: what was not named
// for long comes again.
TEST_F(DrawingsTest, ThatAreAskedForAgainStayForAnHour) {
    const std::string path = keep("1");
    sweep();
    EXPECT_EQ(keep("1"), path);
    sweep();
    EXPECT_TRUE(is_there(path));
    put_task(path);
    sweep(2);
    EXPECT_TRUE(is_there(path));
}

TEST_F(DrawingsTest, ThatACrashLeftAreRemovedAtTheStart) {
    const std::string named = keep("1");
    put_task(named);
    const std::string orphan = keep("2");
    // Of a server that died while it wrote.
    const std::string torn = orphan + ".0123456789abcdef";
    std::ofstream(folder_.path() + "/" + torn) << "<sv";
    EXPECT_TRUE(run(drawings_.recover()));
    EXPECT_TRUE(is_there(named));
    EXPECT_FALSE(is_there(orphan));
    EXPECT_FALSE(is_there(torn));
    EXPECT_EQ(keep("2"), orphan);
    EXPECT_TRUE(is_there(orphan));
    fakes::TemporaryFolder empty;
    LocalDrawings none({store_, clock_, files_, procedures_, log_}, empty.path());
    EXPECT_TRUE(run(none.recover()));
}

// Files that only say they are large take the place of a GiB of drawings.
TEST_F(DrawingsTest, OfAnApplicationAreBounded) {
    const std::string large = folder_.path() + "/" + keep("1");
    std::filesystem::resize_file(large, drawings_bytes_max - 20);
    ASSERT_TRUE(run(drawings_.sweep()));
    EXPECT_EQ(run(drawings_.keep(drawing("0123456789"))).error().code, Code::too_large);
    EXPECT_TRUE(run(drawings_.keep(drawing(""))));
    clock_.advance(std::chrono::seconds(59));
    EXPECT_EQ(run(drawings_.keep(drawing("0123456789"))).error().code, Code::too_large);
    EXPECT_TRUE(std::filesystem::exists(large));
    EXPECT_TRUE(run(drawings_.keep(drawing_of(model::ApplicationId(7), "<svg>0123456789</svg>"))));
    clock_.advance(std::chrono::seconds(1));
    keep("0123456789");
    EXPECT_FALSE(std::filesystem::exists(large));
}

TEST_F(DrawingsTest, ThatATaskNamesStayAlsoWhenThereIsNoRoom) {
    const std::string path = keep("1");
    put_task(path);
    std::filesystem::resize_file(folder_.path() + "/" + path, drawings_bytes_max - 20);
    sweep();
    for (int tries = 0; tries < 3; ++tries) {
        EXPECT_EQ(run(drawings_.keep(drawing("0123456789"))).error().code, Code::too_large);
        clock_.advance(std::chrono::minutes(2));
    }
    EXPECT_TRUE(is_there(path));
}

TEST_F(DrawingsTest, OfATaskThatCannotBeReadAreNobodys) {
    const std::string path = keep("1");
    put("broken", "no JSON");
    EXPECT_TRUE(run(drawings_.recover()));
    EXPECT_FALSE(is_there(path));
}

}  // namespace
}  // namespace hookreel::media
