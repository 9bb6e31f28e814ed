#include "media/editing/edit_job.h"

#include <gtest/gtest.h>

#include "media/editing/edit_fixture_test.h"
#include "media/files/local_library.h"

namespace hookreel::media {
namespace {

using fakes::expect_frame;
using fakes::expect_frames;
using fakes::NumberedClip;
using model::Failure;
using model::TaskStatus;

class EditJobTest : public fakes::EditTest {};

TEST_F(EditJobTest, CutsAPartExactlyToTheFrame) {
    const NumberedClip clip;
    const model::Asset source = add(clip);
    const model::Asset asset = made(done(cut_of({{source.id, 0.6, 1.4}})));
    const std::vector<int> frames = shades(asset.path);
    ASSERT_EQ(frames.size(), 20u);
    expect_frames(frames, 0, clip, 15, 20);
    ASSERT_TRUE(asset.metadata);
    EXPECT_NEAR(asset.metadata->duration, 0.8, 0.03);
    EXPECT_EQ(asset.metadata->width, 160);
    EXPECT_EQ(asset.metadata->video.front().fps, 25);
    EXPECT_EQ(asset.metadata->audio.size(), 1u);
    EXPECT_EQ(asset.source, model::AssetSource::processing);
    EXPECT_EQ(asset.type, "mp4");
    EXPECT_EQ(asset.name, "cut");
    EXPECT_EQ(asset.size_bytes, asset.metadata->size_bytes);
    EXPECT_EQ(asset.md5.size(), 32u);
}

TEST_F(EditJobTest, JoinsPiecesWithoutAFrameMoreOrLess) {
    const NumberedClip clip;
    const model::Asset source = add(clip);
    const model::Asset asset =
        made(done(cut_of({{source.id, 1.0, 1.4}, {source.id, 0, 0}, {source.id, -0.4, 0}})));
    const std::vector<int> frames = shades(asset.path);
    ASSERT_EQ(frames.size(), 10u + 50u + 10u);
    expect_frames(frames, 0, clip, 25, 10);
    expect_frames(frames, 10, clip, 0, 50);
    expect_frames(frames, 60, clip, 40, 10);
    EXPECT_NEAR(asset.metadata->video_duration, 2.8, 0.001);
    EXPECT_NEAR(asset.metadata->audio_duration, 2.8, 0.04);
}

TEST_F(EditJobTest, JoinsSourcesOfDifferentSizeRateAndSound) {
    const NumberedClip large{.size = "160x120"};
    const NumberedClip fast{
        .frames = 50, .rate = "50", .size = "64x64", .tone = NumberedClip::Tone::none};
    const model::Asset first = add(large);
    const model::Asset second = add(fast, "mkv");
    const model::Asset asset = made(done(cut_of({{first.id, 0, 0.4}, {second.id, 0.2, 0.6}})));
    EXPECT_EQ(asset.metadata->width, 160);
    EXPECT_EQ(asset.metadata->height, 120);
    const std::vector<int> frames = shades(asset.path);
    ASSERT_EQ(frames.size(), 20u);
    expect_frames(frames, 0, large, 0, 10);
    // Every other frame of the faster one.
    for (int i = 0; i < 10; ++i)
        EXPECT_NEAR(frames[10 + static_cast<std::size_t>(i)], 20 + 4 * (10 + 2 * i), 5) << i;
    // A square fits into the middle; beside it there is nothing.
    EXPECT_LT(shades(asset.path, 0.02, 0.5)[15], 20);
    EXPECT_GT(loudness(asset.path, 0.1, 0.3), 1000);
    EXPECT_LT(loudness(asset.path, 0.5, 0.8), 50);
}

TEST_F(EditJobTest, FollowsTheBitrateWhenAskedTo) {
    const model::Asset large = add({.size = "320x240", .tone = NumberedClip::Tone::none});
    model::Asset busy =
        add_original("mp4", {"-f", "lavfi", "-i", "testsrc2=size=160x90:rate=30:duration=1", "-c:v",
                             "libx264", "-preset", "ultrafast", "-qp", "1"});
    put(busy);
    ASSERT_GT(busy.metadata->video[0].bitrate, large.metadata->video[0].bitrate);
    model::EditRequest request = cut_of({{large.id, 0, 0.4}, {busy.id, 0, 0.4}});
    std::get<model::Cut>(request.work).definition = 20;
    const model::Asset asset = made(done(std::move(request)));
    EXPECT_EQ(asset.metadata->width, 160);
    EXPECT_EQ(asset.metadata->height, 90);
    EXPECT_EQ(asset.metadata->video.front().fps, 30);
    EXPECT_TRUE(asset.metadata->audio.empty());
}

TEST_F(EditJobTest, KeepsTheExactRateOfNtsc) {
    const NumberedClip clip{.frames = 45, .rate = "30000/1001"};
    const model::Asset source = add(clip);
    const model::Asset asset = made(done(cut_of({{source.id, 0, 0}, {source.id, 0, 0}})));
    const std::vector<int> frames = shades(asset.path);
    ASSERT_EQ(frames.size(), 90u);
    expect_frames(frames, 0, clip, 0, 45);
    expect_frames(frames, 45, clip, 0, 45);
    EXPECT_NEAR(asset.metadata->video_duration, 90 * 1001.0 / 30000, 0.002);
}

// In these the sound often begins before the picture, so a time of the file is none of a frame.
TEST_F(EditJobTest, CutsContainersWithoutAnIndexExactlyToo) {
    const NumberedClip clip{.tone = NumberedClip::Tone::none};
    for (const std::string type : {"ts", "flv", "avi", "mkv"}) {
        const model::Asset source = add(clip, type);
        const model::Asset asset = made(done(cut_of({{source.id, 1.0, 1.4}})));
        const std::vector<int> frames = shades(asset.path);
        ASSERT_EQ(frames.size(), 10u) << type;
        expect_frames(frames, 0, clip, 25, 10);
    }
}

TEST_F(EditJobTest, MakesAPlaylistWithItsSegments) {
    const model::Asset source = add({.frames = 50});
    model::EditRequest request = cut_of({{source.id, 0, 0}, {source.id, 0, 0}, {source.id, 0, 0}});
    request.type = "hls";
    const model::Asset asset = made(done(std::move(request)));
    EXPECT_EQ(asset.type, "m3u8");
    EXPECT_TRUE(asset.path.ends_with("/f0/f0.m3u8"));
    EXPECT_EQ(asset.metadata->container, "hls");
    EXPECT_NEAR(asset.metadata->duration, 6, 0.05);
    const std::string playlist = bytes_of(asset.path);
    EXPECT_TRUE(playlist.contains("#EXT-X-ENDLIST"));
    EXPECT_EQ(shades(asset.path).size(), 150u);
    EXPECT_FALSE(std::filesystem::exists(std::filesystem::path(path_of(asset.path)).parent_path() /
                                         "slice_00000.mov"));
}

TEST_F(EditJobTest, JoinsSoundAlone) {
    model::Asset source = add_original(
        "mp3", {"-f", "lavfi", "-i", "sine=frequency=300:duration=3", "-c:a", "libmp3lame"});
    put(source);
    const model::Asset asset = made(done(cut_of({{source.id, 0, 1}, {source.id, 1, 1.5}})));
    EXPECT_TRUE(asset.metadata->video.empty());
    EXPECT_NEAR(asset.metadata->duration, 1.5, 0.05);
}

TEST_F(EditJobTest, ShowsATurnedSourceAsItIsSeen) {
    const std::string upright = folder_.path() + "/upright.mp4";
    std::ofstream(upright, std::ios::binary) << fakes::clip("mp4", fakes::numbered({}));
    const model::Asset turned =
        add_original("mov", {"-i", upright, "-c", "copy", "-metadata:s:v:0", "rotate=90"});
    ASSERT_TRUE(turned.metadata);
    ASSERT_NE(turned.metadata->rotate % 180, 0);
    put(turned);
    const model::Asset asset = made(done(cut_of({{turned.id, 0, 0.4}})));
    EXPECT_EQ(asset.metadata->width, 120);
    EXPECT_EQ(asset.metadata->height, 160);
    EXPECT_EQ(asset.metadata->rotate, 0);
}

TEST_F(EditJobTest, ShowsOblongPixelsAsTheyAreSeen) {
    const model::Asset oblong = add_original(
        "mp4", {"-f", "lavfi", "-i", "testsrc2=size=180x144:rate=25:duration=1,setsar=16/11",
                "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"});
    put(oblong);
    const model::Asset asset = made(done(cut_of({{oblong.id, 0, 0.4}})));
    EXPECT_EQ(asset.metadata->width, 262);
    EXPECT_EQ(asset.metadata->height, 144);
    EXPECT_EQ(asset.metadata->pixel_aspect, 1);
}

TEST_F(EditJobTest, TellsOnceOfTheNewFileAndLeavesNothing) {
    const model::Asset source = add({});
    model::EditRequest request = cut_of({{source.id, 0, 0.4}});
    request.name = "名前 \"x\" \xF0\x9F\x8E\xAC";
    request.class_id = 7;
    request.session_context = "mine";
    const model::Edit edit = done(std::move(request));
    const model::Asset asset = made(edit);
    EXPECT_EQ(asset.name, "名前 \"x\" \xF0\x9F\x8E\xAC");
    EXPECT_EQ(asset.class_id, 7);
    EXPECT_EQ(edit.message, "SUCCESS");
    EXPECT_EQ(edit.progress, 100);
    EXPECT_EQ(asset.id, edit.file);
    const std::vector<model::Edit> events = told_edits();
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(to_json_text(events.front()), to_json_text(edit));
    EXPECT_EQ(waiting(), store::QueueCounts{});
    EXPECT_TRUE(work_is_clean());
    EXPECT_FALSE(live_edits_.find(edit.id));
}

TEST_F(EditJobTest, FailsWithTheReasonAndLeavesNothing) {
    const model::Asset clip = add({});
    model::Asset text = add_bytes("mp4", "this is no video at all");
    put(text);
    model::Asset bare = clip;  // Its original was deleted.
    bare.id = model::FileId("77");
    bare.path.clear();
    put(bare);
    struct Case {
        model::EditRequest request;
        Failure failure;
    };
    std::vector<Case> cases;
    cases.push_back({cut_of({{clip.id, 5, 6}}), Failure::invalid_time_offset});
    cases.push_back({cut_of({{clip.id, 1.5, 0.5}}), Failure::invalid_time_offset});
    cases.push_back({cut_of({{clip.id, 0, 60}}), Failure::invalid_time_offset});
    cases.push_back({cut_of({{clip.id, -9, 0}}), Failure::invalid_time_offset});
    cases.push_back({cut_of({{clip.id, 0, 0}, {text.id, 0, 0}}), Failure::content_malformed});
    cases.push_back({cut_of({{clip.id, 0, 0}, {bare.id, 0, 0}}), Failure::source_file_error});
    model::EditRequest other = cut_of({{clip.id, 0, 0}});
    std::get<model::Cut>(other.work).definition = 30;
    cases.push_back({std::move(other), Failure::definition_not_exist});
    for (Case& wanted : cases) {
        const model::Edit edit = done(std::move(wanted.request));
        EXPECT_EQ(edit.status, TaskStatus::finish);
        EXPECT_EQ(edit.failure, wanted.failure) << edit.message;
        EXPECT_FALSE(std::filesystem::exists(
            path_of(library_folder(model::default_application, edit.file))));
    }
    EXPECT_EQ(told_edits().size(), cases.size());
    EXPECT_TRUE(work_is_clean());
    EXPECT_EQ(waiting(), store::QueueCounts{});
}

TEST_F(EditJobTest, NamesHalfASourceMalformed) {
    const std::string whole = fakes::clip("mp4", [] {
        std::vector<std::string> arguments = fakes::numbered({});
        arguments.insert(arguments.end(), {"-movflags", "+faststart"});
        return arguments;
    }());
    const model::Asset half = add_bytes("mp4", whole.substr(0, whole.size() * 2 / 3));
    put(half);
    ASSERT_TRUE(half.metadata);
    EXPECT_EQ(done(cut_of({{half.id, 0, 0}})).failure, Failure::content_malformed);
}

TEST_F(EditJobTest, FailsWhenAFileVanishesWhileItIsAsked) {
    const model::Asset stays = add({});
    const model::Asset goes = add({.first = 30});
    std::filesystem::remove(path_of(goes.path));
    const model::Edit edit = done(cut_of({{stays.id, 0, 0.2}, {goes.id, 0, 0.2}}));
    EXPECT_EQ(edit.failure, Failure::source_file_error) << edit.message;
    EXPECT_EQ(told_edits().size(), 1u);
}

TEST_F(EditJobTest, IsDoneAgainWhenAWorkerDiedAndToldOnce) {
    const model::Asset source = add({});
    const model::TaskId id = create_edit(cut_of({{source.id, 0, 0.4}}));
    std::vector<store::Lease> dead = lease_tasks();
    ASSERT_EQ(dead.size(), 1u);
    clock_.advance(Duration(61'000));
    std::vector<store::Lease> next = lease_tasks();
    ASSERT_EQ(next.size(), 1u);
    const EditTools with = edit_tools();
    perform(with, std::move(next.front()));
    EXPECT_EQ(find_edit(id).status, TaskStatus::finish);
    perform(with, std::move(dead.front()));  // It was only asleep.
    EXPECT_EQ(told_edits().size(), 1u);
}

TEST_F(EditJobTest, LosesAgainstWhoeverTookTheLeaseMeanwhile) {
    const model::Asset source = add({});
    const model::TaskId id = create_edit(cut_of({{source.id, 0, 0.4}}));
    std::vector<store::Lease> first = lease_tasks();
    hooked_.before = [&]() -> Task<void> {
        clock_.advance(Duration(61'000));
        co_return;
    };
    const EditTools with = edit_tools();
    perform(with, std::move(first.front()));
    EXPECT_TRUE(told_edits().empty());
    EXPECT_EQ(find_edit(id).status, TaskStatus::processing);
    std::vector<store::Lease> second = lease_tasks();
    ASSERT_EQ(second.size(), 1u);
    perform(with, std::move(second.front()));
    EXPECT_EQ(made(find_edit(id)).id, find_edit(id).file);
    EXPECT_EQ(told_edits().size(), 1u);
}

TEST_F(EditJobTest, GivesUpWhatBroughtDownItsWorkersTooOften) {
    const model::Asset source = add({});
    const model::TaskId id = create_edit(cut_of({{source.id, 0, 0.4}}));
    WorkerOptions few;
    few.attempts_max = 2;
    for (int attempt = 0; attempt < 2; ++attempt) {
        ASSERT_EQ(lease_tasks().size(), 1u);
        clock_.advance(Duration(61'000));
    }
    const EditTools with = edit_tools(few);
    perform(with, std::move(lease_tasks().front()));
    EXPECT_EQ(find_edit(id).failure, Failure::internal_error);
    EXPECT_EQ(told_edits().size(), 1u);
}

TEST_F(EditJobTest, WaitsForTheProgramThatIsMissing) {
    const model::Asset source = add({});
    const model::TaskId id = create_edit(cut_of({{source.id, 0, 0.4}}));
    EditTools with = edit_tools();
    with.steps.options.ffmpeg = "/usr/bin/no-such-ffmpeg";
    perform(with, std::move(lease_tasks().front()));
    EXPECT_EQ(find_edit(id).status, TaskStatus::processing);
    EXPECT_EQ(waiting().waiting, 1u);
    EXPECT_TRUE(told_edits().empty());
    EXPECT_TRUE(work_is_clean());
}

TEST_F(EditJobTest, BelievesNothingThatWasWrittenToAFullDisk) {
    const model::Asset source = add({});
    model::EditRequest request = cut_of({{source.id, 0, 0.4}});
    request.type = "hls";  // Its muxer loses pieces without a word.
    const model::TaskId id = create_edit(std::move(request));
    EditTools with = edit_tools();
    with.steps.options.free_bytes_min = ~0ull;
    perform(with, std::move(lease_tasks().front()));
    EXPECT_EQ(find_edit(id).status, TaskStatus::processing);
    EXPECT_EQ(waiting().waiting, 1u);
    EXPECT_TRUE(told_edits().empty());
    EXPECT_TRUE(work_is_clean());
}

TEST_F(EditJobTest, DropsWhatWasAbortedBeforeItBegan) {
    const model::Asset source = add({});
    const model::TaskId id = create_edit(cut_of({{source.id, 0, 0.4}}));
    model::Edit aborted = find_edit(id);
    aborted.status = TaskStatus::aborted;
    store::Commit commit;
    commit.puts.push_back({edit_key(model::default_application, id), to_json_text(aborted), 1});
    ASSERT_TRUE(fakes::run(loop_, store_.commit(std::move(commit))));
    const EditTools with = edit_tools();
    perform(with, std::move(lease_tasks().front()));
    EXPECT_EQ(find_edit(id).status, TaskStatus::aborted);
    EXPECT_EQ(waiting(), store::QueueCounts{});
    EXPECT_TRUE(told_edits().empty());
}

TEST_F(EditJobTest, DropsATicketThatNamesNothing) {
    for (const std::string_view body :
         {"not JSON", R"({"application":1500000001,"task":"none","kind":"edit"})"}) {
        store::Commit commit;
        commit.events.push_back({.id = model::EventId(random_hex(16)),
                                 .application = model::default_application,
                                 .type = "task.waiting",
                                 .entries = {{.queue = model::task_queue(),
                                              .body = std::make_shared<const std::string>(body)}}});
        ASSERT_TRUE(fakes::run(loop_, store_.commit(std::move(commit))));
        const EditTools with = edit_tools();
        perform(with, std::move(lease_tasks().front()));
        EXPECT_EQ(waiting(), store::QueueCounts{});
    }
}

TEST_F(EditJobTest, WaitsAmongTheSlowWorkOfItsPriority) {
    const model::Asset source = add({});
    model::EditRequest request = cut_of({{source.id, 0, 0.4}});
    request.priority = -4;
    create_edit(std::move(request));
    EXPECT_EQ(lease_tasks().front().queue, model::task_queue(-4, model::JobLength::slow));
}

TEST_F(EditJobTest, IsDoneByTheWorkersOfTheTasks) {
    const model::Asset source = add({});
    const model::TaskId edit = create_edit(cut_of({{source.id, 0, 0.4}}));
    EditWorker worker(edit_tools());
    const auto finished = [](store::Store* store, TaskWorkers* workers) -> Task<int> {
        const store::LeaseOptions options{
            .count_max = 1, .hold = Duration(60'000), .wait = Duration(30'000)};
        const auto leases = co_await store->lease(fakes::TaskAnnouncer::queue(), options);
        co_await workers->stop();
        co_return leases ? static_cast<int>(leases->size()) : 0;
    };
    TaskWorkers workers(loop_.get_executor(), tools(), &worker);
    EXPECT_EQ(fakes::run(loop_, finished(&store_, &workers)), 1);
    EXPECT_EQ(find_edit(edit).status, TaskStatus::finish);
}

TEST_F(EditJobTest, FailsWhenTheQuotaHasNoRoomForWhatWasMade) {
    const model::Asset source = add({});
    catalog_.quota().limit(100);  // Less than any film.
    catalog_.finish_loading();
    const model::TaskId id = create_edit(cut_of({{source.id, 0, 0.4}}));
    const EditTools with = edit_tools();
    perform(with, std::move(lease_tasks().front()));
    EXPECT_EQ(find_edit(id).status, TaskStatus::finish);
    EXPECT_EQ(find_edit(id).failure, Failure::result_file_size_too_large);
    EXPECT_TRUE(find_edit(id).message.contains("quota")) << find_edit(id).message;
    EXPECT_EQ(told_edits().size(), 1u);
    EXPECT_TRUE(work_is_clean());
    // It holds no room.
    EXPECT_TRUE(catalog_.quota().claim({model::default_application, model::FileId("other"), 100}));

    // Now nothing is rendered at all.
    const model::TaskId next = create_edit(cut_of({{source.id, 0, 0.4}}));
    EditTools without = edit_tools();
    without.steps.options.ffmpeg = "/usr/bin/no-such-ffmpeg";
    perform(without, std::move(lease_tasks().front()));
    EXPECT_EQ(find_edit(next).failure, Failure::result_file_size_too_large);
}

}  // namespace
}  // namespace hookreel::media
