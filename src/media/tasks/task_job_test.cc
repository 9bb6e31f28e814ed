#include "media/tasks/task_job.h"

#include <gtest/gtest.h>

#include "media/files/local_library.h"
#include "media/files/rubbish.h"
#include "media/tasks/task_fixture_test.h"

namespace hookreel::media {
namespace {

using fakes::cover;
using fakes::transcode;
using model::Failure;
using model::StepStatus;
using model::TaskStatus;

class TaskJobTest : public fakes::TaskTest {
 protected:
    // As an abort writes it.
    static store::Commit aborting(store::Versioned<model::Task> kept) {
        kept.value.status = TaskStatus::aborted;
        store::Commit commit;
        commit.puts.push_back({std::move(kept.key), to_json_text(kept.value), kept.version});
        return commit;
    }
    void mark_aborted(const model::TaskId& id) {
        store::RecordKey key = task_key(model::default_application, id);
        auto kept = fakes::run(loop_, store::load<model::Task>(store_, std::move(key)));
        store::Commit commit = aborting(std::move(*kept));
        ASSERT_TRUE(fakes::run(loop_, store_.commit(std::move(commit))));
    }
};

TEST_F(TaskJobTest, FinishesATaskWithItsAssetAndOneEvent) {
    const model::Asset asset = add_mp4();
    const model::TaskId id = create(request(asset, {transcode(10), cover()}));
    clock_.advance(Duration(1000));
    work();
    const model::Task task = find(id);
    EXPECT_EQ(task.status, TaskStatus::finish);
    EXPECT_EQ(task.begun, clock_.now());
    EXPECT_EQ(task.finished, clock_.now());
    for (const model::Step& step : task.steps) {
        EXPECT_EQ(step.status, StepStatus::success) << step.message;
        EXPECT_EQ(step.progress, 100);
        EXPECT_EQ(step.message, "SUCCESS");
        EXPECT_EQ(step.finished, clock_.now());
    }
    const model::Asset after = find(asset);
    ASSERT_EQ(after.renditions.size(), 1u);
    EXPECT_EQ(after.renditions.front().definition, 10u);
    EXPECT_EQ(after.cover, std::get<model::CoverWork>(task.steps[1].work).output);
    EXPECT_FALSE(after.cover.empty());
    EXPECT_EQ(after.updated, clock_.now());
    const std::vector<model::Task> events = told();
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(to_json_text(events.front()), to_json_text(task));
    EXPECT_EQ(waiting(), store::QueueCounts{});
    EXPECT_FALSE(live_.find(id));
}

TEST_F(TaskJobTest, TellsOfEachStepWhenAskedTo) {
    TaskRequest made = request(add_mp4(), {transcode(1010), cover()});
    made.notify = model::NotifyMode::change;
    create(std::move(made));
    work();
    const std::vector<model::Task> events = told();
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(events[0].status, TaskStatus::processing);
    EXPECT_EQ(events[0].steps[0].status, StepStatus::processing);  // The cover is made first.
    EXPECT_EQ(events[0].steps[1].status, StepStatus::success);
    EXPECT_EQ(events[1].status, TaskStatus::finish);
    EXPECT_EQ(events[1].steps[0].status, StepStatus::success);
}

TEST_F(TaskJobTest, WaitsAmongTheSlowWorkWhenItsPicturesAreMade) {
    TaskRequest made = request(add_mp4(), {transcode(1010), cover()});
    made.priority = 4;
    const model::TaskId id = create(std::move(made));
    std::vector<store::Lease> leases = lease_tasks();
    ASSERT_EQ(leases.size(), 1u);
    EXPECT_EQ(leases.front().queue, model::task_queue(4, model::JobLength::quick));
    const JobTools with = tools();
    work(with, std::move(leases.front()));
    EXPECT_EQ(find(id).status, TaskStatus::processing);
    EXPECT_EQ(find(id).steps[1].status, StepStatus::success);
    EXPECT_TRUE(told().empty());
    EXPECT_EQ(waiting().waiting, 1u);
    EXPECT_EQ(waiting().leased, 0u);

    leases = lease_tasks();
    ASSERT_EQ(leases.size(), 1u);
    EXPECT_EQ(leases.front().queue, model::task_queue(4, model::JobLength::slow));
    work(with, std::move(leases.front()));
    EXPECT_EQ(find(id).status, TaskStatus::finish);
    EXPECT_EQ(told().size(), 1u);
    EXPECT_EQ(waiting(), store::QueueCounts{});
}

TEST_F(TaskJobTest, WaitsForServicesWhenAllElseIsDone) {
    model::ServiceWork part;
    part.service = "analyze_content";
    const model::TaskId id = create(request(add_mp4(), {part, transcode(1010), cover()}));
    std::vector<store::Lease> leases = lease_tasks();
    ASSERT_EQ(leases.size(), 1u);
    EXPECT_EQ(leases.front().queue, model::task_queue(0, model::JobLength::quick));
    work(tools(), std::move(leases.front()));
    leases = lease_tasks();
    ASSERT_EQ(leases.size(), 1u);
    EXPECT_EQ(leases.front().queue, model::task_queue(0, model::JobLength::slow));
    work(tools(), std::move(leases.front()));
    EXPECT_TRUE(lease_tasks().empty());
    const auto outside =
        fakes::run(loop_, store_.lease(model::task_queue(0, model::JobLength::outside), {}));
    ASSERT_EQ(outside->size(), 1u);
    EXPECT_EQ(from_json_text<TaskTicket>(*outside->front().body)->task, id);
    const model::Task task = find(id);
    EXPECT_EQ(task.status, TaskStatus::processing);
    EXPECT_EQ(task.steps[0].status, StepStatus::processing);
    EXPECT_EQ(task.steps[1].status, StepStatus::success);
    EXPECT_EQ(task.steps[2].status, StepStatus::success);
    EXPECT_TRUE(told().empty());
    EXPECT_FALSE(live_.find(id));
}

TEST_F(TaskJobTest, TellsNothingWhenAskedNotTo) {
    TaskRequest made = request(add_mp4(), {cover()});
    made.notify = model::NotifyMode::none;
    const model::TaskId id = create(std::move(made));
    work();
    EXPECT_EQ(find(id).status, TaskStatus::finish);
    EXPECT_TRUE(told().empty());
}

TEST_F(TaskJobTest, FinishesATaskWhoseStepsFail) {
    model::Asset text = add_bytes("mp4", "no video");
    put(text);
    const model::TaskId id = create(request(text, {transcode(10), transcode(4711), cover()}));
    work();
    const model::Task task = find(id);
    EXPECT_EQ(task.status, TaskStatus::finish);
    EXPECT_EQ(task.steps[0].failure, Failure::content_malformed);
    EXPECT_EQ(task.steps[1].failure, Failure::definition_not_exist);
    EXPECT_EQ(task.steps[2].failure, Failure::content_malformed);
    EXPECT_EQ(task.steps[0].status, StepStatus::fail);
    EXPECT_EQ(told().size(), 1u);
    EXPECT_TRUE(find(text).renditions.empty());
}

TEST_F(TaskJobTest, FailsTheStepsOfAFileThatIsGone) {
    const model::Asset asset = add_mp4();
    const model::TaskId id = create(request(asset, {transcode(10)}));
    store::Commit commit;
    commit.removes.push_back(asset_key(asset.application, asset.id));
    ASSERT_TRUE(fakes::run(loop_, store_.commit(std::move(commit))));
    work();
    EXPECT_EQ(find(id).steps.front().failure, Failure::source_file_error);
    EXPECT_EQ(told().size(), 1u);
}

TEST_F(TaskJobTest, FailsTheStepOfAFileThatGoesWhileItRuns) {
    const model::Asset asset = add_mp4();
    const model::TaskId id = create(request(asset, {transcode(1010)}));
    const std::string folder = library_folder(asset.application, asset.id);
    hooked_.before = [this, asset, folder]() -> Task<void> {
        store::Commit commit;
        commit.removes.push_back(asset_key(asset.application, asset.id));
        commit.puts.push_back(rubbish(folder, clock_.now() + std::chrono::hours(24)));
        (void)co_await store_.commit(std::move(commit));
    };
    work();
    EXPECT_FALSE(std::filesystem::exists(path_of(folder)));  // With what the step put there.
    const model::Step step = find(id).steps.front();
    EXPECT_EQ(step.status, StepStatus::fail);
    EXPECT_EQ(step.failure, Failure::source_file_error);
    EXPECT_FALSE(std::get<model::TranscodeWork>(step.work).output);
    EXPECT_EQ(told().size(), 1u);
    EXPECT_EQ(waiting(), store::QueueCounts{});
}

TEST_F(TaskJobTest, ReplacesTheRenditionOfTheSameTemplate) {
    const model::Asset asset = add_mp4();
    for (int round = 0; round < 2; ++round) {
        create(request(asset, {transcode(1010), transcode(1100)}));
        work();
    }
    EXPECT_EQ(find(asset).renditions.size(), 2u);
}

TEST_F(TaskJobTest, CommitsNothingAfterItsLeaseRanOut) {
    const model::Asset asset = add_mp4();
    const model::TaskId id = create(request(asset, {transcode(1010)}));
    std::vector<store::Lease> first = lease_tasks();
    ASSERT_EQ(first.size(), 1u);
    // While the first worker is busy its lease runs out, as if it had stood still.
    hooked_.before = [this]() -> Task<void> {
        clock_.advance(Duration(61'000));
        co_return;
    };
    const JobTools with = tools();
    work(with, std::move(first.front()));
    EXPECT_EQ(find(id).status, TaskStatus::waiting);
    EXPECT_TRUE(told().empty());

    std::vector<store::Lease> second = lease_tasks();
    ASSERT_EQ(second.size(), 1u);
    EXPECT_EQ(second.front().attempt, 2);
    work(with, std::move(second.front()));
    EXPECT_EQ(find(id).status, TaskStatus::finish);
    EXPECT_EQ(told().size(), 1u);
    EXPECT_EQ(find(asset).renditions.size(), 1u);
}

TEST_F(TaskJobTest, StopsItsStepWhenItsLeaseIsLost) {
    const model::TaskId id = create(request(add_mp4(), {transcode(1010)}));
    WorkerOptions eager;
    eager.renew_every = Duration(1);
    bool was_stopped = false;
    hooked_.before = [this, &was_stopped]() -> Task<void> {
        clock_.advance(Duration(61'000));
        Timer for_ever(loop_.get_executor(), std::chrono::steady_clock::time_point::max());
        co_await for_ever.async_wait(use_result);
        was_stopped = true;
    };
    const JobTools with = tools(eager);
    work(with, std::move(lease_tasks().front()));
    EXPECT_TRUE(was_stopped);
    EXPECT_EQ(find(id).status, TaskStatus::waiting);
    EXPECT_TRUE(told().empty());
    EXPECT_TRUE(work_is_clean());
}

TEST_F(TaskJobTest, LeavesTheTaskToTheWorkerThatOvertookIt) {
    const model::Asset asset = add_mp4();
    create(request(asset, {transcode(1010)}));
    std::vector<store::Lease> first = lease_tasks();
    ASSERT_EQ(first.size(), 1u);
    const JobTools with = tools();
    // The second worker does all of it while the first one is between ffmpeg and its commit.
    std::unique_ptr<TaskJob> second;
    hooked_.before = [this, &with, &second]() -> Task<void> {
        clock_.advance(Duration(61'000));
        const store::LeaseOptions options{.count_max = 1, .hold = Duration(60'000)};
        auto leases = co_await store_.lease(model::task_queue(), options);
        second = std::make_unique<TaskJob>(with, std::move(leases->front()));
        co_await second->run();
    };
    work(with, std::move(first.front()));
    EXPECT_TRUE(second);
    EXPECT_EQ(told().size(), 1u);
    EXPECT_EQ(waiting(), store::QueueCounts{});
}

TEST_F(TaskJobTest, DropsWhatWasAbortedBeforeItBegan) {
    const model::TaskId id = create(request(add_mp4(), {transcode(1010)}));
    mark_aborted(id);
    work();
    EXPECT_EQ(find(id).status, TaskStatus::aborted);
    EXPECT_EQ(find(id).steps.front().progress, 0);
    EXPECT_EQ(waiting(), store::QueueCounts{});
    EXPECT_TRUE(told().empty());
}

TEST_F(TaskJobTest, CommitsNothingOfWhatWasAbortedAsItBegan) {
    const model::Asset asset = add_mp4();
    const model::TaskId id = create(request(asset, {transcode(1010)}));
    hooked_.before = [this, id]() -> Task<void> {
        store::RecordKey key = task_key(model::default_application, id);
        Result<store::Versioned<model::Task>> kept =
            co_await store::load<model::Task>(store_, std::move(key));
        store::Commit commit = aborting(std::move(*kept));
        (void)co_await store_.commit(std::move(commit));
    };
    work();
    EXPECT_EQ(find(id).status, TaskStatus::aborted);
    EXPECT_TRUE(find(asset).renditions.empty());
    clock_.advance(Duration(61'000));
    work();
    EXPECT_EQ(waiting(), store::QueueCounts{});
    EXPECT_TRUE(told().empty());
}

TEST_F(TaskJobTest, KeepsWhatSomebodyElseWroteIntoTheAsset) {
    const model::Asset asset = add_mp4();
    const model::TaskId id = create(request(asset, {transcode(1010)}));
    hooked_.before = [this, asset]() -> Task<void> {
        model::Asset renamed = asset;
        renamed.name = "renamed meanwhile";
        store::Commit commit;
        commit.puts.push_back({asset_key(asset.application, asset.id), to_json_text(renamed), {}});
        co_await store_.commit(std::move(commit));
    };
    work();
    EXPECT_EQ(find(id).status, TaskStatus::finish);
    EXPECT_EQ(find(asset).name, "renamed meanwhile");
    EXPECT_EQ(find(asset).renditions.size(), 1u);
    EXPECT_EQ(told().size(), 1u);
}

TEST_F(TaskJobTest, WorksByATemplateOfTheApplicationsOwn) {
    templates_.made->transcodes.push_back(
        {.definition = 1'000'007,
         .name = "wav",
         .container = "wav",
         .video = {},
         .audio = model::AudioTemplate{.codec = model::AudioCodec::pcm16}});
    const model::Asset asset = add_mp4();
    const model::TaskId id = create(request(asset, {transcode(1'000'007), transcode(1'000'008)}));
    work();
    const model::Task done = find(id);
    EXPECT_EQ(done.steps.at(0).status, model::StepStatus::success);
    EXPECT_EQ(done.steps.at(1).failure, model::Failure::definition_not_exist);
    ASSERT_EQ(find(asset).renditions.size(), 1u);
    EXPECT_EQ(find(asset).renditions.front().definition, 1'000'007u);
    EXPECT_EQ(find(asset).renditions.front().metadata.container, "wav");
}

TEST_F(TaskJobTest, LeavesATaskWhoseTemplatesCannotBeReadNowToTheNextWorker) {
    templates_.made = fail(Code::unavailable, "no disk");
    const model::TaskId id = create(request(add_mp4(), {transcode(1'000'007)}));
    work();
    EXPECT_EQ(find(id).status, TaskStatus::waiting);
    EXPECT_EQ(waiting().waiting, 1u);
}

TEST_F(TaskJobTest, DoesNotRepeatTheStepsThatWereDoneBeforeACrash) {
    const model::Asset asset = add_mp4();
    TaskRequest made = request(asset, {cover(), transcode(1010)});
    made.notify = model::NotifyMode::change;
    const model::TaskId id = create(std::move(made));
    // The worker stands still in its second step, for ever.
    const JobTools with = tools();
    work(with, std::move(lease_tasks().front()));
    std::vector<store::Lease> second = lease_tasks();
    hooked_.before = [this]() -> Task<void> {
        clock_.advance(Duration(61'000));
        co_return;
    };
    work(with, std::move(second.front()));
    EXPECT_EQ(find(id).steps[0].status, StepStatus::success);
    EXPECT_EQ(find(id).steps[1].status, StepStatus::processing);
    std::filesystem::remove(path_of(find(asset).cover));
    work();
    EXPECT_EQ(find(id).status, TaskStatus::finish);
    EXPECT_FALSE(std::filesystem::exists(path_of(find(asset).cover)));
    EXPECT_EQ(told().size(), 2u);
}

TEST_F(TaskJobTest, WaitsForTheProgramThatIsMissing) {
    StepOptions missing = options();
    missing.ffmpeg = "/usr/bin/no-such-ffmpeg";
    StepRunner steps(StepTools{sandbox_, prober_, files_, log_, missing});
    const model::TaskId id = create(request(add_mp4(), {transcode(10)}));
    const JobTools with = tools(steps);
    work(with, std::move(lease_tasks().front()));
    EXPECT_EQ(find(id).status, TaskStatus::waiting);
    EXPECT_EQ(waiting().waiting, 1u);
    EXPECT_TRUE(lease_tasks().empty());
    clock_.advance(WorkerOptions{}.retry_delay);
    EXPECT_EQ(lease_tasks().size(), 1u);
    EXPECT_TRUE(told().empty());
}

TEST_F(TaskJobTest, GivesUpATaskThatBroughtDownItsWorkersTooOften) {
    const model::TaskId id = create(request(add_mp4(), {transcode(10)}));
    WorkerOptions few;
    few.attempts_max = 2;
    for (int attempt = 0; attempt < 2; ++attempt) {
        ASSERT_EQ(lease_tasks().size(), 1u);
        clock_.advance(Duration(61'000));
    }
    const JobTools with = tools(few);
    work(with, std::move(lease_tasks().front()));
    const model::Task task = find(id);
    EXPECT_EQ(task.status, TaskStatus::finish);
    EXPECT_EQ(task.steps.front().failure, Failure::internal_error);
    EXPECT_EQ(told().size(), 1u);
}

TEST_F(TaskJobTest, DropsATicketThatNamesNothing) {
    for (const std::string_view body :
         {"not JSON", R"({"application": 1500000001, "task": "no such task"})"}) {
        store::NewEvent event;
        event.id = model::EventId(random_hex(16));
        event.time = clock_.now();
        event.entries.push_back(
            {model::task_queue(), std::make_shared<const std::string>(body), {}});
        store::Commit commit;
        commit.events.push_back(std::move(event));
        ASSERT_TRUE(fakes::run(loop_, store_.commit(std::move(commit))));
        log_ = Log(Level::error, -1);
        work();
        EXPECT_EQ(waiting(), store::QueueCounts{});
    }
}

class TaskQuotaTest : public TaskJobTest {
 protected:
    TaskQuotaTest() { catalog_.finish_loading(); }

    std::uint64_t stored() { return catalog_.stored_bytes(model::default_application); }
    // Whether another file could have so much.
    bool has_room(std::uint64_t bytes) {
        const model::FileId other("other");
        const bool fits = bool(catalog_.quota().claim({model::default_application, other, bytes}));
        catalog_.quota().release(model::default_application, other);
        return fits;
    }
    std::uintmax_t files_bytes(const model::Asset& asset) {
        std::uintmax_t bytes = 0;
        const std::filesystem::path original = path_of(asset.path);
        for (const auto& file :
             std::filesystem::recursive_directory_iterator(original.parent_path()))
            if (file.is_regular_file() && file.path() != original) bytes += file.file_size();
        return bytes;
    }
    static model::AnimationWork animation() {
        model::AnimationWork work;
        work.definition = 20001;
        return work;
    }
    static model::AdaptiveWork adaptive() {
        model::AdaptiveWork work;
        work.definition = 10;
        return work;
    }
};

TEST_F(TaskQuotaTest, CountsWhatIsMadeAtOnceAndOnceOnly) {
    catalog_.quota().limit(10'000'000);
    const model::Asset asset = add_mp4();
    for (int round = 0; round < 2; ++round) {
        create(request(asset, {transcode(1010), transcode(210), animation(), adaptive()}));
        work();
        EXPECT_EQ(stored(), files_bytes(asset));
        EXPECT_TRUE(has_room(10'000'000 - stored()));
        EXPECT_FALSE(has_room(10'000'001 - stored()));
    }
}

TEST_F(TaskQuotaTest, RefusesStepsThatWouldGoOverItAndLeavesNoFiles) {
    model::Asset asset = add_mp4();
    asset.size_bytes = 1'000'000;
    put(asset);
    catalog_.quota().limit(1'000'100);
    const model::TaskId id =
        create(request(asset, {transcode(1010), transcode(210), animation(), adaptive()}));
    work();
    for (const model::Step& step : find(id).steps) {
        EXPECT_EQ(step.failure, Failure::result_file_size_too_large);
        EXPECT_TRUE(step.message.contains("quota: ")) << step.message;
    }
    EXPECT_EQ(files_bytes(asset), 0u);
    EXPECT_TRUE(work_is_clean());
    EXPECT_TRUE(has_room(100));
    EXPECT_EQ(told().size(), 1u);
}

TEST_F(TaskQuotaTest, MakesPicturesAlsoWhenItIsUsedUp) {
    model::Asset asset = add_mp4();
    asset.size_bytes = 100;
    put(asset);
    catalog_.quota().limit(100);
    const model::TaskId id = create(request(asset, {cover(), transcode(1010)}));
    work();
    EXPECT_EQ(find(id).steps[0].failure, Failure::none);
    EXPECT_EQ(find(id).steps[1].failure, Failure::result_file_size_too_large);
    EXPECT_EQ(find(id).steps[1].progress, 100);
}

TEST_F(TaskQuotaTest, HasRoomForWhatTakesThePlaceOfItsEqual) {
    catalog_.quota().limit(10'000'000);
    const model::Asset asset = add_mp4();
    create(request(asset, {transcode(1010)}));
    work();
    catalog_.quota().limit(stored() + 1);
    const model::TaskId id = create(request(find(asset), {transcode(1010), transcode(1100)}));
    work();
    EXPECT_EQ(find(id).steps[0].failure, Failure::none) << find(id).steps[0].message;
    EXPECT_EQ(find(id).steps[1].failure, Failure::result_file_size_too_large);
    EXPECT_TRUE(has_room(1));
}

TEST_F(TaskQuotaTest, GivesItsRoomBackWhenItsLeaseIsLost) {
    catalog_.quota().limit(1'000'000);
    const model::Asset asset = add_mp4();
    create(request(asset, {transcode(1010)}));
    hooked_.before = [this]() -> Task<void> {
        clock_.advance(Duration(61'000));
        co_return;
    };
    work();
    EXPECT_TRUE(find(asset).renditions.empty());
    EXPECT_TRUE(has_room(1'000'000));
}

TEST_F(TaskQuotaTest, WaitsUntilTheFilesAreCounted) {
    Catalog counting(Duration(0));
    counting.quota().limit(100);
    JobTools with{store_, announcer_, clock_, hooked_steps_, templates_, counting, live_, log_, {}};
    const model::TaskId id = create(request(add_mp4(), {transcode(1010)}));
    work(with, std::move(lease_tasks().front()));
    EXPECT_EQ(find(id).status, TaskStatus::waiting);
    EXPECT_EQ(waiting().waiting, 1u);
}

TEST_F(TaskJobTest, TakesThePlaceOfAllThatEarlierTasksMadeByTheTemplate) {
    const model::Asset asset = add_mp4();
    model::TranscodeWork second = transcode(1010);
    second.start_offset = 1;
    const auto snapshots = [](std::vector<double> times) {
        model::SnapshotWork work;
        work.definition = 10;
        work.offsets_ms = std::move(times);
        return work;
    };
    create(request(asset, {transcode(1010), second, transcode(1100), snapshots({0, 500, 1000}),
                           snapshots({1500}), cover()}));
    work();
    const model::Asset before = find(asset);
    ASSERT_EQ(before.renditions.size(), 3u);
    ASSERT_EQ(before.snapshots.size(), 2u);

    create(request(asset, {snapshots({0}), transcode(1010)}));
    work();
    const model::Asset after = find(asset);
    ASSERT_EQ(after.renditions.size(), 2u);
    EXPECT_EQ(after.renditions[0].path, before.renditions[0].path);
    EXPECT_EQ(after.renditions[1].definition, 1100u);
    ASSERT_EQ(after.snapshots.size(), 1u);
    EXPECT_EQ(after.cover, before.cover);
    // Of what is not listed any more the bytes are gone too, and nothing else is.
    EXPECT_EQ(files_beyond(before, after).size(), 4u);
    for (const std::string& path : files_of(before))
        EXPECT_EQ(std::filesystem::exists(path_of(path)), files_of(after).contains(path)) << path;
    EXPECT_TRUE(fakes::run(loop_, store_.list(store::Kind::rubbish, {}))->empty());

    // A longer task brings the names back.
    create(request(asset, {transcode(1010), second}));
    work();
    for (const std::string& path : files_of(find(asset)))
        EXPECT_TRUE(std::filesystem::exists(path_of(path))) << path;
    EXPECT_EQ(find(asset).renditions.size(), 3u);
}

TEST_F(TaskJobTest, TakesWhatItMadeOffTheRecordOfRubbish) {
    const model::Asset asset = add_mp4();
    store::Commit commit;
    const std::string path = std::filesystem::path(asset.path).parent_path() / "v.f1010.mp3";
    commit.puts.push_back(rubbish(path, clock_.now()));
    ASSERT_TRUE(fakes::run(loop_, store_.commit(std::move(commit))));
    create(request(asset, {transcode(1010)}));
    work();
    EXPECT_TRUE(std::filesystem::exists(path_of(path)));
    EXPECT_TRUE(fakes::run(loop_, store_.list(store::Kind::rubbish, {}))->empty());
}

TEST(WorkOrder, PutsPicturesBeforeWhatEncodesAll) {
    model::Task task;
    task.steps.resize(5);
    task.steps[0].work = transcode(10);
    task.steps[1].work = cover();
    task.steps[2].work = transcode(20);
    task.steps[3].work = model::SampleWork{};
    task.steps[4].work = model::AdaptiveWork{};
    EXPECT_EQ(work_order(task), (std::vector<std::size_t>{1, 3, 0, 2, 4}));
}

}  // namespace
}  // namespace hookreel::media
