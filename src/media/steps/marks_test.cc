// Watermarks in steps: real ffmpeg lays them over, or the step says why it cannot.
#include "media/steps/marks.h"

#include <gtest/gtest.h>

#include "media/steps/clips_test.h"

namespace hookreel::media {
namespace {

using model::Failure;

constexpr std::uint64_t image_number = 1'000'001;
constexpr std::uint64_t text_number = 1'000'002;

class MarksTest : public fakes::MediaTest {
 protected:
    MarksTest() {
        own_.watermarks.push_back({.definition = image_number});
        own_.watermarks.back().image.emplace().path = "watermarks/1/logo.png";
        own_.watermarks.push_back({.definition = text_number});
        own_.watermarks.back().text = model::TextMark{.size_pixels = 20};
        put_image(fakes::clip("png", {"-f", "lavfi", "-i", "color=red:s=16x8", "-frames:v", "1"}));
    }
    void put_image(const std::string& bytes, const std::string& type = "png") {
        const std::string path = "watermarks/1/logo." + type;
        std::filesystem::create_directories(path_of("watermarks/1"));
        std::ofstream(path_of(path), std::ios::binary) << bytes;
        own_.watermarks.front().image->path = path;
    }
    StepOutcome run(model::Work work) {
        const Result<StepOutcome> outcome =
            fakes::run(loop_, steps_.run({clip_, std::move(work), own_}, [](int) {}));
        EXPECT_TRUE(outcome) << outcome.error().detail;
        return outcome.value_or(StepOutcome{model::Work{}, Failure::internal_error, "no outcome"});
    }
    static model::TranscodeWork transcode(std::vector<model::Watermark> marks,
                                          std::uint64_t definition = 10) {
        return {.definition = definition, .output = {}, .watermarks = std::move(marks)};
    }

    model::OwnTemplates own_;
    model::Asset clip_ = add_original("mp4", fakes::test_signal(fakes::as_mp4));
};

TEST_F(MarksTest, AreLaidOverEveryKindOfOutput) {
    const std::vector<model::Watermark> both = {
        {.definition = image_number, .start_offset = 1},
        {.definition = text_number, .text = "a: 'b' %{n} \\ [x];c,", .end_offset = -0.5}};
    for (const std::uint64_t definition : {10u, 210u}) {
        const StepOutcome outcome = run(transcode(both, definition));
        ASSERT_EQ(outcome.failure, Failure::none) << outcome.message;
        const auto& work = std::get<model::TranscodeWork>(outcome.work);
        EXPECT_NEAR(work.output->metadata.duration, 2, 0.2);
    }
    StepOutcome outcome = run(model::SnapshotWork{.definition = 10,
                                                  .offsets = {"0s", "1.2s", "100%"},
                                                  .offsets_ms = {},
                                                  .output = {},
                                                  .watermarks = both});
    ASSERT_EQ(outcome.failure, Failure::none) << outcome.message;
    const model::PictureSet& set = *std::get<model::SnapshotWork>(outcome.work).output;
    EXPECT_EQ(set.watermarks, (std::vector<std::uint64_t>{image_number, text_number}));
    EXPECT_EQ(set.pictures.size(), 3u);
    outcome = run(model::AdaptiveWork{.definition = 10, .output = {}, .watermarks = both});
    ASSERT_EQ(outcome.failure, Failure::none) << outcome.message;
    EXPECT_TRUE(work_is_clean());
}

// Whatever it does when it is over: a film is not longer for its mark, nor shorter.
TEST_F(MarksTest, ThatMoveEndWithTheFilm) {
    for (const std::string seconds : {"0.6", "5"}) {
        const std::string source = "testsrc2=size=16x8:rate=5:duration=" + seconds;
        put_image(fakes::clip("gif", {"-f", "lavfi", "-i", source, "-loop", "-1"}), "gif");
        for (const model::Repeat repeat :
             {model::Repeat::once, model::Repeat::last_frame, model::Repeat::always}) {
            own_.watermarks.front().image->repeat = repeat;
            const StepOutcome outcome = run(transcode({{.definition = image_number}}));
            ASSERT_EQ(outcome.failure, Failure::none) << outcome.message;
            const auto& work = std::get<model::TranscodeWork>(outcome.work);
            EXPECT_NEAR(work.output->metadata.video_duration, 2, 0.1)
                << seconds << ' ' << name(repeat);
        }
        const std::vector<model::Watermark> marks = {{.definition = image_number}};
        StepOutcome outcome =
            run(model::AdaptiveWork{.definition = 10, .output = {}, .watermarks = marks});
        EXPECT_EQ(outcome.failure, Failure::none) << outcome.message;
        outcome = run(model::SnapshotWork{.definition = 10,
                                          .offsets = {"100%"},
                                          .offsets_ms = {},
                                          .output = {},
                                          .watermarks = marks});
        EXPECT_EQ(outcome.failure, Failure::none) << outcome.message;
    }
    EXPECT_TRUE(work_is_clean());
}

TEST_F(MarksTest, LeaveNothingOfTheirTextsInAStream) {
    const StepOutcome outcome =
        run(transcode({{.definition = text_number, .text = "secret"}}, 210));
    ASSERT_EQ(outcome.failure, Failure::none) << outcome.message;
    const std::filesystem::path playlist =
        path_of(std::get<model::TranscodeWork>(outcome.work).output->path);
    for (const auto& entry : std::filesystem::directory_iterator(playlist.parent_path()))
        EXPECT_NE(entry.path().extension(), ".txt") << entry.path();
}

TEST_F(MarksTest, ThatCannotBeMadeFailTheStep) {
    const auto failure = [this](model::Watermark mark) {
        return run(transcode({std::move(mark)})).failure;
    };
    EXPECT_EQ(failure({.definition = 1'000'003}), Failure::definition_not_exist);
    EXPECT_EQ(failure({.definition = text_number}), Failure::invalid_input);
    EXPECT_EQ(failure({.definition = image_number, .text = "x"}), Failure::invalid_input);
    EXPECT_EQ(run(transcode({{.definition = image_number}}, 875)).failure,
              Failure::configuration_unsupported);
    std::filesystem::remove(path_of("watermarks/1/logo.png"));
    EXPECT_EQ(failure({.definition = image_number}), Failure::definition_not_exist);
    EXPECT_TRUE(work_is_clean());
}

// A picture that only begins like one, and one that says it is enormous.
TEST_F(MarksTest, ThatAreNoPicturesFailTheStepAlone) {
    const std::string whole =
        fakes::clip("png", {"-f", "lavfi", "-i", "color=red:s=16x8", "-frames:v", "1"});
    std::string enormous = whole;
    enormous.replace(16, 8, std::string("\x00\x00\xff\xff\x00\x00\xff\xff", 8));
    for (const std::string& bytes : {whole.substr(0, 20), whole.substr(0, 60), enormous}) {
        put_image(bytes);
        const StepOutcome outcome = run(transcode({{.definition = image_number}}));
        EXPECT_EQ(outcome.failure, Failure::invalid_input) << outcome.message;
    }
    EXPECT_TRUE(work_is_clean());
}

}  // namespace
}  // namespace hookreel::media
