// The log: one line per fact, "time level message key=value ...", on a file descriptor (standard
// error by default).
//
// Secrets are never given to it. Threads: any; a line is written whole. A Log is passed by
// reference, there is no global one.
#pragma once

#include <fmt/format.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>

namespace hookreel {

enum class Level { debug, info, warning, error };

// One key=value of a log line. Values with blanks or quotes are quoted.
struct LogField {
    std::string_view key;
    std::string value;

    LogField(std::string_view field_key, std::string_view text) : key(field_key), value(text) {}
    LogField(std::string_view field_key, const std::string& text) : key(field_key), value(text) {}
    LogField(std::string_view field_key, const char* text) : key(field_key), value(text) {}
    template <class Number>
        requires std::is_arithmetic_v<Number>
    LogField(std::string_view field_key, Number number)
        : key(field_key), value(fmt::to_string(number)) {}
};

class Log {
 public:
    explicit Log(Level least = Level::info, int file_descriptor = 2)
        : least_(least), file_descriptor_(file_descriptor) {}

    // Whether lines of this level are written; saves building the fields of one that is not.
    bool writes(Level level) const { return level >= least_; }

    void debug(std::string_view message, std::initializer_list<LogField> fields = {}) const;
    void info(std::string_view message, std::initializer_list<LogField> fields = {}) const;
    void warning(std::string_view message, std::initializer_list<LogField> fields = {}) const;
    void error(std::string_view message, std::initializer_list<LogField> fields = {}) const;

 private:
    void write(Level level, std::string_view message, std::initializer_list<LogField> fields) const;

    Level least_;
    int file_descriptor_;
};

}  // namespace hookreel
