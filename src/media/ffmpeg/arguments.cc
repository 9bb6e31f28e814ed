#include "media/ffmpeg/arguments.h"

#include <fmt/format.h>

#include "media/ffmpeg/ffprobe.h"

namespace hookreel::media {
namespace {

std::string seconds(double value) {
    return fmt::format("{:.3f}", value);
}

// Whether it is a playlist that this server wrote. No other file has a record that says so: the
// prober opens no playlist.
bool is_own_playlist(const Source& source) {
    return source.metadata.container == "hls";
}

std::string_view formats_of(const Source& source) {
    return is_own_playlist(source) ? "hls,mpegts" : allowed_formats();
}

}  // namespace

Arguments prefix() {
    return {"-nostdin", "-hide_banner", "-v", "error", "-y"};
}

void add(Arguments& to, std::initializer_list<std::string_view> words) {
    to.insert(to.end(), words.begin(), words.end());
}

std::string_view picture_format(std::string_view path) {
    const std::string_view ending = path.substr(path.rfind('.') + 1);
    if (ending == "png") return "png_pipe";
    if (ending == "jpg" || ending == "jpeg") return "jpeg_pipe";
    if (ending == "bmp") return "bmp_pipe";
    return ending == "gif" ? "gif" : "";
}

void add_mark_inputs(Arguments& to, const std::vector<Mark>& marks) {
    for (const Mark& mark : marks) {
        if (!mark.is_image()) continue;
        const std::string_view format = picture_format(mark.file);
        add(to, {"-threads", "1", "-max_pixels", "50000000", "-protocol_whitelist", "file",
                 "-format_whitelist", format});
        // How often it repeats is the template's choice, not the file's.
        if (format == "gif") add(to, {"-ignore_loop", "1"});
        if (format == "gif" && mark.look.image && mark.look.image->repeat == model::Repeat::always)
            add(to, {"-stream_loop", "-1"});
        add(to, {"-f", format, "-i", "file:" + mark.file});
    }
}

void add_filtered(Arguments& to, const Filtered& filtered) {
    if (filtered.images == 0) {
        add(to, {"-map", fmt::format("{}:V:0", filtered.input)});  // Capital V: not the cover art.
        if (!filtered.filters.empty()) add(to, {"-vf", filtered.filters});
        return;
    }
    const std::string made = fmt::format("[v{}]", filtered.input);
    add(to, {"-filter_complex", fmt::format("[{}:V:0]{}{}", filtered.input, filtered.filters, made),
             "-map", made});
}

void add_input(Arguments& to, const Source& source, std::optional<Range> range, int threads) {
    add(to, {"-threads", fmt::to_string(threads), "-max_pixels", "50000000", "-protocol_whitelist",
             "file", "-format_whitelist", formats_of(source)});
    if (is_own_playlist(source)) add(to, {"-allowed_extensions", "ts"});
    if (range && range->start > 0) add(to, {"-ss", seconds(range->start)});
    if (range && range->length > 0) add(to, {"-t", seconds(range->length)});
    add(to, {"-i", "file:" + source.path});
}

std::string readable_path(const Source& source) {
    return is_own_playlist(source) ? source.path.substr(0, source.path.rfind('/')) : source.path;
}

}  // namespace hookreel::media
