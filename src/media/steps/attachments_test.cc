// Heads and tails: which are chosen, and real ffmpeg that puts them before and after a film.
#include "media/steps/attachments.h"

#include <gtest/gtest.h>

#include "media/files/local_library.h"
#include "media/steps/clips_test.h"

namespace hookreel::media {
namespace {

using model::Failure;

model::Asset shaped(std::string id, std::int64_t width, std::int64_t height,
                    std::int64_t rotate = 0) {
    model::Asset asset;
    asset.id = model::FileId(std::move(id));
    asset.path = "x/f0.mp4";
    asset.metadata.emplace();
    asset.metadata->width = width;
    asset.metadata->height = height;
    asset.metadata->rotate = rotate;
    asset.metadata->video.resize(1);
    return asset;
}

std::string chosen(const std::vector<model::Asset>& there, const model::Metadata& film,
                   Film::Output output = Film::Output::pictures) {
    std::vector<model::FileId> candidates;
    for (const model::Asset& asset : there)
        candidates.push_back(asset.id);
    const model::Asset* const found = nearest(candidates, there, {film, output});
    return found ? found->id.text() : "none";
}

TEST(NearestHead, HasTheShapeOfTheFilm) {
    const model::Metadata wide = *shaped("", 1920, 1080).metadata;
    const model::Metadata tall = *shaped("", 1920, 1080, 90).metadata;
    const std::vector<model::Asset> both = {shaped("square", 500, 500), shaped("wide", 640, 360),
                                            shaped("tall", 360, 640)};
    EXPECT_EQ(chosen(both, wide), "wide");
    EXPECT_EQ(chosen(both, tall), "tall");
    // As far from 4:3 as the other: the first of them.
    const model::Metadata film = *shaped("", 400, 300).metadata;
    EXPECT_EQ(chosen({shaped("8:3", 800, 300), shaped("2:3", 200, 300)}, film), "8:3");
    EXPECT_EQ(chosen({shaped("2:3", 200, 300), shaped("8:3", 800, 300)}, film), "2:3");
    EXPECT_EQ(chosen({shaped("a", 640, 360), shaped("b", 1280, 720)}, wide), "a");
}

TEST(NearestHead, CanBeShown) {
    const model::Metadata film = *shaped("", 1920, 1080).metadata;
    model::Asset deleted = shaped("deleted", 1920, 1080);
    deleted.path.clear();
    model::Asset unread = shaped("unread", 1920, 1080);
    unread.metadata.reset();
    model::Asset sound = shaped("sound", 0, 0);
    sound.metadata->video.clear();
    sound.metadata->audio.resize(1);
    EXPECT_EQ(chosen({deleted, unread, sound}, film), "none");
    EXPECT_EQ(chosen({deleted, unread, sound, shaped("square", 9, 9)}, film), "square");
    EXPECT_EQ(chosen({deleted, unread, sound}, film, Film::Output::sound_only), "sound");
    const std::vector<model::FileId> foreign = {model::FileId("foreign")};
    EXPECT_EQ(nearest(foreign, {shaped("square", 9, 9)}, {film}), nullptr);
}

constexpr std::uint64_t number = 1'000'001;

class AttachmentsTest : public fakes::MediaTest {
 protected:
    // A second of red with a tone of one channel, as wide as twice its height.
    model::Asset red() {
        return add_original("mp4", {"-f", "lavfi", "-i", "color=red:size=400x200:rate=30:d=1", "-f",
                                    "lavfi", "-i", "sine=frequency=880:sample_rate=48000:d=1",
                                    "-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac"});
    }
    // A second and a half of blue without sound, higher than it is wide.
    model::Asset blue() {
        return add_original("mp4", {"-f", "lavfi", "-i", "color=blue:size=100x300:rate=10:d=1.5",
                                    "-c:v", "libx264", "-pix_fmt", "yuv420p"});
    }
    void name(const std::vector<model::Asset>& heads, const std::vector<model::Asset>& tails,
              model::Fill fill = model::Fill::stretch) {
        model::HeadTailTemplate made{.definition = number, .fill = fill};
        for (const model::Asset& asset : heads)
            made.heads.push_back(asset.id);
        for (const model::Asset& asset : tails)
            made.tails.push_back(asset.id);
        own_.heads_tails = {std::move(made)};
        there_ = heads;
        there_.insert(there_.end(), tails.begin(), tails.end());
    }
    StepOutcome run(model::TranscodeWork work, const model::Asset& film) {
        work.heads_tails = {number};
        StepOrder order{film, std::move(work), own_};
        order.attachable = there_;
        const Result<StepOutcome> outcome =
            fakes::run(loop_, steps_.run(std::move(order), [](int) {}));
        EXPECT_TRUE(outcome) << outcome.error().detail;
        return outcome.value_or(StepOutcome{model::Work{}, Failure::internal_error, "no outcome"});
    }
    model::Rendition made(std::uint64_t definition, const model::Asset& film) {
        const StepOutcome outcome = run({.definition = definition, .output = {}}, film);
        EXPECT_EQ(outcome.failure, Failure::none) << outcome.message;
        const auto* const work = std::get_if<model::TranscodeWork>(&outcome.work);
        return work && work->output ? *work->output : model::Rendition{};
    }
    // The mean colour at a time: its largest part.
    std::string color_at(const std::string& path, const std::string& time) {
        Loop loop;
        const std::string picture = path_of("color.rgb");
        const Result<process::Exit> exit = fakes::run(
            loop,
            process::run_child({.argv = {fakes::program("ffmpeg"), "-nostdin", "-v", "error", "-y",
                                         "-ss", time, "-i", path_of(path), "-frames:v", "1", "-vf",
                                         "scale=1:1,format=rgb24", "-f", "rawvideo", picture}}));
        EXPECT_TRUE(exit && exit->status == 0);
        const std::string bytes = fakes::read_file(picture);
        if (bytes.size() != 3) return "none";
        const auto part = [&bytes](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
        if (part(0) > 200 && part(1) < 50 && part(2) < 50) return "red";
        return part(2) > 200 && part(0) < 50 ? "blue" : "other";
    }

    model::OwnTemplates own_;
    std::vector<model::Asset> there_;
    model::Asset film_ = add_original("mp4", fakes::test_signal(fakes::as_mp4));
};

TEST_F(AttachmentsTest, AreSeenBeforeAndAfterTheFilm) {
    name({red()}, {blue()});
    for (const std::uint64_t definition : {10u, 210u, 10046u}) {
        const model::Rendition all = made(definition, film_);
        EXPECT_NEAR(all.metadata.duration, 4.5, 0.15) << definition;  // MP3 has some padding.
        EXPECT_EQ(all.metadata.width, 320) << definition;
        EXPECT_EQ(all.metadata.height, 240) << definition;
        EXPECT_EQ(all.metadata.audio.size(), 1u) << definition;
        if (definition == 210) continue;
        EXPECT_EQ(color_at(all.path, "0.5"), "red") << definition;
        EXPECT_EQ(color_at(all.path, "2"), "other") << definition;
        EXPECT_EQ(color_at(all.path, "3.5"), "blue") << definition;
    }
    EXPECT_TRUE(work_is_clean());
}

TEST_F(AttachmentsTest, KeepTheirShapeWhereTheirFillSaysSo) {
    name({blue()}, {blue()}, model::Fill::gauss);
    EXPECT_NEAR(made(10, film_).metadata.duration, 5, 0.1);
    name({}, {blue()}, model::Fill::black);
    const model::Rendition all = made(10, film_);
    EXPECT_NEAR(all.metadata.duration, 3.5, 0.1);
    EXPECT_EQ(color_at(all.path, "3"), "other");  // A third of it is blue.
}

TEST_F(AttachmentsTest, GoWithAPartOfTheFilmAndWithWhatIsMute) {
    name({red()}, {});
    const StepOutcome part =
        run({.definition = 10, .start_offset = 1, .end_offset = 1.5, .output = {}}, film_);
    ASSERT_EQ(part.failure, Failure::none) << part.message;
    EXPECT_NEAR(std::get<model::TranscodeWork>(part.work).output->metadata.duration, 1.5, 0.1);
    // The film has no sound, but its head has.
    const model::Rendition mute = made(10, blue());
    EXPECT_NEAR(mute.metadata.duration, 2.5, 0.1);
    EXPECT_EQ(mute.metadata.audio.size(), 1u);
    EXPECT_NEAR(made(1010, film_).metadata.duration, 3, 0.15);
    name({}, {blue()});
    EXPECT_NEAR(made(1010, film_).metadata.duration, 3.5, 0.15);  // Silence at its end.
}

TEST_F(AttachmentsTest, ComeAroundAFilmWithAMovingMark) {
    name({red()}, {blue()});
    own_.watermarks.push_back({.definition = number + 1});
    own_.watermarks.back().image.emplace().path = "logo.gif";
    std::ofstream(path_of("logo.gif"), std::ios::binary)
        << fakes::clip("gif", {"-f", "lavfi", "-i", "testsrc2=size=16x8:rate=5:duration=0.6"});
    const StepOutcome outcome =
        run({.definition = 10, .output = {}, .watermarks = {{.definition = number + 1}}}, film_);
    ASSERT_EQ(outcome.failure, Failure::none) << outcome.message;
    EXPECT_NEAR(std::get<model::TranscodeWork>(outcome.work).output->metadata.duration, 4.5, 0.15);
}

TEST_F(AttachmentsTest, FailTheStepThatCannotHaveThem) {
    EXPECT_EQ(run({.definition = 10, .output = {}}, film_).failure, Failure::definition_not_exist);
    name({red()}, {blue()});
    EXPECT_EQ(run({.definition = 875, .output = {}}, film_).failure,
              Failure::configuration_unsupported);
    there_.pop_back();
    StepOutcome outcome = run({.definition = 10, .output = {}}, film_);
    EXPECT_EQ(outcome.failure, Failure::source_file_error);
    EXPECT_TRUE(outcome.message.contains("no tail of template 1000001")) << outcome.message;
    // On record, but its bytes went meanwhile.
    name({red()}, {});
    std::filesystem::remove(path_of(there_.front().path));
    EXPECT_EQ(run({.definition = 10, .output = {}}, film_).failure, Failure::source_file_error);
    name({add_bytes("mp4", "no video")}, {});
    EXPECT_EQ(run({.definition = 10, .output = {}}, film_).failure, Failure::source_file_error);
    EXPECT_TRUE(work_is_clean());
}

TEST_F(AttachmentsTest, LeaveTheOutputOfAFileOfItsOwnToThat) {
    model::TranscodeWork work{.definition = 10, .output = {}};
    work.becomes = model::FileId("3999999999999999999");
    const Result<StepOutcome> outcome =
        fakes::run(loop_, steps_.run({film_, work, {}}, [](int) {}));
    ASSERT_TRUE(outcome);
    ASSERT_EQ(outcome->failure, Failure::none) << outcome->message;
    EXPECT_EQ(std::get<model::TranscodeWork>(outcome->work).output->path,
              library_folder(film_.application, work.becomes) + "/f0.mp4");
    work.definition = 210;
    const Result<StepOutcome> stream = fakes::run(loop_, steps_.run({film_, work, {}}, [](int) {}));
    ASSERT_TRUE(stream);
    EXPECT_EQ(std::get<model::TranscodeWork>(stream->work).output->path,
              library_folder(film_.application, work.becomes) + "/f0/v.f210.m3u8");
}

}  // namespace
}  // namespace hookreel::media
