// Tasks whose steps need other files of the library, or make some.
#include <gtest/gtest.h>

#include "media/files/local_library.h"
#include "media/tasks/task_fixture_test.h"
#include "media/tasks/task_job.h"

namespace hookreel::media {
namespace {

using fakes::cover;
using fakes::transcode;
using model::Failure;
using model::StepStatus;

class OwnFilesTest : public fakes::TaskTest {};

TEST_F(OwnFilesTest, ShowsHeadsThatAreThereNow) {
    const model::Asset film = add_mp4();
    const model::Asset head = add_mp4();
    model::HeadTailTemplate made{.definition = 1'000'001};
    made.heads = {model::FileId("4711"), head.id};  // The first was deleted.
    templates_.made = model::OwnTemplates{};
    templates_.made->heads_tails.push_back(made);
    model::TranscodeWork work_wanted = transcode(10);
    work_wanted.heads_tails = {1'000'001};
    const model::TaskId id = create(request(film, {work_wanted}));
    work();
    const model::Task task = find(id);
    ASSERT_EQ(task.steps[0].failure, Failure::none) << task.steps[0].message;
    EXPECT_NEAR(find(film).renditions.at(0).metadata.duration, 4, 0.1);
}

TEST_F(OwnFilesTest, MakesFilesOfTheirOwnWhenAskedTo) {
    const model::Asset film = add_mp4();
    TaskRequest wanted = request(film, {transcode(10), transcode(4711), cover()});
    wanted.makes = TaskRequest::Makes::files;
    const model::TaskId id = create(std::move(wanted));
    work();
    const model::Task task = find(id);
    const auto& made = std::get<model::TranscodeWork>(task.steps[0].work);
    ASSERT_EQ(task.steps[0].status, StepStatus::success) << task.steps[0].message;
    EXPECT_TRUE(find(film).renditions.empty());
    EXPECT_FALSE(find(film).cover.empty());
    model::Asset own;
    own.application = film.application;
    own.id = made.becomes;
    own = find(own);
    EXPECT_EQ(own.path, made.output->path);
    EXPECT_TRUE(std::filesystem::exists(path_of(own.path)));
    EXPECT_EQ(own.source, model::AssetSource::processing);
    EXPECT_EQ(catalog_.size(), 2u);
    EXPECT_EQ(told().size(), 1u);
    // What failed is no file.
    const auto& failed = std::get<model::TranscodeWork>(task.steps[1].work);
    EXPECT_EQ(task.steps[1].failure, Failure::definition_not_exist);
    const store::RecordKey none = asset_key(film.application, failed.becomes);
    EXPECT_FALSE(fakes::run(loop_, store_.get(none)));
}

TEST_F(OwnFilesTest, LeavesNothingOfAFileOfItsOwnWhoseSourceWent) {
    const model::Asset film = add_mp4();
    TaskRequest wanted = request(film, {transcode(10)});
    wanted.makes = TaskRequest::Makes::files;
    const model::TaskId id = create(std::move(wanted));
    hooked_.before = [&]() -> Task<void> {
        store::Commit commit;
        commit.removes.push_back(asset_key(film.application, film.id));
        EXPECT_TRUE(co_await store_.commit(std::move(commit)));
    };
    work();
    const model::Task task = find(id);
    EXPECT_EQ(task.steps[0].failure, Failure::source_file_error);
    const auto& made = std::get<model::TranscodeWork>(task.steps[0].work);
    EXPECT_FALSE(std::filesystem::exists(path_of(library_folder(film.application, made.becomes))));
}

}  // namespace
}  // namespace hookreel::media
