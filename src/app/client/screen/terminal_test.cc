#include "app/client/screen/terminal.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>

namespace hookreel::app::client {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Screen colored{Screen::Kind::terminal, Screen::Colors::on, 40};

// What `write` puts into a pipe.
template <class Write>
std::string written(Screen screen, Write write) {
    std::array<int, 2> ends{};
    EXPECT_EQ(pipe(ends.data()), 0);
    Terminal terminal(screen, ends[1]);
    write(terminal);
    close(ends[1]);
    std::string text(4096, '\0');
    const ssize_t count = read(ends[0], text.data(), text.size());
    close(ends[0]);
    text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return text;
}

TEST(Terminal, PaintsOnlyWhereColorsAreShown) {
    EXPECT_EQ(Terminal(Screen{}, 1).paint(Paint::red, "no"), "no");
    EXPECT_EQ(Terminal(colored, 1).paint(Paint::red, "no"), "\x1b[31mno\x1b[0m");
    EXPECT_EQ(Terminal(colored, 1).paint(Paint::plain, "no"), "no");
}

TEST(Terminal, ErasesAMovingLineBeforeTheNextOne) {
    const auto both = [](Terminal& terminal) {
        terminal.moving_line("half");
        terminal.line("done");
        terminal.line("next");
    };
    EXPECT_EQ(written(Screen{}, both), "done\nnext\n");
    EXPECT_EQ(written(colored, both), "\rhalf\x1b[K\r\x1b[Kdone\nnext\n");
}

TEST(Terminal, CutsMovingLinesToTheScreen) {
    const auto text =
        written(colored, [](Terminal& terminal) { terminal.moving_line(std::string(100, 'x')); });
    EXPECT_EQ(text, "\r" + std::string(38, 'x') + "…\x1b[K");
}

TEST(Terminal, TellsDurationsForPeople) {
    EXPECT_EQ(human_duration(Duration(340)), "340 ms");
    EXPECT_EQ(human_duration(seconds(8)), "8.0 s");
    EXPECT_EQ(human_duration(minutes(3) + seconds(12)), "3 min 12 s");
    EXPECT_EQ(human_duration(hours(2) + minutes(5)), "2 h 5 min");
    EXPECT_EQ(human_duration(Duration(-5)), "0 ms");
}

TEST(Terminal, CountsColumnsNotBytes) {
    EXPECT_EQ(width("naïve"), 5u);
    EXPECT_EQ(width("\x1b[31mred\x1b[0m"), 3u);
    EXPECT_EQ(cut("naïveté", 5), "naïv…");
    EXPECT_EQ(cut("short", 5), "short");
    EXPECT_EQ(cut("\x1b[31mlonger\x1b[0m", 4), "\x1b[31mlon…\x1b[0m");
}

TEST(Terminal, AlignsTables) {
    EXPECT_EQ(table({{"HANDLE", "EVENT"}, {"1", "é"}, {"12345678", "x"}}),
              "HANDLE    EVENT\n"
              "1         é\n"
              "12345678  x\n");
    EXPECT_EQ(table({}), "");
}

TEST(Terminal, CutsTheLastColumnsOfATableToTheScreen) {
    const std::vector<std::vector<std::string>> rows = {
        {"ID", "NOTE", "URL"}, {std::string(20, 'i'), std::string(12, 'n'), std::string(60, 'u')}};
    EXPECT_EQ(table(rows, colored),  // 40 columns: 20 + 2 + 8 + 2 + 8.
              "ID                    NOTE      URL\n" + std::string(20, 'i') + "  " +
                  std::string(7, 'n') + "…  " + std::string(7, 'u') + "…");
    EXPECT_EQ(table(rows, Screen{}), "ID                    NOTE          URL\n" +
                                         std::string(20, 'i') + "  " + std::string(12, 'n') + "  " +
                                         std::string(60, 'u'));
    EXPECT_EQ(table({}, colored), "");
    // Too narrow for anything: nothing is lost but the shape, and what names the row stays whole.
    const Screen tiny{Screen::Kind::terminal, Screen::Colors::off, 3};
    EXPECT_EQ(table({{"123456789", "123456789"}}, tiny), "123456789  1234567…");
}

TEST(Terminal, TakesThePowerFromWhatStrangersSent) {
    EXPECT_EQ(printable("a\x1b[31mb\r\nc\td\x7f"), "a [31mb  c d ");
    EXPECT_EQ(printable("\xc2\x9b"
                        "31m é\xc2"),
              " 31m é\xc2");
}

TEST(ProgressBar, TellsRateAndTimeLeft) {
    const BarState half{"Uploading", 5 << 20, 10 << 20, Unit::bytes, seconds(5)};
    EXPECT_EQ(bar_text(half, 200),
              "  Uploading  ███████████████░░░░░░░░░░░░░░░   50 %  5.0 MiB of 10.0 MiB  1.0 MiB/s"
              "  5.0 s left");
}

TEST(ProgressBar, GivesUpTheBarOnANarrowScreen) {
    const BarState half{"Uploading", 50, 100, Unit::percent, seconds(0)};
    EXPECT_EQ(bar_text(half, 10), "  Uploading     50 %");
}

TEST(ProgressBar, StaysWithinBoundsWhenMoreIsDoneThanPromised) {
    const BarState over{"x", 300, 100, Unit::percent, seconds(1)};
    EXPECT_NE(bar_text(over, 80).find("100 %"), std::string::npos);
    const BarState nothing{"x", 0, 0, Unit::bytes, seconds(1)};
    EXPECT_NE(bar_text(nothing, 80).find("0 %"), std::string::npos);
}

TEST(ProgressBar, WritesOneLineIntoAPipe) {
    const auto text = written(Screen{}, [](Terminal& terminal) {
        ProgressBar bar(terminal, {"Transcoding", Unit::percent, 100});
        bar.update(50);
        bar.succeed("8 s");
    });
    EXPECT_EQ(text, "✔ Transcoding  8 s\n");
}

}  // namespace
}  // namespace hookreel::app::client
