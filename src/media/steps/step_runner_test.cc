// Real ffmpeg in the real sandbox, on clips of two seconds.
#include "media/steps/step_runner.h"

#include <gtest/gtest.h>

#include "media/steps/clips_test.h"

namespace hookreel::media {
namespace {

using model::Failure;

class StepRunnerTest : public fakes::MediaTest {
 protected:
    Result<StepOutcome> run_with(StepRunner& steps, const model::Asset& asset, model::Work work) {
        OnProgress on_progress = [this](int percent) {
            progress_.push_back(percent);
            if (at_progress_) at_progress_();
        };
        return fakes::run(loop_, steps.run({asset, std::move(work), own_}, std::move(on_progress)));
    }
    StepOutcome run(const model::Asset& asset, model::Work work) {
        const Result<StepOutcome> outcome = run_with(steps_, asset, std::move(work));
        EXPECT_TRUE(outcome) << outcome.error().detail;
        return outcome.value_or(StepOutcome{model::Work{}, Failure::internal_error, "no outcome"});
    }
    model::Rendition rendition(const StepOutcome& outcome) {
        EXPECT_EQ(outcome.failure, Failure::none) << outcome.message;
        const auto& work = std::get<model::TranscodeWork>(outcome.work);
        return work.output.value_or(model::Rendition{});
    }
    static model::TranscodeWork transcode(std::uint64_t definition) {
        return {.definition = definition, .output = {}};
    }

    model::OwnTemplates own_;
    std::vector<int> progress_;
    std::function<void()> at_progress_;
};

TEST_F(StepRunnerTest, MakesTheTutorialsMp4OfAWmv) {
    const model::Asset asset = add_original("wmv", fakes::test_signal(fakes::as_wmv));
    ASSERT_TRUE(asset.metadata);
    EXPECT_EQ(asset.metadata->container, "asf");
    EXPECT_EQ(asset.metadata->video.front().codec, "wmv2");
    EXPECT_GT(asset.metadata->video.front().bitrate, 0);

    const StepOutcome outcome = run(asset, transcode(10));
    const model::Rendition made = rendition(outcome);
    EXPECT_EQ(outcome.message, "SUCCESS");
    EXPECT_EQ(made.path, "1500000001/37/" + asset.id.text() + "/v.f10.mp4");
    EXPECT_EQ(made.definition, 10u);
    EXPECT_EQ(made.metadata.width, 320);
    EXPECT_EQ(made.metadata.height, 240);
    EXPECT_NEAR(made.metadata.duration, 2, 0.2);
    EXPECT_EQ(made.metadata.video.front().codec, "h264");
    EXPECT_EQ(made.metadata.video.front().fps, 24);
    EXPECT_EQ(made.metadata.audio.front().codec, "aac");
    EXPECT_EQ(made.metadata.audio.front().sampling_rate, 44100);
    const std::string bytes = bytes_of(made.path);
    EXPECT_EQ(made.metadata.size_bytes, static_cast<std::int64_t>(bytes.size()));
    EXPECT_EQ(made.md5, hex(digest(Algorithm::md5, bytes)));
    EXPECT_LT(bytes.find("moov"), bytes.find("mdat"));  // Plays before it is wholly loaded.
    EXPECT_FALSE(progress_.empty());
    EXPECT_TRUE(work_is_clean());
}

TEST_F(StepRunnerTest, LaysMosaicsOverWhateverItEncodes) {
    const model::Asset asset = add_original("mp4", fakes::test_signal(fakes::as_mp4));
    const model::Extent side{8192, model::Unit::pixels};
    for (const std::uint64_t definition : {10u, 210u, 510u}) {
        model::TranscodeWork work = transcode(definition);
        work.mosaics.assign(10, {.x = {1, model::Unit::percent}, .start_offset = 0.5});
        work.mosaics.push_back({.width = side, .height = side, .end_offset = -0.1});
        const model::Rendition made = rendition(run(asset, work));
        EXPECT_NEAR(made.metadata.duration, 2, 0.2) << definition;
    }
}

TEST_F(StepRunnerTest, MakesACoverAtATimeAndAtTheVeryEnd) {
    const model::Asset asset = add_original("mp4", fakes::test_signal(fakes::as_mp4));
    for (const double percent : {0.0, 50.0, 100.0}) {
        const StepOutcome outcome =
            run(asset, model::CoverWork{.definition = 10,
                                        .position = model::Position::percent,
                                        .position_value = percent,
                                        .output = {}});
        ASSERT_EQ(outcome.failure, Failure::none) << outcome.message;
        const std::string& path = std::get<model::CoverWork>(outcome.work).output;
        EXPECT_TRUE(path.ends_with("/coverBySnapshot_10_0.jpg")) << path;
        EXPECT_TRUE(bytes_of(path).starts_with("\xff\xd8"));
    }
    EXPECT_TRUE(work_is_clean());
}

TEST_F(StepRunnerTest, MakesACoverAfterTheVideoEndedBeforeItsSound) {
    const model::Asset asset = add_original(
        "mkv", {"-f", "lavfi", "-i", "testsrc2=size=160x120:rate=10:duration=0.5", "-f", "lavfi",
                "-i", "sine=duration=2", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"});
    const StepOutcome outcome =
        run(asset, model::CoverWork{.definition = 10, .position_value = 1.8, .output = {}});
    ASSERT_EQ(outcome.failure, Failure::none) << outcome.message;
    EXPECT_TRUE(bytes_of(std::get<model::CoverWork>(outcome.work).output).starts_with("\xff\xd8"));
}

TEST_F(StepRunnerTest, MakesSnapshotsAndSamples) {
    const model::Asset asset = add_original("mp4", fakes::test_signal(fakes::as_mp4));
    const StepOutcome snapshots = run(
        asset,
        model::SnapshotWork{
            .definition = 10, .offsets = {"0s", "50%", "1.5s"}, .offsets_ms = {}, .output = {}});
    ASSERT_EQ(snapshots.failure, Failure::none) << snapshots.message;
    const auto& set = *std::get<model::SnapshotWork>(snapshots.work).output;
    ASSERT_EQ(set.pictures.size(), 3u);
    EXPECT_EQ(set.pictures[1].offset_ms, 1000);
    EXPECT_EQ(set.pictures[2].offset_ms, 1500);
    EXPECT_TRUE(set.pictures[2].path.ends_with("/snapshotByTimeOffset_10_2.jpg"));
    EXPECT_NE(bytes_of(set.pictures[0].path), bytes_of(set.pictures[1].path));

    const StepOutcome samples = run(asset, model::SampleWork{.definition = 10, .output = {}});
    ASSERT_EQ(samples.failure, Failure::none) << samples.message;
    const auto& sampled = *std::get<model::SampleWork>(samples.work).output;
    ASSERT_EQ(sampled.pictures.size(), 10u);
    EXPECT_EQ(sampled.sample_type, model::SampleType::percent);
    EXPECT_EQ(sampled.interval, 10);
    EXPECT_TRUE(sampled.pictures[9].path.ends_with("/sampleSnapshot_10_9.jpg"));
    EXPECT_TRUE(bytes_of(sampled.pictures[9].path).starts_with("\xff\xd8"));
}

TEST_F(StepRunnerTest, MakesASpriteWhoseWebVttPointsIntoIt) {
    const model::Asset asset = add_original("mp4", fakes::test_signal(fakes::as_mp4));
    const StepOutcome outcome = run(asset, model::SpriteWork{.definition = 10, .output = {}});
    ASSERT_EQ(outcome.failure, Failure::none) << outcome.message;
    const model::Sprite& sprite = *std::get<model::SpriteWork>(outcome.work).output;
    EXPECT_EQ(sprite.count, 1);
    ASSERT_EQ(sprite.sheets.size(), 1u);
    EXPECT_TRUE(sprite.sheets[0].ends_with("/imageSprite_10_0.jpg")) << sprite.sheets[0];
    EXPECT_TRUE(bytes_of(sprite.sheets[0]).starts_with("\xff\xd8"));
    EXPECT_TRUE(bytes_of(sprite.vtt).contains("imageSprite_10_0.jpg#xywh=0,0,142,80\n"));
    EXPECT_TRUE(work_is_clean());
}

TEST_F(StepRunnerTest, MakesSpritesOfManySheets) {
    const model::Asset asset =
        add_original("mkv", {"-f", "lavfi", "-i", "testsrc2=size=64x48:rate=1", "-t", "1005",
                             "-c:v", "libx264", "-preset", "ultrafast"});
    const StepOutcome outcome = run(asset, model::SpriteWork{.definition = 10, .output = {}});
    ASSERT_EQ(outcome.failure, Failure::none) << outcome.message;
    const model::Sprite& sprite = *std::get<model::SpriteWork>(outcome.work).output;
    EXPECT_EQ(sprite.count, 101);
    EXPECT_FALSE(progress_.empty());
    ASSERT_EQ(sprite.sheets.size(), 2u);
    EXPECT_TRUE(bytes_of(sprite.sheets[1]).starts_with("\xff\xd8"));
    EXPECT_TRUE(
        bytes_of(sprite.vtt)
            .ends_with("00:16:40.000 --> 00:16:45.000\nimageSprite_10_1.jpg#xywh=0,0,142,80\n"));
}

// The size in the head of a GIF, 16 bits each, the lower ones first.
Size gif_size(std::string_view bytes) {
    const auto number = [bytes](std::size_t at) {
        return static_cast<unsigned char>(bytes.at(at)) +
               256 * static_cast<unsigned char>(bytes.at(at + 1));
    };
    return {number(6), number(8)};
}

TEST_F(StepRunnerTest, MakesAnimationsAlsoOfTheVeryEnd) {
    const model::Asset asset = add_original("mp4", fakes::test_signal(fakes::as_mp4));
    for (const std::uint64_t definition : {20000u, 20001u}) {
        for (const double start : {0.5, 1.99}) {
            const StepOutcome outcome = run(asset, model::AnimationWork{.definition = definition,
                                                                        .start_offset = start,
                                                                        .end_offset = 0,
                                                                        .output = {}});
            ASSERT_EQ(outcome.failure, Failure::none) << outcome.message;
            const model::Animation& made = *std::get<model::AnimationWork>(outcome.work).output;
            const std::string bytes = bytes_of(made.path);
            EXPECT_EQ(made.size_bytes, static_cast<std::int64_t>(bytes.size()));
            EXPECT_EQ(made.md5, hex(digest(Algorithm::md5, bytes)));
            EXPECT_EQ(made.width, 320);
            EXPECT_EQ(made.start_offset, start);
            EXPECT_NEAR(made.end_offset, 2, 0.1);
            if (definition == 20000)
                EXPECT_EQ(gif_size(bytes), (Size{320, 240}));
            else
                EXPECT_TRUE(bytes.starts_with("RIFF"));
        }
    }
    EXPECT_TRUE(work_is_clean());
}

// The size in the head of a JPEG.
Size jpeg_size(std::string_view bytes) {
    const std::size_t head = bytes.find("\xff\xc0");
    const auto number = [bytes, head](std::size_t at) {
        return 256 * static_cast<unsigned char>(bytes.at(head + at)) +
               static_cast<unsigned char>(bytes.at(head + at + 1));
    };
    return {number(7), number(5)};
}

TEST_F(StepRunnerTest, DrawsOblongPixelsAsTheyAreShown) {
    const model::Asset asset = add_original(
        "mp4", {"-f", "lavfi", "-i", "testsrc2=size=360x288:rate=10:duration=1,setsar=16/11",
                "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"});
    ASSERT_TRUE(asset.metadata);
    EXPECT_EQ(asset.metadata->width, 360);
    EXPECT_NEAR(asset.metadata->pixel_aspect, 16.0 / 11, 0.001);
    const StepOutcome cover = run(asset, model::CoverWork{.definition = 10, .output = {}});
    ASSERT_EQ(cover.failure, Failure::none) << cover.message;
    const std::string& path = std::get<model::CoverWork>(cover.work).output;
    EXPECT_EQ(jpeg_size(bytes_of(path)), (Size{524, 288}));
    const StepOutcome moving = run(asset, model::AnimationWork{.definition = 20000, .output = {}});
    ASSERT_EQ(moving.failure, Failure::none) << moving.message;
    const model::Animation& animation = *std::get<model::AnimationWork>(moving.work).output;
    EXPECT_EQ((Size{animation.width, animation.height}), (Size{524, 288}));
    EXPECT_EQ(gif_size(bytes_of(animation.path)), (Size{524, 288}));
    // Where a video's pixels stay as they are, it still says so.
    EXPECT_NEAR(rendition(run(asset, transcode(20))).metadata.pixel_aspect, 16.0 / 11, 0.01);
}

TEST_F(StepRunnerTest, DrawsNothingOfSoundAlone) {
    const model::Asset asset = add_original("mp3", {"-f", "lavfi", "-i", "sine=duration=2"});
    for (const model::Work& work :
         std::vector<model::Work>{model::SpriteWork{.definition = 10, .output = {}},
                                  model::AnimationWork{.definition = 20000, .output = {}}})
        EXPECT_EQ(run(asset, work).failure, Failure::no_video_media);
}

TEST_F(StepRunnerTest, MakesMoreSnapshotsThanOneProgramDoes) {
    const model::Asset asset = add_original("mp4", fakes::test_signal(fakes::as_mp4));
    model::SnapshotWork work{.definition = 10, .offsets = {}, .offsets_ms = {}, .output = {}};
    for (int i = 0; i < 12; ++i)
        work.offsets_ms.push_back(i * 150);
    const StepOutcome outcome = run(asset, std::move(work));
    ASSERT_EQ(outcome.failure, Failure::none) << outcome.message;
    const auto& pictures = std::get<model::SnapshotWork>(outcome.work).output->pictures;
    ASSERT_EQ(pictures.size(), 12u);
    EXPECT_TRUE(bytes_of(pictures[11].path).starts_with("\xff\xd8"));
}

TEST_F(StepRunnerTest, MakesHlsWithItsSegmentsInAFolderAndReplacesIt) {
    const model::Asset asset = add_original("mp4", fakes::test_signal(fakes::as_mp4));
    for (int round = 0; round < 2; ++round) {
        const model::Rendition made = rendition(run(asset, transcode(210)));
        EXPECT_TRUE(made.path.ends_with("/v.f210/v.f210.m3u8")) << made.path;
        const std::string playlist = bytes_of(made.path);
        EXPECT_TRUE(playlist.contains("\nsegment_00000.ts\n")) << playlist;
        EXPECT_TRUE(playlist.contains("#EXT-X-ENDLIST"));
        EXPECT_EQ(made.md5, hex(digest(Algorithm::md5, playlist)));
        EXPECT_EQ(made.metadata.container, "hls");
        EXPECT_NEAR(made.metadata.duration, 2, 0.2);
        EXPECT_EQ(made.metadata.width, 320);
        const std::size_t name = made.path.rfind('/');
        const std::string segment = bytes_of(made.path.substr(0, name) + "/segment_00000.ts");
        EXPECT_EQ(made.metadata.size_bytes,
                  static_cast<std::int64_t>(playlist.size() + segment.size()));
    }
    EXPECT_TRUE(work_is_clean());
}

TEST_F(StepRunnerTest, MakesTheOtherContainers) {
    const model::Asset asset = add_original("mp4", fakes::test_signal(fakes::as_mp4));
    struct Case {
        std::uint64_t definition;
        std::string_view container;
        std::string_view codec;
    };
    for (const Case& each :
         {Case{10046, "flv", "h264"}, Case{510, "mov", "hevc"}, Case{875, "mov", "h264"},
          Case{876, "hls", "h264"}, Case{100800, "mov", "h264"}}) {
        const model::Rendition made = rendition(run(asset, transcode(each.definition)));
        EXPECT_TRUE(made.metadata.container.starts_with(each.container)) << each.definition;
        ASSERT_EQ(made.metadata.video.size(), 1u) << each.definition;
        EXPECT_EQ(made.metadata.video.front().codec, each.codec) << each.definition;
        EXPECT_NEAR(made.metadata.duration, 2, 0.2) << each.definition;
    }
    EXPECT_EQ(rendition(run(asset, transcode(510))).metadata.video.front().codec_tag, "hvc1");
}

TEST_F(StepRunnerTest, TakesTheSoundAlone) {
    const model::Asset asset = add_original("mp4", fakes::test_signal(fakes::as_mp4));
    const model::Rendition m4a = rendition(run(asset, transcode(1110)));
    EXPECT_TRUE(m4a.path.ends_with("/v.f1110.m4a"));
    EXPECT_TRUE(m4a.metadata.video.empty());
    EXPECT_EQ(m4a.metadata.audio.front().codec, "aac");
    const model::Rendition mp3 = rendition(run(asset, transcode(1010)));
    EXPECT_EQ(mp3.metadata.container, "mp3");
    const model::Asset sound = add_original("mp3", {"-f", "lavfi", "-i", "sine=duration=2"});
    EXPECT_EQ(rendition(run(sound, transcode(1100))).metadata.audio.size(), 1u);
    EXPECT_EQ(run(sound, transcode(10)).failure, Failure::no_video_media);
}

// Turns the picture of an MP4 by 90 degrees, in the display matrix of its first track.
std::string turned(std::string bytes) {
    constexpr std::string_view quarter("\0\0\0\0\0\1\0\0\0\0\0\0\377\377\0\0\0\0\0\0", 20);
    const std::size_t box = bytes.find("tkhd");
    EXPECT_NE(box, std::string::npos);
    return bytes.replace(box + 44, quarter.size(), quarter);
}

TEST_F(StepRunnerTest, TurnsThePictureOfAPhone) {
    const model::Asset upright = add_original("mp4", fakes::test_signal(fakes::as_mp4));
    const model::Asset asset = add_bytes("mp4", turned(bytes_of(upright.path)));
    ASSERT_TRUE(asset.metadata);
    EXPECT_EQ(asset.metadata->rotate % 180, 90);
    EXPECT_EQ(asset.metadata->width, 320);
    const model::Rendition made = rendition(run(asset, transcode(20)));
    EXPECT_EQ(made.metadata.width, 480);
    EXPECT_EQ(made.metadata.height, 640);
    EXPECT_EQ(made.metadata.rotate, 0);
    // A copy keeps the turn or is not made.
    EXPECT_EQ(rendition(run(asset, transcode(875))).metadata.rotate, asset.metadata->rotate);
    EXPECT_EQ(run(asset, transcode(876)).failure, Failure::content_unsupported);
}

TEST_F(StepRunnerTest, CutsOutAPart) {
    const model::Asset asset = add_original("mp4", fakes::test_signal(fakes::as_mp4));
    model::TranscodeWork work = transcode(10);
    work.start_offset = -1.5;
    work.end_offset = -0.5;
    EXPECT_NEAR(rendition(run(asset, work)).metadata.duration, 1, 0.15);
    work.start_offset = 5;
    work.end_offset = 9;
    EXPECT_EQ(run(asset, work).failure, Failure::invalid_time_offset);
}

TEST_F(StepRunnerTest, CallsATruncatedFileMalformed) {
    const model::Asset whole = add_original("mp4", fakes::test_signal(fakes::as_mp4));
    const std::string bytes = bytes_of(whole.path);
    const model::Asset half = add_bytes("mp4", std::string_view(bytes).substr(0, bytes.size() / 3));
    ASSERT_TRUE(half.metadata);  // Its index is whole, and says two seconds.
    for (const std::uint64_t definition : {10, 210}) {
        const StepOutcome outcome = run(half, transcode(definition));
        EXPECT_EQ(outcome.failure, Failure::content_malformed);
        EXPECT_EQ(outcome.message, "Source file error: content malformed");
    }
    EXPECT_FALSE(
        std::filesystem::exists(path_of("1500000001/37/" + half.id.text() + "/v.f10.mp4")));
    EXPECT_TRUE(work_is_clean());
}

TEST_F(StepRunnerTest, BlamesTheFileThatWasDeletedMeanwhile) {
    const model::Asset whole = add_original("mp4", fakes::test_signal(fakes::as_mp4));
    const std::string bytes = bytes_of(whole.path);
    const model::Asset half = add_bytes("mp4", std::string_view(bytes).substr(0, bytes.size() / 3));
    at_progress_ = [this, &half] { std::filesystem::remove(path_of(half.path)); };
    EXPECT_EQ(run(half, transcode(10)).failure, Failure::source_file_error);
    EXPECT_TRUE(work_is_clean());
}

TEST_F(StepRunnerTest, DrawsOfATruncatedFileWhatIsThereAndNothingElse) {
    const std::vector<std::string> as_is = {
        "-f",   "lavfi",   "-i",      "testsrc2=size=64x48:rate=4:duration=40",
        "-c:v", "libx264", "-preset", "ultrafast",
        "-g",   "40"};
    std::vector<std::string> as_faststart = as_is;
    as_faststart.insert(as_faststart.end(), {"-movflags", "+faststart"});
    for (const auto& [type, arguments] :
         {std::pair("mp4", as_faststart), std::pair("mkv", as_is)}) {
        const model::Asset whole = add_original(type, arguments);
        const std::string bytes = bytes_of(whole.path);
        const model::Asset half =
            add_bytes(type, std::string_view(bytes).substr(0, bytes.size() / 2));
        ASSERT_TRUE(half.metadata) << type;
        EXPECT_NEAR(half.metadata->duration, 40, 0.5) << type;
        struct Case {
            double time;
            Failure failure;
        };
        // Also where the last picture that is left is not far.
        for (const Case& each :
             {Case{1, Failure::none}, Case{23, Failure::content_malformed},
              Case{39, Failure::content_malformed}, Case{50, Failure::invalid_time_offset}}) {
            const model::CoverWork cover{
                .definition = 10, .position_value = each.time, .output = {}};
            EXPECT_EQ(run(half, cover).failure, each.failure) << type << " at " << each.time;
            EXPECT_EQ(run(whole, cover).failure == Failure::none, each.time < 40) << type;
        }
        model::AnimationWork animation{
            .definition = 20001, .start_offset = 1, .end_offset = 2, .output = {}};
        EXPECT_EQ(run(half, animation).failure, Failure::none) << type;
        animation.end_offset = 30;
        EXPECT_EQ(run(half, animation).failure, Failure::content_malformed) << type;
        const model::SpriteWork sprite{.definition = 10, .output = {}};
        EXPECT_EQ(run(half, sprite).failure, Failure::content_malformed) << type;
        EXPECT_EQ(run(whole, sprite).failure, Failure::none) << type;
    }
    EXPECT_TRUE(work_is_clean());
}

TEST_F(StepRunnerTest, FindsThePictureWhereNoIndexTellsOfTheKeyFrameBeforeIt) {
    const model::Asset asset =
        add_original("ts", {"-f", "lavfi", "-i", "testsrc2=size=64x48:rate=4:duration=20", "-c:v",
                            "libx264", "-preset", "ultrafast", "-g", "200"});
    const StepOutcome outcome =
        run(asset, model::CoverWork{.definition = 10, .position_value = 15, .output = {}});
    ASSERT_EQ(outcome.failure, Failure::none) << outcome.message;
    EXPECT_TRUE(bytes_of(std::get<model::CoverWork>(outcome.work).output).starts_with("\xff\xd8"));
}

TEST_F(StepRunnerTest, CallsWhatIsNoVideoMalformed) {
    const model::Asset text = add_bytes("mp4", "this is no video\n");
    const model::Asset playlist =
        add_bytes("mp4",
                  "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n"
                  "#EXTINF:10,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n");
    const model::Asset concat = add_bytes("mp4", "ffconcat version 1.0\nfile '/etc/passwd'\n");
    const model::Asset empty = add_bytes("mp4", "");
    const model::Asset picture = add_bytes(
        "mp4", fakes::clip("png", {"-f", "lavfi", "-i", "testsrc2=size=64x64", "-frames:v", "1"}));
    for (const model::Asset& asset : {text, playlist, concat, empty, picture}) {
        EXPECT_FALSE(asset.metadata);
        EXPECT_EQ(run(asset, transcode(10)).failure, Failure::content_malformed);
        EXPECT_EQ(run(asset, model::CoverWork{.definition = 10, .output = {}}).failure,
                  Failure::content_malformed);
    }
}

TEST_F(StepRunnerTest, ToldThatAPlaylistIsAVideoStillOpensNothing) {
    // As if the record lied: ffmpeg itself must refuse.
    model::Asset asset = add_original("mp4", fakes::test_signal(fakes::as_mp4));
    std::ofstream(path_of(asset.path))
        << "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:2,\n/etc/passwd\n#EXT-X-ENDLIST\n";
    EXPECT_EQ(run(asset, transcode(10)).failure, Failure::content_malformed);
}

TEST_F(StepRunnerTest, WorksOnAPlaylistOfOursAndOnNothingBesideIt) {
    model::Asset asset = add_original("mp4", fakes::test_signal(fakes::as_mp4));
    const std::string folder = "1500000001/37/" + asset.id.text();
    const model::Rendition playlist = rendition(run(asset, transcode(210)));
    asset.type = "m3u8";
    asset.path = playlist.path;
    asset.metadata = playlist.metadata;
    for (const std::uint64_t definition : {10, 220, 875, 1010}) {
        const model::Rendition made = rendition(run(asset, transcode(definition)));
        EXPECT_TRUE(made.path.starts_with(folder + "/v.f")) << made.path;
        EXPECT_NEAR(made.metadata.duration, 2, 0.2) << definition;
    }
    for (const model::Work& work : std::vector<model::Work>{
             model::CoverWork{.definition = 10, .position_value = 1.9, .output = {}},
             model::SampleWork{.definition = 10, .output = {}},
             model::SpriteWork{.definition = 10, .output = {}},
             model::AnimationWork{.definition = 20000, .start_offset = 0.5, .output = {}},
             model::AdaptiveWork{.definition = 10, .output = {}}})
        EXPECT_EQ(run(asset, work).failure, Failure::none) << work.index();

    // As if somebody had changed it.
    const model::Asset other =
        add_original("ts", fakes::test_signal({"-c:v", "libx264", "-preset", "ultrafast"}));
    std::vector<std::string> strangers = {"/etc/passwd", "http://127.0.0.1:9/x.ts"};
    if (sandbox_.isolation() == process::Isolation::bubblewrap)
        strangers.push_back(path_of(other.path));
    for (const std::string& stranger : strangers) {
        std::ofstream(path_of(asset.path)) << "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:2,\n"
                                           << stranger << "\n#EXT-X-ENDLIST\n";
        EXPECT_EQ(run(asset, transcode(10)).failure, Failure::content_malformed) << stranger;
    }
}

TEST_F(StepRunnerTest, NamesTheFailureOfARequestThatCannotBe) {
    const model::Asset asset = add_original("wmv", fakes::test_signal(fakes::as_wmv));
    EXPECT_EQ(run(asset, transcode(9999)).failure, Failure::definition_not_exist);
    EXPECT_EQ(run(asset, transcode(875)).failure, Failure::content_unsupported);
    EXPECT_EQ(
        run(asset, model::CoverWork{.definition = 10, .position_value = 100, .output = {}}).failure,
        Failure::invalid_time_offset);
    model::Asset gone = asset;
    gone.path = "1500000001/37/0/f0.wmv";
    EXPECT_EQ(run(gone, transcode(10)).failure, Failure::source_file_error);
}

TEST_F(StepRunnerTest, LeavesOutSoundThatCannotBeDecoded) {
    const model::Asset good = add_original(
        "mkv", fakes::test_signal({"-c:v", "libx264", "-preset", "ultrafast", "-c:a", "ac3"}));
    const model::Asset noise =
        add_original("mkv", {"-i", path_of(good.path), "-c", "copy", "-bsf:a", "noise=amount=1"});
    std::string bytes = bytes_of(good.path);
    ASSERT_NE(bytes.find("A_AC3"), std::string::npos);
    const model::Asset unknown = add_bytes("mkv", bytes.replace(bytes.find("A_AC3"), 5, "A_XYZ"));
    for (const model::Asset& asset : {noise, unknown}) {
        ASSERT_TRUE(asset.metadata);
        EXPECT_EQ(asset.metadata->audio.size(), 1u);
        const StepOutcome outcome = run(asset, transcode(10));
        const model::Rendition made = rendition(outcome);
        EXPECT_TRUE(made.metadata.audio.empty());
        EXPECT_NEAR(made.metadata.duration, 2, 0.2);
        EXPECT_EQ(outcome.message, "SUCCESS: the sound cannot be decoded and was left out");
    }
}

TEST_F(StepRunnerTest, StopsAtTheLimitsOfTimeAndSize) {
    const model::Asset asset = add_original("mp4", fakes::test_signal(fakes::as_mp4));
    StepOptions small = options();
    small.output_bytes_max = 10'000;
    StepRunner sized(StepTools{sandbox_, prober_, files_, log_, small});
    for (const std::uint64_t definition : {10, 210}) {
        const Result<StepOutcome> outcome = run_with(sized, asset, transcode(definition));
        ASSERT_TRUE(outcome);
        EXPECT_EQ(outcome->failure, Failure::result_file_size_too_large) << outcome->message;
    }
    StepOptions hasty = options();
    hasty.time_max = Duration(1);
    StepRunner timed(StepTools{sandbox_, prober_, files_, log_, hasty});
    const Result<StepOutcome> outcome = run_with(timed, asset, transcode(10));
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->failure, Failure::internal_error);
    EXPECT_EQ(outcome->message, "Internal error: the limit on time was reached");
    EXPECT_TRUE(work_is_clean());
}

Task<void> run_into(StepRunner* steps, const model::Asset* asset, model::Work work,
                    OnProgress on_progress, Result<StepOutcome>* out) {
    StepOrder order{*asset, std::move(work), {}};
    *out = co_await steps->run(std::move(order), std::move(on_progress));
}

TEST_F(StepRunnerTest, StopsFfmpegWhenItIsCancelled) {
    const model::Asset asset = add_original("mp4", fakes::test_signal(fakes::as_mp4));
    Result<StepOutcome> outcome = fail(Code::internal, "did not end");
    TaskGroup group(loop_.get_executor());
    OnProgress cancel_at_once = [&group](int) { group.cancel(); };
    group.spawn(run_into(&steps_, &asset, transcode(80), std::move(cancel_at_once), &outcome));
    loop_.restart();
    loop_.run();
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, Code::cancelled);
    EXPECT_TRUE(work_is_clean());
}

TEST_F(StepRunnerTest, IsUnavailableWithoutFfmpeg) {
    const model::Asset asset = add_original("mp4", fakes::test_signal(fakes::as_mp4));
    StepOptions missing = options();
    missing.ffmpeg = "/usr/bin/no-such-ffmpeg";
    StepRunner steps(StepTools{sandbox_, prober_, files_, log_, missing});
    const Result<StepOutcome> outcome = run_with(steps, asset, transcode(10));
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, Code::unavailable) << outcome.error().detail;
}

}  // namespace
}  // namespace hookreel::media
