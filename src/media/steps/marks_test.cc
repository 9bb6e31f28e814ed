// Watermarks in steps: real ffmpeg lays them over, or the step says why it cannot.
#include "media/steps/marks.h"

#include <gtest/gtest.h>

#include "media/steps/clips_test.h"

namespace hookreel::media {
namespace {

using model::Failure;

constexpr std::uint64_t image_number = 1'000'001;
constexpr std::uint64_t text_number = 1'000'002;
constexpr std::uint64_t drawn_number = 1'000'003;

class MarksTest : public fakes::MediaTest {
 protected:
    MarksTest() {
        own_.watermarks.push_back({.definition = image_number});
        own_.watermarks.back().image.emplace().path = "watermarks/1/logo.png";
        own_.watermarks.push_back({.definition = text_number});
        own_.watermarks.back().text = model::TextMark{.size_pixels = 20};
        own_.watermarks.push_back({.definition = drawn_number});
        own_.watermarks.back().drawn.emplace();
        put_image(fakes::clip("png", {"-f", "lavfi", "-i", "color=red:s=16x8", "-frames:v", "1"}));
    }
    void put_image(const std::string& bytes, const std::string& type = "png") {
        const std::string path = "watermarks/1/logo." + type;
        std::filesystem::create_directories(path_of("watermarks/1"));
        std::ofstream(path_of(path), std::ios::binary) << bytes;
        own_.watermarks.front().image->path = path;
    }
    // A use of a drawing with this text; nobody checks it here.
    model::Watermark draw(std::string_view inside, std::string_view attributes = "") {
        constexpr std::string_view path = ".drawings/1/a.svg";
        std::filesystem::create_directories(path_of(".drawings/1"));
        std::ofstream(path_of(std::string(path)), std::ios::binary)
            << fmt::format(R"(<svg xmlns="http://www.w3.org/2000/svg" )"
                           R"(xmlns:xlink="http://www.w3.org/1999/xlink" {}>{}</svg>)",
                           attributes, inside);
        return {.definition = drawn_number, .drawing = std::string(path)};
    }
    model::DrawnMark& sides() { return *own_.watermarks.back().drawn; }
    // The bytes of a picture that is marked so; empty when the step failed.
    std::string snapshot(model::Watermark mark) {
        const StepOutcome outcome = run(model::SnapshotWork{.definition = 10,
                                                            .offsets = {"0s"},
                                                            .offsets_ms = {},
                                                            .output = {},
                                                            .watermarks = {std::move(mark)}});
        if (outcome.failure != Failure::none) return {};
        const model::PictureSet& set = *std::get<model::SnapshotWork>(outcome.work).output;
        return fakes::read_file(path_of(set.pictures.front().path));
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
    EXPECT_EQ(failure({.definition = 1'000'009}), Failure::definition_not_exist);
    EXPECT_EQ(failure({.definition = text_number}), Failure::invalid_input);
    EXPECT_EQ(failure({.definition = image_number, .text = "x"}), Failure::invalid_input);
    EXPECT_EQ(run(transcode({{.definition = image_number}}, 875)).failure,
              Failure::configuration_unsupported);
    std::filesystem::remove(path_of("watermarks/1/logo.png"));
    EXPECT_EQ(failure({.definition = image_number}), Failure::definition_not_exist);
    EXPECT_TRUE(work_is_clean());
}

TEST_F(MarksTest, InSvgAreLaidOverEveryKindOfOutput) {
    const std::vector<model::Watermark> marks = {
        draw("<rect width='9' height='9' fill='white'/>", "viewBox='0 0 18 9'"),
        {.definition = image_number}};
    for (const std::uint64_t definition : {10u, 210u}) {
        const StepOutcome outcome = run(transcode(marks, definition));
        ASSERT_EQ(outcome.failure, Failure::none) << outcome.message;
    }
    StepOutcome outcome =
        run(model::AdaptiveWork{.definition = 10, .output = {}, .watermarks = marks});
    ASSERT_EQ(outcome.failure, Failure::none) << outcome.message;
    EXPECT_NE(snapshot(marks.front()), snapshot(draw("")));
    EXPECT_TRUE(work_is_clean());
}

TEST_F(MarksTest, InSvgNeedTheirDrawingAndNothingElse) {
    const auto failure = [this](model::Watermark mark) {
        return run(transcode({std::move(mark)})).failure;
    };
    model::Watermark drawn = draw("");
    EXPECT_EQ(failure({.definition = drawn_number}), Failure::invalid_input);
    EXPECT_EQ(failure({.definition = image_number, .drawing = drawn.drawing}),
              Failure::invalid_input);
    EXPECT_EQ(failure({.definition = text_number, .text = "x", .drawing = drawn.drawing}),
              Failure::invalid_input);
    drawn.text = "x";
    EXPECT_EQ(failure(drawn), Failure::invalid_input);
    EXPECT_EQ(failure({.definition = drawn_number, .drawing = ".drawings/1/gone.svg"}),
              Failure::internal_error);
    EXPECT_TRUE(work_is_clean());
}

// The check of the text comes before, and is not what keeps a drawing in.
TEST_F(MarksTest, InSvgReachNoFileAndNoAddress) {
    asio::io_context listening;
    asio::ip::tcp::acceptor listener(listening, {asio::ip::make_address("127.0.0.1"), 0});
    listener.non_blocking(true);
    const std::string base = fmt::format("http://127.0.0.1:{}/", listener.local_endpoint().port());
    put_image(fakes::clip("png", {"-f", "lavfi", "-i", "color=red:s=16x8", "-frames:v", "1"}));
    const std::string secret = path_of("watermarks/1/logo.png");
    const std::string nothing = snapshot(draw("", "viewBox='0 0 9 9'"));
    ASSERT_FALSE(nothing.empty());
    for (const std::string& address :
         {secret, "file://" + secret, std::string("../../watermarks/1/logo.png"), base + "a.png",
          base + "a.svg#b", std::string("/etc/passwd")}) {
        for (const std::string_view form :
             {"<image xlink:href='{0}' width='9' height='9'/>", "<use href='{0}'/>",
              "<image href='{0}' width='9' height='9'/>",
              "<style>@import url({0});</style><rect width='9' height='9' fill='none'/>",
              "<rect width='9' height='9' fill='none' stroke='url({0})' mask='url({0})'/>"}) {
            const std::string inside = fmt::format(fmt::runtime(form), address);
            EXPECT_TRUE(snapshot(draw(inside, "viewBox='0 0 9 9'")) == nothing) << inside;
        }
    }
    const std::string include = "<xi:include href='file:///etc/passwd' parse='text'/>";
    EXPECT_EQ(snapshot(draw("<text y='9'>" + include + "</text>",
                            "viewBox='0 0 9 9' xmlns:xi='http://www.w3.org/2001/XInclude'")),
              nothing);
    boost::system::error_code error;
    listener.accept(error);
    EXPECT_EQ(error, asio::error::would_block);
    EXPECT_TRUE(work_is_clean());
}

TEST_F(MarksTest, InSvgThatCannotBeDrawnFailTheStepAlone) {
    const auto failure = [this](model::Watermark mark) {
        const StepOutcome outcome = run(transcode({std::move(mark)}));
        EXPECT_TRUE(outcome.message.contains("SVG") || outcome.failure == Failure::none);
        return outcome.failure;
    };
    std::string deep;
    for (int i = 0; i < 100'000; ++i)
        deep += "<g>";
    EXPECT_EQ(failure(draw(deep)), Failure::invalid_input);
    EXPECT_EQ(failure(draw("", "viewBox='0 0 1 1000000'")), Failure::invalid_input);
    EXPECT_EQ(failure(draw("&a;")), Failure::invalid_input);
    sides() = {.width = {}, .height = {}};
    EXPECT_EQ(failure(draw("", "width='1000000' height='1000000'")), Failure::invalid_input);
    EXPECT_EQ(failure(draw("", "width='1000000' height='1'")), Failure::invalid_input);
    EXPECT_EQ(failure(draw("", "width='16' height='8'")), Failure::none);
    // Laughs: of a billion none is heard.
    std::string laughs = "<!DOCTYPE svg [<!ENTITY a0 'ha'>";
    for (int i = 1; i < 12; ++i)
        laughs += fmt::format("<!ENTITY a{} '{}'>", i,
                              fmt::format("&a{0};&a{0};&a{0};&a{0};&a{0};&a{0};&a{0};", i - 1));
    std::ofstream(path_of(".drawings/1/a.svg")) << laughs << "]><svg><text>&a11;</text></svg>";
    EXPECT_EQ(failure({.definition = drawn_number, .drawing = ".drawings/1/a.svg"}),
              Failure::invalid_input);
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
