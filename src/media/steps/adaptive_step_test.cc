// Real ffmpeg in the real sandbox: adaptive streams of small clips, looked at piece by piece.
#include "media/steps/adaptive_step.h"

#include <gtest/gtest.h>

#include "media/ffmpeg/adaptive_manifest.h"
#include "media/steps/clips_test.h"

namespace hookreel::media {
namespace {

using model::Failure;
using model::StreamKind;

class AdaptiveStepTest : public fakes::MediaTest {
 protected:
    StepOutcome run(const model::Asset& asset, std::uint64_t definition) {
        return run_with(steps_, asset, definition);
    }
    StepOutcome run_with(StepRunner& steps, const model::Asset& asset, std::uint64_t definition) {
        OnProgress on_progress = [this](int percent) { progress_.push_back(percent); };
        const Result<StepOutcome> outcome = fakes::run(
            loop_,
            steps.run({asset, model::AdaptiveWork{.definition = definition, .output = {}}, {}},
                      std::move(on_progress)));
        EXPECT_TRUE(outcome) << outcome.error().detail;
        return outcome.value_or(StepOutcome{model::Work{}, Failure::internal_error, "no outcome"});
    }
    static model::AdaptiveStream made(const StepOutcome& outcome) {
        EXPECT_EQ(outcome.failure, Failure::none) << outcome.message;
        const auto* const work = std::get_if<model::AdaptiveWork>(&outcome.work);
        return work ? work->output.value_or(model::AdaptiveStream{}) : model::AdaptiveStream{};
    }
    static std::vector<Size> sizes(const model::AdaptiveStream& stream) {
        std::vector<Size> all;
        for (const model::SubStream& one : stream.streams)
            if (one.kind == StreamKind::video) all.push_back({one.width, one.height});
        return all;
    }
    // All that lies beside the manifest.
    std::uint64_t folder_bytes(const model::AdaptiveStream& stream) const {
        std::uint64_t sum = 0;
        for (const auto& entry : std::filesystem::directory_iterator(
                 std::filesystem::path(path_of(stream.path)).parent_path()))
            sum += entry.file_size();
        return sum;
    }
    std::string beside(const model::AdaptiveStream& stream, std::string_view name) {
        return bytes_of(fmt::format("{}/{}", stream.path.substr(0, stream.path.rfind('/')), name));
    }

    // The names in a folder beside the manifest, but for the playlists.
    std::vector<std::string> names_beside(const model::AdaptiveStream& stream) const {
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(
                 std::filesystem::path(path_of(stream.path)).parent_path()))
            if (entry.path().extension() != ".m3u8")
                names.push_back(entry.path().filename().string());
        std::ranges::sort(names);
        return names;
    }
    // What a player without a sandbox makes of a playlist that it opens: its packets, as MPEG-TS.
    Result<model::Metadata> played(const model::AdaptiveStream& stream, std::string_view playlist) {
        const std::string folder = stream.path.substr(0, stream.path.rfind('/') + 1);
        const std::vector<std::string> arguments = {"-protocol_whitelist",
                                                    "file,crypto",
                                                    "-allowed_extensions",
                                                    "ALL",
                                                    "-i",
                                                    path_of(folder + std::string(playlist)),
                                                    "-c",
                                                    "copy"};
        return add_bytes("ts", fakes::clip("ts", arguments)).metadata.value();
    }

    std::vector<int> progress_;
};

std::vector<std::string> picture(std::string_view size, std::string_view seconds = "2") {
    return {"-f",      "lavfi",
            "-i",      "testsrc2=rate=10",
            "-t",      std::string(seconds),
            "-vf",     fmt::format("format=yuv444p,scale={}", size),  // Odd sizes, too.
            "-c:v",    "libx264",
            "-preset", "ultrafast"};
}

TEST_F(AdaptiveStepTest, MakesHlsOfPicturesAndSoundAndReplacesIt) {
    const model::Asset asset = add_original("mp4", fakes::test_signal(fakes::as_mp4));
    for (int round = 0; round < 2; ++round) {
        const model::AdaptiveStream stream = made(run(asset, 10));
        EXPECT_TRUE(stream.path.ends_with("/adp.10/adp.10.m3u8")) << stream.path;
        ASSERT_EQ(stream.streams.size(), 2u);
        EXPECT_EQ(sizes(stream), (std::vector<Size>{{320, 240}}));
        EXPECT_EQ(stream.streams[1].kind, StreamKind::audio);
        const std::string master = bytes_of(stream.path);
        EXPECT_TRUE(master.contains("RESOLUTION=320x240")) << master;
        EXPECT_TRUE(master.contains(",URI=\"stream_1_index.m3u8\"")) << master;
        EXPECT_TRUE(master.contains("\nstream_0_index.m3u8\n")) << master;
        EXPECT_TRUE(master.contains("AVERAGE-BANDWIDTH=")) << master;
        EXPECT_EQ(stream.size_bytes, static_cast<std::int64_t>(folder_bytes(stream)));
    }
    EXPECT_FALSE(progress_.empty());
    EXPECT_TRUE(work_is_clean());
}

TEST_F(AdaptiveStepTest, EncryptsThePiecesUnderAKeyOfEachStream) {
    const model::Asset asset = add_original("mp4", fakes::test_signal(fakes::as_mp4));
    const model::AdaptiveStream clear = made(run(asset, 10));
    EXPECT_EQ(clear.protection, model::Protection::none);
    const model::AdaptiveStream stream = made(run(asset, 12));
    EXPECT_TRUE(stream.path.ends_with("/adp.12/adp.12.m3u8")) << stream.path;
    EXPECT_EQ(stream.protection, model::Protection::simple_aes);
    EXPECT_EQ(sizes(stream), sizes(clear));
    EXPECT_EQ(stream.size_bytes, static_cast<std::int64_t>(folder_bytes(stream)));

    const std::vector<std::string> names = names_beside(stream);
    ASSERT_EQ(names.size(), 3u);
    EXPECT_TRUE(names[0].starts_with("adp.12.") && names[0].ends_with(".key")) << names[0];
    EXPECT_EQ(beside(stream, names[0]).size(), 16u);
    const auto key = std::filesystem::path(path_of(stream.path)).replace_filename(names[0]);
    EXPECT_EQ(std::filesystem::status(key).permissions(), std::filesystem::perms(0600));
    for (std::size_t i = 0; i < 2; ++i) {
        const std::string piece = beside(stream, names[i + 1]);
        EXPECT_EQ(piece.size() % 16, 0u);
        EXPECT_FALSE(piece.contains("FFmpeg"));
        EXPECT_TRUE(beside(clear, fmt::format("stream_{}_00000.ts", i)).contains("FFmpeg"));
        const std::string playlist = beside(stream, head_name(model::Package::hls, i));
        EXPECT_TRUE(playlist.contains(fmt::format("URI=\"{}\"\n", names[0]))) << playlist;
        EXPECT_EQ(static_cast<std::size_t>(stream.streams[i].size_bytes),
                  piece.size() + playlist.size());
    }
    EXPECT_EQ(played(stream, "stream_0_index.m3u8")->video.at(0).codec, "h264");
    EXPECT_EQ(played(stream, "stream_1_index.m3u8")->audio.at(0).codec, "aac");
    EXPECT_TRUE(work_is_clean());
}

TEST_F(AdaptiveStepTest, NamesNothingOfAnEncryptedStreamAsInTheOneBefore) {
    const model::Asset asset = add_original("mp4", fakes::test_signal(fakes::as_mp4));
    const model::AdaptiveStream first = made(run(asset, 12));
    const std::vector<std::string> before = names_beside(first);
    const std::string key = beside(first, before.at(0));
    const model::AdaptiveStream second = made(run(asset, 12));
    EXPECT_EQ(second.path, first.path);
    const std::vector<std::string> after = names_beside(second);
    EXPECT_EQ(after.size(), before.size());
    for (const std::string& name : before)
        EXPECT_EQ(std::ranges::find(after, name), after.end()) << name;
    EXPECT_NE(beside(second, after.at(0)), key);
}

TEST_F(AdaptiveStepTest, CutsAllPicturesAtTheSameTimes) {
    const model::Asset asset = add_original("mp4", picture("854:480", "9"));
    const model::AdaptiveStream stream = made(run(asset, 10));
    EXPECT_EQ(sizes(stream), (std::vector<Size>{{428, 240}, {854, 480}}));
    std::vector<double> lengths;
    for (std::size_t i = 0; i < 2; ++i) {
        const Result<Pieces> pieces =
            playlist_pieces(beside(stream, head_name(model::Package::hls, i)));
        ASSERT_TRUE(pieces);
        ASSERT_EQ(pieces->size(), 3u);
        for (const Piece& piece : *pieces)
            lengths.push_back(piece.seconds);
    }
    EXPECT_EQ(lengths, (std::vector<double>{4, 4, 1, 4, 4, 1}));
}

TEST_F(AdaptiveStepTest, MakesDashThatAlsoEnlarges) {
    const model::Asset asset = add_original("mp4", picture("160:120", "0.5"));
    const model::AdaptiveStream stream = made(run(asset, 20));
    EXPECT_TRUE(stream.path.ends_with("/adp.20/adp.20.mpd")) << stream.path;
    EXPECT_EQ(stream.package, model::Package::dash);
    ASSERT_EQ(stream.streams.size(), 6u);
    EXPECT_EQ(sizes(stream).front(), (Size{320, 240}));
    EXPECT_EQ(sizes(stream).back(), (Size{2880, 2160}));
    const Result<std::vector<Pieces>> pieces = mpd_pieces(bytes_of(stream.path));
    ASSERT_TRUE(pieces);
    for (std::size_t i = 0; i < pieces->size(); ++i)
        EXPECT_EQ(static_cast<std::size_t>(stream.streams[i].size_bytes),
                  beside(stream, head_name(model::Package::dash, i)).size() +
                      beside(stream, pieces->at(i).front().name).size());
    EXPECT_EQ(stream.size_bytes, static_cast<std::int64_t>(folder_bytes(stream)));
    EXPECT_TRUE(work_is_clean());
}

TEST_F(AdaptiveStepTest, TakesOddSizes) {
    const model::Asset odd = add_original("mp4", picture("607:1081"));
    EXPECT_EQ(sizes(made(run(odd, 10))).back(), (Size{480, 854}));
    const model::Asset tiny = add_original("mp4", picture("161:121"));
    EXPECT_EQ(sizes(made(run(tiny, 10))), (std::vector<Size>{{160, 120}}));
}

TEST_F(AdaptiveStepTest, LeavesOutSoundThatCannotBeDecoded) {
    const model::Asset good = add_original(
        "mkv", fakes::test_signal({"-c:v", "libx264", "-preset", "ultrafast", "-c:a", "ac3"}));
    const model::Asset noise =
        add_original("mkv", {"-i", path_of(good.path), "-c", "copy", "-bsf:a", "noise=amount=1"});
    std::string bytes = bytes_of(good.path);
    const model::Asset unknown = add_bytes("mkv", bytes.replace(bytes.find("A_AC3"), 5, "A_XYZ"));
    for (const model::Asset& asset : {noise, unknown}) {
        const StepOutcome outcome = run(asset, 10);
        const model::AdaptiveStream stream = made(outcome);
        EXPECT_EQ(stream.streams.size(), 1u);
        EXPECT_EQ(outcome.message, "SUCCESS: the sound cannot be decoded and was left out");
        EXPECT_EQ(stream.size_bytes, static_cast<std::int64_t>(folder_bytes(stream)));
    }
}

TEST_F(AdaptiveStepTest, NamesTheFailureOfWhatCannotBe) {
    const model::Asset sound = add_original("mp3", {"-f", "lavfi", "-i", "sine=duration=2"});
    EXPECT_EQ(run(sound, 10).failure, Failure::no_video_media);
    EXPECT_EQ(run(sound, 15).failure, Failure::definition_not_exist);
    EXPECT_EQ(run(sound, 12).failure, Failure::no_video_media);
    const StepOutcome licensed = run(sound, 13);
    EXPECT_EQ(licensed.failure, Failure::configuration_unsupported);
    EXPECT_TRUE(licensed.message.contains("licences")) << licensed.message;
    const model::Asset whole = add_original("mp4", fakes::test_signal(fakes::as_mp4));
    const std::string bytes = bytes_of(whole.path);
    const model::Asset half = add_bytes("mp4", std::string_view(bytes).substr(0, bytes.size() / 3));
    EXPECT_EQ(run(half, 10).failure, Failure::content_malformed);
    EXPECT_TRUE(work_is_clean());
}

TEST_F(AdaptiveStepTest, BelievesNothingThatWasWrittenToAFullDisk) {
    const model::Asset asset = add_original("mp4", fakes::test_signal(fakes::as_mp4));
    StepOptions full = options();
    full.free_bytes_min = ~0ull;
    StepRunner steps(StepTools{sandbox_, prober_, files_, log_, full});
    const Result<StepOutcome> outcome = fakes::run(
        loop_,
        steps.run({asset, model::AdaptiveWork{.definition = 10, .output = {}}, {}}, [](int) {}));
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, Code::unavailable);
    EXPECT_FALSE(std::filesystem::exists(path_of("1500000001/37/" + asset.id.text() + "/adp.10")));
    EXPECT_TRUE(work_is_clean());
}

TEST_F(AdaptiveStepTest, StopsAtTheLimitOfSize) {
    const model::Asset asset = add_original("mp4", picture("854:480", "9"));
    for (const std::uint64_t limit : {10'000u, 400'000u}) {  // Of one file, of all together.
        StepOptions small = options();
        small.output_bytes_max = limit;
        StepRunner steps(StepTools{sandbox_, prober_, files_, log_, small});
        const StepOutcome outcome = run_with(steps, asset, 10);
        EXPECT_EQ(outcome.failure, Failure::result_file_size_too_large) << outcome.message;
    }
    EXPECT_TRUE(work_is_clean());
}

}  // namespace
}  // namespace hookreel::media
