#include "base/log.h"

#include <unistd.h>

#include <array>

#include "base/clock.h"

namespace hookreel {
namespace {

constexpr std::array<std::string_view, 4> level_names = {"debug", "info", "warning", "error"};

void append_value(std::string& line, std::string_view value) {
    if (!value.empty() && value.find_first_of(" \"=\n\r\t\\") == std::string_view::npos) {
        line += value;
        return;
    }
    line += '"';
    for (char c : value) {
        if (c == '"' || c == '\\') line += '\\';
        if (static_cast<unsigned char>(c) < 0x20)
            line += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        else
            line += c;
    }
    line += '"';
}

}  // namespace

void Log::write(Level level, std::string_view message,
                std::initializer_list<LogField> fields) const {
    if (level < least_) return;
    std::string line = rfc3339(SystemClock().now());
    line += ' ';
    line += level_names[static_cast<std::size_t>(level)];
    line += ' ';
    line += message;
    for (const LogField& field : fields) {
        line += ' ';
        line += field.key;
        line += '=';
        append_value(line, field.value);
    }
    line += '\n';
    // One write per line keeps lines of several threads apart; a log that cannot be written is not
    // an error of the caller.
    [[maybe_unused]] const ssize_t written = ::write(file_descriptor_, line.data(), line.size());
}

void Log::debug(std::string_view message, std::initializer_list<LogField> fields) const {
    write(Level::debug, message, fields);
}
void Log::info(std::string_view message, std::initializer_list<LogField> fields) const {
    write(Level::info, message, fields);
}
void Log::warning(std::string_view message, std::initializer_list<LogField> fields) const {
    write(Level::warning, message, fields);
}
void Log::error(std::string_view message, std::initializer_list<LogField> fields) const {
    write(Level::error, message, fields);
}

}  // namespace hookreel
