#include "media/ffmpeg/ffmpeg_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "media/ffmpeg/arguments.h"

namespace hookreel::media {
namespace {

constexpr std::int64_t side_max = 8192;
constexpr int gop_frames_default = 240;  // Tencent 266/33932.
constexpr int audio_kbps_max = 256;

std::int64_t even(double side) {
    const auto rounded = static_cast<std::int64_t>(std::llround(side / 2)) * 2;
    return std::clamp<std::int64_t>(rounded, 2, side_max);
}

void add_picture_encoder(Arguments& to, const Source& source, const VideoTemplate& video,
                         int threads) {
    const Size size = output_size(video, shown_size(source.metadata));
    const std::int64_t source_fps = source.metadata.video.front().fps;
    const std::int64_t source_kbps = source.metadata.video.front().bitrate / 1000;
    add(to, {"-vf", fmt::format("scale={}:{},format=yuv420p", size.width, size.height)});
    // The template's rate is a maximum: repeating frames costs bits and shows nothing new. A source
    // that is slower keeps its own timing, also when it varies.
    if (video.fps > 0 && (source_fps == 0 || source_fps > video.fps))
        add(to, {"-r", fmt::to_string(video.fps)});
    else
        add(to, {"-fps_mode", "vfr"});
    if (video.codec == VideoTemplate::Codec::h265)
        add(to, {"-c:v", "libx265", "-profile:v", "main", "-tag:v", "hvc1", "-x265-params",
                 fmt::format("log-level=error:pools={}", threads)});
    else
        add(to, {"-c:v", "libx264", "-profile:v", "high"});
    add(to, {"-preset", "veryfast", "-threads", fmt::to_string(threads), "-g",
             fmt::to_string(video.gop_frames > 0 ? video.gop_frames : gop_frames_default)});
    if (video.kbps > 0) {
        add(to, {"-b:v", fmt::format("{}k", video.kbps), "-maxrate",
                 fmt::format("{}k", video.kbps * 3 / 2), "-bufsize",
                 fmt::format("{}k", video.kbps * 2)});
    } else {
        add(to, {"-crf", "23"});  // As good as the source needs, and never above its bitrate.
        if (source_kbps > 0)
            add(to, {"-maxrate", fmt::format("{}k", source_kbps), "-bufsize",
                     fmt::format("{}k", source_kbps * 2)});
    }
}

void add_video(Arguments& to, const Source& source, const Transcode& transcode) {
    const std::optional<VideoTemplate>& video = transcode.preset->video;
    if (!video) {
        add(to, {"-vn"});
        return;
    }
    add(to, {"-map", "0:V:0"});  // Capital V: not the cover art.
    if (video->codec != VideoTemplate::Codec::copy) {
        add_picture_encoder(to, source, *video, transcode.threads);
        return;
    }
    add(to, {"-c:v", "copy"});
    if (source.metadata.video.front().codec == "hevc") add(to, {"-tag:v", "hvc1"});
}

void add_audio(Arguments& to, const Source& source, const Transcode& transcode) {
    const std::optional<AudioTemplate>& audio = transcode.preset->audio;
    if (!audio || source.metadata.audio.empty() || transcode.sound == Sound::drop) {
        add(to, {"-an"});
        return;
    }
    add(to, {"-map", "0:a:0"});
    if (audio->codec == AudioTemplate::Codec::copy) {
        add(to, {"-c:a", "copy"});
        return;
    }
    const auto source_kbps = static_cast<int>(source.metadata.audio.front().bitrate / 1000);
    const int kbps =
        audio->kbps > 0
            ? audio->kbps
            : (source_kbps > 0 ? std::clamp(source_kbps, 32, audio_kbps_max) : audio_kbps_max / 2);
    add(to, {"-c:a", audio->codec == AudioTemplate::Codec::mp3 ? "libmp3lame" : "aac", "-b:a",
             fmt::format("{}k", kbps), "-ac", fmt::to_string(audio->channels), "-ar",
             fmt::to_string(audio->sample_rate)});
}

void add_container(Arguments& to, const TranscodeTemplate& preset) {
    const std::string name = output_name(preset);
    if (preset.container == "hls") {
        if (preset.video && preset.video->codec != VideoTemplate::Codec::copy)
            add(to, {"-force_key_frames", fmt::format("expr:gte(t,n_forced*{})", segment_seconds)});
        // The muxer writes the segment's name into the playlist as it is: no prefix here.
        add(to,
            {"-f", "hls", "-hls_time", fmt::to_string(segment_seconds), "-hls_playlist_type", "vod",
             "-hls_list_size", "0", "-hls_flags", "independent_segments", "-hls_segment_filename",
             fmt::format("{}%05d.ts", segment_prefix), "file:" + name});
        return;
    }
    if (preset.container == "mp4" || preset.container == "m4a")
        add(to, {"-movflags", "+faststart", "-f", preset.container == "mp4" ? "mp4" : "ipod"});
    else
        add(to, {"-f", preset.container});
    add(to, {"file:" + name});
}

void add_picture_output(Arguments& to, std::size_t input, const std::string& name) {
    add(to, {"-map", fmt::format("{}:V:0", input), "-q:v", "3", "-pix_fmt", "yuvj420p", "-update",
             "1", "-threads", "1", "-f", "image2", "file:" + name});
}

std::string vtt_time(double value) {
    const std::int64_t all = std::llround(value * 1000);
    return fmt::format("{:02}:{:02}:{:02}.{:03}", all / 3'600'000, all / 60'000 % 60,
                       all / 1000 % 60, all % 1000);
}

}  // namespace

Size shown_size(const model::Metadata& metadata) {
    const bool lies = metadata.rotate == 90 || metadata.rotate == 270;
    return lies ? Size{metadata.height, metadata.width} : Size{metadata.width, metadata.height};
}

Size output_size(const VideoTemplate& video, Size shown) {
    const auto long_side = static_cast<double>(std::max(shown.width, shown.height));
    const auto short_side = static_cast<double>(std::min(shown.width, shown.height));
    double to_long = long_side;
    double to_short = short_side;
    if (video.width > 0 && video.height > 0) {
        to_long = std::max(video.width, video.height);
        to_short = std::min(video.width, video.height);
    } else if (video.width > 0) {
        to_long = video.width;
        to_short = short_side * to_long / std::max(long_side, 1.0);
    } else if (video.height > 0) {
        to_short = video.height;
        to_long = long_side * to_short / std::max(short_side, 1.0);
    }
    return shown.width >= shown.height ? Size{even(to_long), even(to_short)}
                                       : Size{even(to_short), even(to_long)};
}

std::vector<std::string> transcode_arguments(const Source& source, const Transcode& transcode) {
    Arguments arguments = prefix();
    add_input(arguments, source, transcode.range, transcode.threads);
    add_video(arguments, source, transcode);
    add_audio(arguments, source, transcode);
    add(arguments, {"-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1"});
    if (transcode.preset->video && transcode.preset->video->codec == VideoTemplate::Codec::copy &&
        transcode.range)
        add(arguments, {"-avoid_negative_ts", "make_zero"});
    add(arguments, {"-progress", "pipe:1", "-stats_period", "0.5"});
    add_container(arguments, *transcode.preset);
    return arguments;
}

std::vector<std::string> pictures_arguments(const Source& source, const Pictures& pictures) {
    Arguments arguments = prefix();
    for (const double time : pictures.times)
        add_input(arguments, source, Range{.start = time, .length = 0}, 1);
    for (std::size_t i = 0; i < pictures.times.size(); ++i) {
        add(arguments, {"-frames:v", "1"});
        add_picture_output(arguments, i, picture_name(pictures.first + i));
    }
    return arguments;
}

std::vector<std::string> last_picture_arguments(const Source& source, Range range,
                                                const std::string& name) {
    Arguments arguments = prefix();
    add_input(arguments, source, range, 1);
    add_picture_output(arguments, 0, name);
    return arguments;
}

std::string picture_name(std::size_t index) {
    return fmt::format("picture_{}.jpg", index);
}

std::vector<std::string> sprite_arguments(const Source& source, const SpriteSheets& sheets) {
    const SpriteTemplate& preset = *sheets.preset;
    Arguments arguments = prefix();
    add_input(arguments, source, std::nullopt, 1);
    // Each shows the last frame before its time. The count does not hang on how long the video
    // really is: the end is repeated, and then cut.
    const std::string filters = fmt::format(
        "fps=1/{}:round=up:start_time=0,tpad=stop={}:stop_mode=clone,trim=end_frame={},"
        "scale={}:{},setsar=1,tile={}x{}",
        preset.interval_seconds, sheets.count, sheets.count, preset.width, preset.height,
        preset.columns, preset.rows);
    add(arguments, {"-progress", "pipe:1", "-stats_period", "0.5", "-map", "0:V:0", "-vf", filters,
                    "-q:v", "4", "-pix_fmt", "yuvj420p", "-start_number", "0", "-threads", "1",
                    "-f", "image2", "file:sheet_%d.jpg"});
    // A sheet comes when it is full. What is read meanwhile is told by a second output, which
    // throws it away.
    add(arguments, {"-map", "0:V:0", "-c", "copy", "-f", "null", "-"});
    return arguments;
}

std::string sheet_name(std::size_t index) {
    return fmt::format("sheet_{}.jpg", index);
}

std::size_t sheet_count(const SpriteSheets& sheets) {
    const std::int64_t each = std::int64_t{sheets.preset->rows} * sheets.preset->columns;
    return static_cast<std::size_t>((sheets.count + each - 1) / each);
}

std::string sprite_vtt(const SpriteSheets& sheets, const std::vector<std::string>& sheet_names,
                       double duration) {
    const SpriteTemplate& preset = *sheets.preset;
    const std::int64_t each = std::int64_t{preset.rows} * preset.columns;
    std::string text = "WEBVTT\n";
    for (std::int64_t i = 0; i < sheets.count; ++i) {
        const double start = static_cast<double>(i * preset.interval_seconds);
        const double end = i + 1 == sheets.count ? duration : start + preset.interval_seconds;
        const std::int64_t column = i % each % preset.columns;
        const std::int64_t row = i % each / preset.columns;
        text +=
            fmt::format("\n{} --> {}\n{}#xywh={},{},{},{}\n", vtt_time(start), vtt_time(end),
                        sheet_names.at(static_cast<std::size_t>(i / each)), column * preset.width,
                        row * preset.height, preset.width, preset.height);
    }
    return text;
}

std::vector<std::string> animation_arguments(const Source& source, const MovingPicture& picture) {
    const Size size = shown_size(source.metadata);
    const bool is_gif = picture.preset->container == "gif";
    Arguments arguments = prefix();
    add_input(arguments, source, picture.range, 1);
    // GIF: a palette for each picture, so that memory does not grow with their number.
    const std::string filters = fmt::format(
        "fps={}:round=up:start_time=0,scale={}:{},setsar=1{}", picture.preset->fps, size.width,
        size.height,
        is_gif ? ",split[a][b];[a]palettegen=stats_mode=single[p];[b][p]paletteuse=new=1" : "");
    add(arguments,
        {"-map", "0:V:0", "-vf", filters, "-map_metadata", "-1", "-c:v", is_gif ? "gif" : "libwebp",
         "-threads", "1", "-progress", "pipe:1", "-stats_period", "0.5", "-loop", "0", "-f",
         picture.preset->container, fmt::format("file:{}", animation_name)});
    return arguments;
}

std::string output_name(const TranscodeTemplate& preset) {
    return fmt::format("v.f{}.{}", preset.definition,
                       preset.container == "hls" ? "m3u8" : preset.container);
}

std::optional<double> progress_seconds(std::string_view line) {
    // out_time_ms is in microseconds too, so only this one is read. It can be N/A or negative.
    constexpr std::string_view key = "out_time_us=";
    if (!line.starts_with(key)) return std::nullopt;
    const Result<std::int64_t> microseconds = parse_signed(trim(line.substr(key.size())));
    if (!microseconds || *microseconds < 0) return std::nullopt;
    return static_cast<double>(*microseconds) / 1e6;
}

double playlist_seconds(std::string_view playlist) {
    constexpr std::string_view key = "#EXTINF:";
    if (!playlist.starts_with("#EXTM3U")) return 0;
    double sum = 0;
    while (!playlist.empty()) {
        const std::string_view line = playlist.substr(0, playlist.find('\n'));
        playlist.remove_prefix(std::min(playlist.size(), line.size() + 1));
        if (!line.starts_with(key)) continue;
        const std::string_view value = line.substr(key.size(), line.find(',') - key.size());
        const double length = parse_real(value).value_or(0);
        if (std::isfinite(length) && length > 0) sum += length;
    }
    return sum;
}

}  // namespace hookreel::media
