// What people see of a command: colours, tables, progress bars.
//
// Colours and moving bars are for a terminal; a pipe or file gets plain lines, and NO_COLOR turns
// colours off. The text is made by pure functions. Threads: one.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace hookreel::app::client {

enum class Paint { plain, bold, dim, red, green, yellow, blue, cyan };

// What the other end can show.
struct Screen {
    enum class Kind { pipe, terminal } kind = Kind::pipe;
    enum class Colors { off, on } colors = Colors::off;
    int columns = 80;
};

class Terminal {
 public:
    // Standard output, as it is and as NO_COLOR and TERM ask.
    Terminal();
    Terminal(Screen screen, int file_descriptor);

    const Screen& screen() const { return screen_; }
    bool interactive() const { return screen_.kind == Screen::Kind::terminal; }

    // The text in that colour, or unchanged where there are none.
    std::string paint(Paint paint, std::string_view text) const;
    // Writes all of it at once, with a line end. A moving line is erased first.
    void line(std::string_view text);
    // Shows a line that the next one replaces. Nothing on a pipe.
    void moving_line(std::string_view text);
    // Takes a moving line away.
    void erase();

 private:
    void write(std::string_view text) const;

    Screen screen_;
    int file_descriptor_;
    bool moving_ = false;
};

// "340 ms", "8.0 s", "3 min 12 s", "2 h 5 min".
std::string human_duration(Duration duration);
// "08:10:22", local time.
std::string clock_text(TimePoint time);
// "2026-03-02 08:10:22", local time.
std::string moment_text(TimePoint time);
// The text without anything that moves the cursor or paints: control characters become spaces. For
// whatever strangers sent.
std::string printable(std::string_view text);

// How many columns the text takes: code points, without escape sequences.
std::size_t width(std::string_view text);
// Cut to that many columns, with an ellipsis.
std::string cut(std::string_view text, std::size_t columns);

// The cells of a line of a table.
using Row = std::vector<std::string>;
// Columns as wide as their widest cell, two blanks between them. The first row is the head.
std::string table(const std::vector<Row>& rows);
// The same without the last line end. On a terminal columns are cut, the last ones first, until a
// row takes one line, but never the first one: it is the id to go on with. A pipe gets all of it.
std::string table(std::vector<Row> rows, const Screen& screen);

enum class Unit { bytes, percent };

// A bar at one moment.
struct BarState {
    std::string_view label;
    std::uint64_t done = 0;
    std::uint64_t total = 0;
    Unit unit = Unit::bytes;
    Duration elapsed{0};
};
// "Uploading  [########------]  53 %  1.4 MiB of 2.6 MiB  12.0 MiB/s  3.0 s left"
std::string bar_text(const BarState& state, int columns);

// Shows how far something is: a moving bar on a terminal; on a pipe a line when it is done.
class ProgressBar {
 public:
    struct What {
        std::string label;
        Unit unit = Unit::bytes;
        std::uint64_t total = 100;
    };

    // `terminal` outlives the bar.
    ProgressBar(Terminal& terminal, What what);

    // At most ten times a second something is drawn.
    void update(std::uint64_t done);
    // Replaces the bar by "✔ <label>  <said>", or "✘ …" when it failed.
    void succeed(std::string_view said);
    void fail(std::string_view said);
    Duration elapsed() const;

 private:
    Terminal& terminal_;
    What what_;
    std::chrono::steady_clock::time_point begun_;
    std::optional<std::chrono::steady_clock::time_point> drawn_;
};

}  // namespace hookreel::app::client
