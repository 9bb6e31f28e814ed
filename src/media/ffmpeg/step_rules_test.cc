#include "media/ffmpeg/step_rules.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <limits>

namespace hookreel::media {
namespace {

using model::Failure;
using Times = std::vector<double>;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::optional<model::Metadata> film(double duration = 60) {
    model::Metadata metadata;
    metadata.container = "mov,mp4,m4a,3gp,3g2,mj2";
    metadata.duration = duration;
    metadata.width = 640;
    metadata.height = 480;
    metadata.video.emplace_back().codec = "h264";
    metadata.video.front().fps = 25;
    metadata.audio.emplace_back().codec = "aac";
    return metadata;
}

model::TranscodeWork transcode_work(std::uint64_t definition) {
    return {.definition = definition, .output = {}};
}

model::SnapshotWork snapshots(std::vector<std::string> offsets, Times offsets_ms = {}) {
    return {
        .definition = 10, .offsets = std::move(offsets), .offsets_ms = offsets_ms, .output = {}};
}

TEST(StepRules, SeesThatASourceWasCutOff) {
    const auto told = [](std::string errors) {
        return is_cut_off({.status = 0, .output = {}, .errors = std::move(errors)});
    };
    EXPECT_TRUE(told("[mov,mp4 @ 0x55] stream 0, offset 0x2d876: partial file\n"));
    EXPECT_TRUE(told("[matroska,webm @ 0x55] File ended prematurely\n"));
    EXPECT_FALSE(told("[wmv2 @ 0x55] Error at MB: 16\n"));
    EXPECT_FALSE(told(""));
}

TEST(RangeOf, CountsNegativeTimesFromTheEnd) {
    struct Case {
        double start;
        double end;
        std::optional<Range> wanted;
    };
    const Case cases[] = {{0, 0, std::nullopt},    {10, 0, Range{10, 50}},  {0, 20, Range{0, 20}},
                          {-10, 0, Range{50, 10}}, {-10, -5, Range{50, 5}}, {5, -5, Range{5, 50}},
                          {0, 60.9, Range{0, 60}}};
    for (const Case& each : cases) {
        const auto range = range_of(
            {.definition = 10, .start_offset = each.start, .end_offset = each.end, .output = {}},
            60);
        ASSERT_TRUE(range) << each.start << " " << each.end;
        EXPECT_EQ(*range, each.wanted) << each.start << " " << each.end;
    }
}

TEST(RangeOf, RefusesTimesOutsideOfTheSource) {
    const std::pair<double, double> cases[] = {{60, 0},  {61, 70},   {30, 20},   {-61, 0},
                                               {0, 62},  {0, -60},   {nan, 0},   {0, nan},
                                               {20, 20}, {1e300, 0}, {0, -1e300}};
    for (const auto& [start, end] : cases) {
        const auto range = range_of(
            {.definition = 10, .start_offset = start, .end_offset = end, .output = {}}, 60);
        ASSERT_FALSE(range) << start << " " << end;
        EXPECT_EQ(range.error().failure, Failure::invalid_time_offset);
    }
}

TEST(AdaptiveOf, SaysWhatIsWrongAndWhetherThereIsSound) {
    std::optional<model::Metadata> silent = film();
    silent->audio.clear();
    std::optional<model::Metadata> sound = film();
    sound->video.clear();
    std::optional<model::Metadata> sizeless = film();
    sizeless->width = 0;
    const std::tuple<std::uint64_t, std::optional<model::Metadata>, Failure> cases[] = {
        {11, film(), Failure::configuration_unsupported},
        {15, film(), Failure::definition_not_exist},
        {10, std::nullopt, Failure::content_malformed},
        {10, sound, Failure::no_video_media},
        {10, sizeless, Failure::no_video_resolution}};
    for (const auto& [definition, source, failure] : cases) {
        const auto plan = adaptive_of({.definition = definition, .output = {}}, source, {});
        ASSERT_FALSE(plan) << definition;
        EXPECT_EQ(plan.error().failure, failure) << definition;
    }
    EXPECT_EQ(adaptive_of({.definition = 10, .output = {}}, silent, {})->sound, Sound::drop);
    const auto plan = adaptive_of({.definition = 10, .output = {}}, film(), {});
    EXPECT_EQ(plan->sound, Sound::keep);
    EXPECT_EQ(plan->pictures.size(), 2u);  // 240 and 480.
    EXPECT_EQ(adaptive_of({.definition = 12, .output = {}}, film(), {})->pictures.size(), 2u);
    std::optional<model::Metadata> turned = film();
    turned->rotate = 270;
    EXPECT_EQ(adaptive_of({.definition = 10, .output = {}}, turned, {})->pictures.back().size,
              (Size{480, 640}));
}

TEST(AdaptiveOf, AnOwnTemplateMayLeaveOutTheSoundAndKeepToTheBitrateOfTheSource) {
    model::OwnTemplates own;
    own.adaptives.push_back({.definition = 1'000'001,
                             .video = {{.kbps = 800, .height = 480}, {.kbps = 200, .height = 240}},
                             .exceeds_bitrate = false});
    std::optional<model::Metadata> source = film();
    source->video.front().bitrate = 500'999;
    const auto kbps = [&] {
        std::vector<int> all;
        for (const SubPicture& one :
             adaptive_of({.definition = 1'000'001, .output = {}}, source, own)->pictures)
            all.push_back(one.video.kbps);
        return all;
    };
    EXPECT_EQ(adaptive_of({.definition = 1'000'001, .output = {}}, source, own)->sound,
              Sound::drop);
    EXPECT_EQ(kbps(), (std::vector<int>{500, 200}));
    source->video.front().bitrate = 0;  // Nobody knows it.
    EXPECT_EQ(kbps(), (std::vector<int>{800, 200}));
    own.adaptives.front().exceeds_bitrate = true;
    source->video.front().bitrate = 500'999;
    EXPECT_EQ(kbps(), (std::vector<int>{800, 200}));
}

TEST(TemplateFor, SaysWhatIsWrongWithTheRequestOrTheSource) {
    std::optional<model::Metadata> silent = film();
    silent->audio.clear();
    std::optional<model::Metadata> sound = film();
    sound->video.clear();
    std::optional<model::Metadata> sizeless = film();
    sizeless->width = 0;
    std::optional<model::Metadata> windows = film();
    windows->video.front().codec = "wmv2";
    std::optional<model::Metadata> turned = film();
    turned->rotate = 180;
    const std::tuple<std::uint64_t, std::optional<model::Metadata>, Failure> cases[] = {
        {11, film(), Failure::definition_not_exist},
        {11, std::nullopt, Failure::definition_not_exist},
        {10, std::nullopt, Failure::content_malformed},
        {10, sound, Failure::no_video_media},
        {10, sizeless, Failure::no_video_resolution},
        {1010, silent, Failure::content_unsupported},
        {875, windows, Failure::content_unsupported},
        {876, windows, Failure::content_unsupported},
        {876, turned, Failure::content_unsupported}};
    for (const auto& [definition, source, failure] : cases) {
        const auto found = template_for(transcode_work(definition), source, {});
        ASSERT_FALSE(found) << definition;
        EXPECT_EQ(found.error().failure, failure) << definition;
    }
    EXPECT_TRUE(template_for(transcode_work(1010), sound, {}));
    EXPECT_TRUE(template_for(transcode_work(10), silent, {}));
    EXPECT_TRUE(template_for(transcode_work(875), film(), {}));
    EXPECT_TRUE(template_for(transcode_work(875), turned, {}));
    EXPECT_TRUE(template_for(transcode_work(210), turned, {}));
}

TEST(TimesOf, PlacesTheCover) {
    const auto cover = [](model::Position position, double value) {
        return times_of(
            model::CoverWork{
                .definition = 10, .position = position, .position_value = value, .output = {}},
            film(), {});
    };
    EXPECT_EQ(cover(model::Position::time, 3).value(), Times{3});
    EXPECT_EQ(cover(model::Position::percent, 50).value(), Times{30});
    EXPECT_EQ(cover(model::Position::time, 60.5).value(), Times{60});
    for (const double wrong : {-1.0, 62.0, nan})
        EXPECT_EQ(cover(model::Position::time, wrong).error().failure,
                  Failure::invalid_time_offset);
    for (const double wrong : {-1.0, 100.5, nan})
        EXPECT_EQ(cover(model::Position::percent, wrong).error().failure,
                  Failure::invalid_time_offset);
}

TEST(TimesOf, ReadsBothFormsOfSnapshotOffsets) {
    EXPECT_EQ(times_of(snapshots({"0s", "3.5s", "50%"}), film(), {}).value(), (Times{0, 3.5, 30}));
    EXPECT_EQ(times_of(snapshots({}, {0, 1500}), film(), {}).value(), (Times{0, 1.5}));
    EXPECT_EQ(times_of(snapshots({"1s"}, {9000}), film(), {}).value(), Times{1});
    const std::pair<std::string, Failure> cases[] = {
        {"", Failure::invalid_input},           {"s", Failure::invalid_input},
        {"3", Failure::invalid_input},          {"3m", Failure::invalid_input},
        {"x%", Failure::invalid_input},         {"-1s", Failure::invalid_time_offset},
        {"101%", Failure::invalid_time_offset}, {"3600s", Failure::invalid_time_offset}};
    for (const auto& [offset, failure] : cases) {
        const auto times = times_of(snapshots({"1s", offset}), film(), {});
        ASSERT_FALSE(times) << offset;
        EXPECT_EQ(times.error().failure, failure) << offset;
    }
    EXPECT_EQ(times_of(snapshots({}), film(), {}).error().failure, Failure::invalid_input);
}

TEST(TimesOf, SamplesTenTimesByPercent) {
    const model::SampleWork work{.definition = 10, .output = {}};
    EXPECT_EQ(times_of(work, film(10), {}).value(), (Times{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST(TimesOf, SamplesAsAnOwnTemplateSaysUpToAThousandTimes) {
    model::OwnTemplates own;
    own.samples.push_back({{.definition = 1'000'001}, model::SampleType::time, 4});
    const model::SampleWork work{.definition = 1'000'001, .output = {}};
    EXPECT_EQ(times_of(work, film(10), own).value(), (Times{0, 4, 8}));
    EXPECT_EQ(times_of(work, film(8), own).value(), (Times{0, 4}));
    EXPECT_EQ(times_of(work, film(4'000), own).value().size(), 1'000u);
    EXPECT_EQ(times_of(work, film(4'001), own).error().failure, Failure::configuration_unsupported);
    own.samples.front().sample_type = model::SampleType::percent;
    EXPECT_EQ(times_of(work, film(100), own).value().size(), 25u);
}

TEST(TimesOf, RefusesPicturesOfWhatHasNone) {
    std::optional<model::Metadata> sound = film();
    sound->video.clear();
    EXPECT_EQ(times_of(snapshots({"1s"}), sound, {}).error().failure, Failure::no_video_media);
    EXPECT_EQ(times_of(snapshots({"1s"}), std::nullopt, {}).error().failure,
              Failure::content_malformed);
    EXPECT_EQ(look_of(model::CoverWork{.definition = 11, .output = {}}, {}).error().failure,
              Failure::definition_not_exist);
    EXPECT_EQ(
        times_of(model::SampleWork{.definition = 11, .output = {}}, film(), {}).error().failure,
        Failure::definition_not_exist);
}

TEST(TimeWithPicture, StaysBeforeTheEndOfTheVideo) {
    model::Metadata source = *film();
    EXPECT_DOUBLE_EQ(time_with_picture(30, source), 30);
    EXPECT_DOUBLE_EQ(time_with_picture(60, source), 59.94);
    source.video_duration = 10;
    EXPECT_DOUBLE_EQ(time_with_picture(60, source), 9.94);
    source.video_duration = 0.02;
    EXPECT_DOUBLE_EQ(time_with_picture(60, source), 0);
}

TEST(FailureOf, ReadsExitCodesAndKnownSentences) {
    const std::tuple<int, std::string, Failure> cases[] = {
        {128 + SIGXFSZ, "", Failure::result_file_size_too_large},
        {128 + SIGKILL, "", Failure::internal_error},
        {1, "[flv @ 0x1] Video codec hevc not compatible with flv",
         Failure::configuration_unsupported},
        {1, "Decoder (codec none) not found for input stream #0:0", Failure::content_unsupported},
        {1, "Invalid data found when processing input", Failure::content_malformed},
        {1, "x264 [error]: malloc of size 206404352 failed", Failure::internal_error},
        {1, "Error while filtering: Cannot allocate memory", Failure::internal_error},
        {69, "", Failure::content_malformed}};
    for (const auto& [status, errors, failure] : cases) {
        const StepFailure found = failure_of({.status = status, .output = {}, .errors = errors});
        EXPECT_EQ(found.failure, failure) << status << errors;
        EXPECT_FALSE(found.fault);
        EXPECT_FALSE(found.message.contains("0x1"));
    }
    const StepFailure full =
        failure_of({.status = 1,
                    .output = {},
                    .errors = "av_interleaved_write_frame(): No space left on device"});
    ASSERT_TRUE(full.fault);
    EXPECT_EQ(full.fault->code, Code::unavailable);
}

TEST(StepFailureOf, TellsWhatMustBeDoneAgain) {
    EXPECT_FALSE(step_failure(Error{Code::timed_out, ""}).fault);
    EXPECT_TRUE(step_failure(Error{Code::cancelled, ""}).fault);
    EXPECT_TRUE(step_failure(Error{Code::unavailable, ""}).fault);
}

TEST(MayBeTheSound, IsAskedOnlyWhereThereIsVideoToo) {
    const process::Exit rate{.status = 69, .output = {}, .errors = {}};
    EXPECT_TRUE(may_be_the_sound(rate, *film()));
    model::Metadata silent = *film();
    silent.audio.clear();
    EXPECT_FALSE(may_be_the_sound(rate, silent));
    const process::Exit killed{.status = 137, .output = {}, .errors = {}};
    EXPECT_FALSE(may_be_the_sound(killed, *film()));
    const process::Exit full{
        .status = 1, .output = {}, .errors = "x264 [error]: malloc of size 7 failed"};
    EXPECT_FALSE(may_be_the_sound(full, *film()));
}

TEST(HasExpectedLength, AllowsASecondOrTwoPercent) {
    EXPECT_TRUE(has_expected_length(9.1, 10));
    EXPECT_FALSE(has_expected_length(4.92, 10));
    EXPECT_TRUE(has_expected_length(1015, 1000));
    EXPECT_FALSE(has_expected_length(1021, 1000));
    EXPECT_FALSE(has_expected_length(nan, 10));
}

TEST(SheetsOf, CountsAPictureForEachBegunIntervalWithinALimit) {
    for (const auto& [duration, count] :
         {std::pair{0.04, 1}, std::pair{10.0, 1}, std::pair{10.1, 2}, std::pair{100'000.0, 10'000}})
        EXPECT_EQ(sheets_of({.definition = 10, .output = {}}, film(duration), {})->count, count);
    const auto failure = [](std::uint64_t definition, std::optional<model::Metadata> source) {
        return sheets_of({.definition = definition, .output = {}}, source, {}).error().failure;
    };
    EXPECT_EQ(failure(10, film(100'000.1)), Failure::content_unsupported);
    EXPECT_EQ(failure(10, film(nan)), Failure::content_unsupported);
    EXPECT_EQ(failure(11, film()), Failure::definition_not_exist);
    EXPECT_EQ(failure(10, std::nullopt), Failure::content_malformed);
    std::optional<model::Metadata> sound = film();
    sound->video.clear();
    EXPECT_EQ(failure(10, sound), Failure::no_video_media);
}

TEST(TemplateFor, BlamesTheTemplateForAPictureThatIsTooLarge) {
    model::OwnTemplates own;
    own.transcodes.push_back({.definition = 1'000'001,
                              .name = {},
                              .container = "mp4",
                              .video = VideoTemplate{.width = 6000},
                              .audio = {}});
    EXPECT_TRUE(template_for(transcode_work(1'000'001), film(), own));
    std::optional<model::Metadata> square = film();
    square->height = square->width;
    EXPECT_EQ(template_for(transcode_work(1'000'001), square, own).error().failure,
              Failure::configuration_unsupported);
}

TEST(SheetsOf, FollowsAnOwnTemplateInSizeAndInterval) {
    model::OwnTemplates own;
    own.sprites.push_back({.definition = 1'000'001,
                           .width = 160,
                           .rows = 2,
                           .columns = 5,
                           .interval = 10,
                           .sample_type = model::SampleType::percent});
    const auto sheets = sheets_of({.definition = 1'000'001, .output = {}}, film(7), own);
    ASSERT_TRUE(sheets);
    EXPECT_EQ(sheets->cell, (Size{160, 120}));
    EXPECT_DOUBLE_EQ(sheets->interval_seconds, 0.7);
    EXPECT_EQ(sheets->count, 10);
    own.sprites.front().width = 0;  // 640x480 each.
    own.sprites.front().rows = 40;
    const auto large = sheets_of({.definition = 1'000'001, .output = {}}, film(7), own);
    EXPECT_EQ(large.error().failure, Failure::result_file_size_too_large);
}

TEST(LookOf, FindsHowPicturesLook) {
    model::OwnTemplates own;
    own.snapshots.push_back({.definition = 1'000'002, .width = 64});
    EXPECT_EQ(look_of(model::CoverWork{.definition = 1'000'002, .output = {}}, own).value()->width,
              64);
    EXPECT_EQ(look_of(snapshots({"1s"}), own).value()->definition, 10u);
    EXPECT_EQ(
        look_of(model::SampleWork{.definition = 1'000'002, .output = {}}, own).error().failure,
        Failure::definition_not_exist);
}

TEST(AnimationOf, HasTheSizeThatTheTemplateGivesItTurnedLikeTheSource) {
    model::OwnTemplates own;
    own.animations.push_back({.definition = 1'000'001, .width = 320});
    const auto size = [&own](std::uint64_t definition, std::optional<model::Metadata> source) {
        return animation_of({.definition = definition, .output = {}}, source, own).value().size;
    };
    EXPECT_EQ(size(20000, film()), (Size{640, 480}));
    EXPECT_EQ(size(1'000'001, film()), (Size{320, 240}));
    std::optional<model::Metadata> turned = film();
    turned->rotate = 90;
    EXPECT_EQ(size(20000, turned), (Size{480, 640}));
    EXPECT_EQ(size(1'000'001, turned), (Size{240, 320}));
    own.animations.front().height = 320;
    own.animations.front().sides = model::Sides::as_named;
    EXPECT_EQ(size(1'000'001, turned), (Size{320, 320}));
}

TEST(AnimationOf, TakesPartsWithinTheSource) {
    const auto range = [](double start, double end) {
        return animation_of(
            {.definition = 20000, .start_offset = start, .end_offset = end, .output = {}}, film(),
            {});
    };
    EXPECT_EQ(range(1, 3)->range, (Range{.start = 1, .length = 2}));
    EXPECT_EQ(range(0, 0)->range, (Range{.start = 0, .length = 60}));
    EXPECT_EQ(range(-5, -1)->range, (Range{.start = 55, .length = 4}));
    for (const auto& [start, end] :
         {std::pair{3.0, 1.0}, std::pair{2.0, 2.0}, std::pair{70.0, 0.0}, std::pair{0.0, 70.0},
          std::pair{-61.0, 0.0}, std::pair{nan, 1.0}, std::pair{0.0, nan}})
        EXPECT_EQ(range(start, end).error().failure, Failure::invalid_time_offset) << start;
    std::optional<model::Metadata> bare = film();
    bare->width = 0;
    EXPECT_EQ(animation_of({.definition = 20000, .output = {}}, bare, {}).error().failure,
              Failure::no_video_resolution);
    EXPECT_EQ(animation_of({.definition = 10, .output = {}}, film(), {}).error().failure,
              Failure::definition_not_exist);
}

TEST(StepRules, HaveASentenceForEveryFailure) {
    for (std::size_t i = 0; i < names(static_cast<Failure*>(nullptr)).size(); ++i) {
        const StepFailure failure = step_failure(static_cast<Failure>(i));
        EXPECT_EQ(failure.failure, static_cast<Failure>(i));
        EXPECT_FALSE(failure.message.empty());
    }
    EXPECT_EQ(step_failure(Failure::internal_error).message, "Internal error");
}

}  // namespace
}  // namespace hookreel::media
