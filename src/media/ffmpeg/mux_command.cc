#include "media/ffmpeg/mux_command.h"

#include <fmt/format.h>

#include <algorithm>

#include "media/ffmpeg/arguments.h"
#include "media/ffmpeg/step_rules.h"

namespace hookreel::media {
namespace {

void add_mux_input(Arguments& to, const MuxSource& input, Clocks clocks) {
    if (clocks == Clocks::one && input.time_offset != 0)
        add(to, {"-itsoffset", fmt::format("{:.6f}", -input.time_offset)});
    add_input(to, input.source, std::nullopt, 1);
}

}  // namespace

Clocks clocks_of(const Mux& mux) {
    constexpr std::string_view bare[] = {"aac", "mp3", "ac3", "flac", "wav", "amr"};
    const bool is_bare =
        std::ranges::find(bare, mux.sound.source.metadata.container) != std::end(bare);
    return is_bare ? Clocks::each : Clocks::one;
}

std::vector<std::string> mux_arguments(const Mux& mux, Clocks clocks) {
    Arguments arguments = prefix();
    if (clocks == Clocks::one) add(arguments, {"-copyts"});
    add_mux_input(arguments, mux.picture, clocks);
    add_mux_input(arguments, mux.sound, clocks);
    add(arguments, {"-map", "0:V:0?", "-map", "1:a:0", "-c", "copy", "-sn", "-dn", "-map_metadata",
                    "-1", "-map_chapters", "-1", "-avoid_negative_ts", "make_zero"});
    if (mux.type == "mp4") add(arguments, {"-movflags", "+faststart"});
    const std::string_view format = mux.type == "ts" ? "mpegts" : mux.type;
    add(arguments, {"-f", format, fmt::format("file:{}", muxed_name)});
    return arguments;
}

double muxed_seconds(const Mux& mux) {
    const model::Metadata& picture = mux.picture.source.metadata;
    const model::Metadata& sound = mux.sound.source.metadata;
    const double seconds = picture.video_duration > 0 ? picture.video_duration : picture.duration;
    return length_is_exact(sound) ? std::max(seconds, sound.audio_duration) : seconds;
}

}  // namespace hookreel::media
