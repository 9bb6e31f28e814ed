#include "app/client/screen/terminal.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <ranges>

#include "base/text.h"

namespace hookreel::app::client {
namespace {

using std::chrono::steady_clock;

constexpr Duration draw_interval{100};

bool set(const char* variable) {
    const char* value = std::getenv(variable);
    return value && *value;
}

Screen standard_output() {
    Screen screen;
    if (!isatty(STDOUT_FILENO)) return screen;
    screen.kind = Screen::Kind::terminal;
    const char* term = std::getenv("TERM");
    const bool dumb = !term || std::string_view(term) == "dumb";
    if (!set("NO_COLOR") && !dumb) screen.colors = Screen::Colors::on;
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        screen.columns = size.ws_col;
    return screen;
}

std::string_view escape(Paint paint) {
    switch (paint) {
        case Paint::plain:
            return "";
        case Paint::bold:
            return "\x1b[1m";
        case Paint::dim:
            return "\x1b[2m";
        case Paint::red:
            return "\x1b[31m";
        case Paint::green:
            return "\x1b[32m";
        case Paint::yellow:
            return "\x1b[33m";
        case Paint::blue:
            return "\x1b[34m";
        case Paint::cyan:
            return "\x1b[36m";
    }
    return "";
}

// Where the code point or escape sequence at `at` ends, and how many columns it takes.
struct Glyph {
    std::size_t end;
    std::size_t columns;
};
Glyph glyph(std::string_view text, std::size_t at) {
    if (text[at] == '\x1b') {
        const std::size_t end = text.find('m', at);
        return {end == std::string_view::npos ? text.size() : end + 1, 0};
    }
    std::size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
        ++end;
    return {end, 1};
}

std::vector<std::size_t> column_widths(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()), 0);
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], width(row[i]));
    }
    return widths;
}

}  // namespace

Terminal::Terminal() : Terminal(standard_output(), STDOUT_FILENO) {}

Terminal::Terminal(Screen screen, int file_descriptor)
    : screen_(screen), file_descriptor_(file_descriptor) {}

std::string Terminal::paint(Paint paint, std::string_view text) const {
    if (screen_.colors == Screen::Colors::off || paint == Paint::plain) return std::string(text);
    return fmt::format("{}{}\x1b[0m", escape(paint), text);
}

void Terminal::line(std::string_view text) {
    erase();
    write(fmt::format("{}\n", text));
}

void Terminal::erase() {
    if (moving_) write("\r\x1b[K");
    moving_ = false;
}

void Terminal::moving_line(std::string_view text) {
    if (!interactive()) return;
    const std::size_t columns = screen_.columns > 1 ? std::size_t(screen_.columns) - 1 : 1;
    write(fmt::format("\r{}\x1b[K", cut(text, columns)));
    moving_ = true;
}

void Terminal::write(std::string_view text) const {
    while (!text.empty()) {
        const ssize_t written = ::write(file_descriptor_, text.data(), text.size());
        if (written <= 0) return;  // Nobody reads any more.
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

std::string human_duration(Duration duration) {
    const auto ms = std::max<Duration::rep>(duration.count(), 0);
    if (ms < 1000) return fmt::format("{} ms", ms);
    if (ms < 60'000) return fmt::format("{:.1f} s", static_cast<double>(ms) / 1000);
    const auto seconds = ms / 1000;
    if (seconds < 3600) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
    return fmt::format("{} h {} min", seconds / 3600, seconds / 60 % 60);
}

std::string clock_text(TimePoint time) {
    const std::time_t seconds = unix_seconds(time);
    return fmt::format("{:%H:%M:%S}", fmt::localtime(seconds));
}

std::string moment_text(TimePoint time) {
    const std::time_t seconds = unix_seconds(time);
    return fmt::format("{:%Y-%m-%d %H:%M:%S}", fmt::localtime(seconds));
}

std::string printable(std::string_view text) {
    std::string safe(text);
    for (std::size_t i = 0; i < safe.size(); ++i) {
        const auto byte = static_cast<unsigned char>(safe[i]);
        if (byte < 0x20 || byte == 0x7f) safe[i] = ' ';
        // U+0080 to U+009F: the same powers in UTF-8.
        const bool c1 =
            byte == 0xc2 && i + 1 < safe.size() && static_cast<unsigned char>(safe[i + 1]) < 0xa0;
        if (c1) safe.replace(i, 2, " ");
    }
    return safe;
}

std::size_t width(std::string_view text) {
    std::size_t columns = 0;
    for (std::size_t at = 0; at < text.size();) {
        const Glyph next = glyph(text, at);
        columns += next.columns;
        at = next.end;
    }
    return columns;
}

std::string cut(std::string_view text, std::size_t columns) {
    if (width(text) <= columns) return std::string(text);
    std::string kept;
    std::size_t taken = 0;
    for (std::size_t at = 0; at < text.size();) {
        const Glyph next = glyph(text, at);
        taken += next.columns;
        if (next.columns == 0 || taken < columns)  // Colours are still closed after the cut.
            kept += text.substr(at, next.end - at);
        if (taken == columns && next.columns > 0) kept += "…";
        at = next.end;
    }
    return kept;
}

std::string table(const std::vector<std::vector<std::string>>& rows) {
    const std::vector<std::size_t> widths = column_widths(rows);
    std::string text;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += row[i];
            if (i + 1 < row.size()) line.append(widths[i] + 2 - width(row[i]), ' ');
        }
        text += line + "\n";
    }
    return text;
}

std::string table(std::vector<std::vector<std::string>> rows, const Screen& screen) {
    if (screen.kind == Screen::Kind::terminal) {
        constexpr std::size_t column_min = 8;
        std::vector<std::size_t> widths = column_widths(rows);
        std::size_t taken = std::accumulate(widths.begin(), widths.end(), 2 * widths.size());
        const std::size_t room = static_cast<std::size_t>(std::max(screen.columns, 1)) + 2;
        // The first column names what the row is of, to be copied: it stays whole.
        for (std::size_t& width : widths | std::views::drop(1) | std::views::reverse) {
            if (taken <= room || width <= column_min) continue;
            const std::size_t less = std::min(taken - room, width - column_min);
            width -= less;
            taken -= less;
        }
        for (auto& row : rows)
            for (std::size_t i = 0; i < row.size(); ++i)
                row[i] = cut(row[i], widths[i]);
    }
    std::string text = table(rows);
    if (!text.empty()) text.pop_back();
    return text;
}

std::string bar_text(const BarState& state, int columns) {
    const double share =
        state.total > 0 ? std::min(1.0, double(state.done) / double(state.total)) : 0.0;
    std::string facts = fmt::format("{:3.0f} %", share * 100);
    const double seconds = std::chrono::duration<double>(state.elapsed).count();
    if (state.unit == Unit::bytes) {
        facts += fmt::format("  {} of {}", human_bytes(state.done), human_bytes(state.total));
        if (seconds > 0.2 && state.done > 0)
            facts +=
                fmt::format("  {}/s", human_bytes(std::uint64_t(double(state.done) / seconds)));
    }
    if (share > 0 && share < 1 && seconds > 0.5) {
        const auto left = Duration(Duration::rep(seconds * 1000 * (1 - share) / share));
        facts += fmt::format("  {} left", human_duration(left));
    }
    constexpr int cells_max = 30;
    const int room = columns - int(width(state.label)) - int(width(facts)) - 8;
    const int cells = std::clamp(room, 0, cells_max);
    const int full = int(share * cells);
    std::string bar;
    for (int i = 0; i < cells; ++i)
        bar += i < full ? "█" : "░";
    return fmt::format("  {}  {}  {}", state.label, bar, facts);
}

ProgressBar::ProgressBar(Terminal& terminal, What what)
    : terminal_(terminal), what_(std::move(what)), begun_(steady_clock::now()) {
    update(0);
}

Duration ProgressBar::elapsed() const {
    return std::chrono::round<Duration>(steady_clock::now() - begun_);
}

void ProgressBar::update(std::uint64_t done) {
    const auto now = steady_clock::now();
    if (!terminal_.interactive() || (drawn_ && now - *drawn_ < draw_interval)) return;
    drawn_ = now;
    const BarState state{what_.label, done, what_.total, what_.unit, elapsed()};
    terminal_.moving_line(bar_text(state, terminal_.screen().columns));
}

void ProgressBar::succeed(std::string_view said) {
    terminal_.line(fmt::format("{} {}  {}", terminal_.paint(Paint::green, "✔"), what_.label, said));
}

void ProgressBar::fail(std::string_view said) {
    terminal_.line(fmt::format("{} {}  {}", terminal_.paint(Paint::red, "✘"), what_.label, said));
}

}  // namespace hookreel::app::client
