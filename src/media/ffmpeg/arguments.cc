#include "media/ffmpeg/arguments.h"

#include <fmt/format.h>

#include "media/ffmpeg/ffprobe.h"

namespace hookreel::media {
namespace {

std::string seconds(double value) {
    return fmt::format("{:.3f}", value);
}

}  // namespace

Arguments prefix() {
    return {"-nostdin", "-hide_banner", "-v", "error", "-y"};
}

void add(Arguments& to, std::initializer_list<std::string_view> words) {
    to.insert(to.end(), words.begin(), words.end());
}

void add_input(Arguments& to, const Source& source, std::optional<Range> range, int threads) {
    add(to, {"-threads", fmt::to_string(threads), "-max_pixels", "50000000", "-protocol_whitelist",
             "file", "-format_whitelist", allowed_formats()});
    if (range && range->start > 0) add(to, {"-ss", seconds(range->start)});
    if (range && range->length > 0) add(to, {"-t", seconds(range->length)});
    add(to, {"-i", "file:" + source.path});
}

}  // namespace hookreel::media
