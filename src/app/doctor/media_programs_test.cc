#include "app/doctor/media_programs.h"

#include <gtest/gtest.h>

namespace hookreel::app::doctor {
namespace {

constexpr std::string_view listing =
    "Encoders:\n V..... = Video\n ------\n V....D libx264              H.264\n"
    " A....D aac                  AAC (Advanced Audio Coding)\n VF.... mjpeg";

TEST(MediaPrograms, AreAskedForWhatTheyHave) {
    const std::vector<std::string_view> wanted = {"libx264", "mjpeg", "libx265", "AAC", "aac"};
    EXPECT_EQ(missing_of(listing, wanted), (std::vector<std::string>{"libx265", "AAC"}));
    EXPECT_EQ(missing_of("", wanted).size(), wanted.size());
    EXPECT_TRUE(missing_of(listing, {}).empty());
}

Findings look(MediaPrograms programs) {
    Loop loop;
    const process::Sandbox sandbox(process::Isolation::limits);
    Findings findings;
    const auto scene = [](const process::Sandbox& at, MediaPrograms what,
                          Findings& out) -> Task<void> {
        out = co_await check_media_programs(at, std::move(what));
    };
    asio::co_spawn(loop.get_executor(), scene(sandbox, std::move(programs), findings),
                   [](const std::exception_ptr& error) {
                       if (error) std::rethrow_exception(error);
                   });
    loop.run();
    return findings;
}

TEST(MediaPrograms, OfThisMachineDoWhatOurWorkAsks) {
    const Findings findings = look({});
    ASSERT_EQ(findings.size(), 6u);
    for (const Finding& finding : findings)
        EXPECT_NE(finding.outcome, Outcome::failed) << finding.subject << ": " << finding.found;
    EXPECT_TRUE(findings[1].found.starts_with("ffmpeg version"));
    EXPECT_FALSE(findings[1].found.contains("Copyright")) << findings[1].found;
}

TEST(MediaPrograms, ThatAreMissingOrBrokenAreNamed) {
    const Findings findings = look({"/nonexistent/ffmpeg", "/usr/bin/false"});
    ASSERT_EQ(findings.size(), 3u);
    EXPECT_EQ(findings[1].outcome, Outcome::failed);
    EXPECT_TRUE(findings[1].found.contains("/nonexistent/ffmpeg"));
    EXPECT_EQ(findings[2].outcome, Outcome::failed);
    EXPECT_TRUE(findings[2].found.contains("ended with 1"));
}

}  // namespace
}  // namespace hookreel::app::doctor
