#include "media/ffmpeg/ffmpeg_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "media/ffmpeg/arguments.h"
#include "media/ffmpeg/encoders.h"
#include "media/ffmpeg/joining.h"
#include "model/shown.h"

namespace hookreel::media {
namespace {

void add_container(Arguments& to, const TranscodeTemplate& preset) {
    const std::string name = output_name(preset);
    if (preset.container == "hls") {
        const int length = segment_length(preset);
        if (preset.video && preset.video->codec != VideoTemplate::Codec::copy)
            add(to, {"-force_key_frames", fmt::format("expr:gte(t,n_forced*{})", length)});
        // The muxer writes the segment's name into the playlist as it is: no prefix here.
        add(to,
            {"-f", "hls", "-hls_time", fmt::to_string(length), "-hls_playlist_type", "vod",
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

// How a still picture is encoded. `quality` is that of JPG, 2 (best) to 31.
void add_still(Arguments& to, model::ImageFormat format, std::string_view quality) {
    switch (format) {
        case model::ImageFormat::jpg:
            return add(to, {"-q:v", quality, "-pix_fmt", "yuvj420p"});
        case model::ImageFormat::png:
            return add(to, {"-c:v", "png", "-pix_fmt", "rgb24"});
        case model::ImageFormat::webp:
            return add(to, {"-c:v", "libwebp", "-pix_fmt", "yuv420p"});
    }
}

// Whether its size or the shape of its pixels changes.
bool is_fitted(const Source& source, const Fitting& fitting) {
    return fitting.width > 0 || fitting.height > 0 || source.metadata.pixel_aspect != 1;
}

struct PictureOutput {
    const Source& source;
    const SnapshotTemplate& look;
    std::size_t input = 0;
    std::string name;
    const std::vector<Mark>& marks;
    FirstInput first_mark{};
};
void add_picture_output(Arguments& to, const PictureOutput& output) {
    const Fitting fitting = fitting_of(output.look);
    const Size shown = square_size(output.source.metadata);
    const Canvas canvas{picture_size(output.source, output.look), 0};
    const bool changes = is_fitted(output.source, fitting);
    std::string filters = changes ? square_filters(fitting, shown) : "";
    if (const std::string marks = mark_filters(output.marks, canvas, output.first_mark);
        !marks.empty())
        filters = (changes ? filters : "null") + marks;
    add_filtered(to, {output.input, filters, image_count(output.marks)});
    add_still(to, output.look.format, "3");
    add(to, {"-update", "1", "-threads", "1", "-f", "image2", "file:" + output.name});
}

std::string vtt_time(double value) {
    const std::int64_t all = std::llround(value * 1000);
    return fmt::format("{:02}:{:02}:{:02}.{:03}", all / 3'600'000, all / 60'000 % 60,
                       all / 1000 % 60, all % 1000);
}

}  // namespace

Size shown_size(const model::Metadata& metadata) {
    return is_turned(metadata) ? Size{metadata.height, metadata.width}
                               : Size{metadata.width, metadata.height};
}

Size square_size(const model::Metadata& metadata) {
    model::Metadata square = metadata;
    square.width = std::llround(static_cast<double>(metadata.width) * metadata.pixel_aspect);
    return shown_size(square);
}

std::vector<std::string> transcode_arguments(const Source& source, const Transcode& transcode) {
    Arguments arguments = prefix();
    add_input(arguments, source, transcode.range, transcode.threads);
    add_mark_inputs(arguments, transcode.marks);
    if (transcode.is_joined()) add_joined(arguments, source, transcode);
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

std::vector<std::string> mark_check_arguments(const Mark& mark) {
    Arguments arguments = prefix();
    add_mark_inputs(arguments, {mark});
    add(arguments, {"-frames:v", "1", "-max_error_rate", "0", "-f", "null", "-"});
    return arguments;
}

Size picture_size(const Source& source, const SnapshotTemplate& look) {
    const Fitting fitting = fitting_of(look);
    const Size shown = square_size(source.metadata);
    return is_fitted(source, fitting) ? fitted_size(fitting, shown) : shown;
}

std::vector<std::string> drawing_arguments(const Drawn& drawn) {
    Arguments arguments = prefix();
    add(arguments, {"-threads", "1", "-max_pixels", "50000000", "-protocol_whitelist", "file",
                    "-format_whitelist", "svg_pipe"});
    if (drawn.size.width > 0) add(arguments, {"-width", fmt::to_string(drawn.size.width)});
    if (drawn.size.height > 0) add(arguments, {"-height", fmt::to_string(drawn.size.height)});
    // Both sides are what was asked for, as those of an image.
    if (drawn.size.width > 0 && drawn.size.height > 0) add(arguments, {"-keep_ar", "0"});
    add(arguments, {"-f", "svg_pipe", "-i", "file:" + drawn.path, "-frames:v", "1",
                    "-max_error_rate", "0", "-c:v", "png", "-pix_fmt", "rgba", "-update", "1", "-f",
                    "image2", "file:" + drawn.picture});
    return arguments;
}

std::vector<std::string> pictures_arguments(const Source& source, const Pictures& pictures) {
    Arguments arguments = prefix();
    for (const double time : pictures.times)
        add_input(arguments, source, Range{.start = time, .length = 0}, 1);
    std::vector<std::vector<Mark>> marks;
    std::vector<FirstInput> first_marks;
    std::size_t inputs = pictures.times.size();
    for (const double time : pictures.times) {
        marks.push_back(marks_at(pictures.marks, {time, source.metadata.duration}));
        add_mark_inputs(arguments, marks.back());
        first_marks.push_back({inputs});
        inputs += image_count(marks.back());
    }
    for (std::size_t i = 0; i < pictures.times.size(); ++i) {
        add(arguments, {"-frames:v", "1"});
        add_picture_output(
            arguments, {source, *pictures.look, i, picture_name(*pictures.look, pictures.first + i),
                        marks[i], first_marks[i]});
    }
    return arguments;
}

std::vector<std::string> last_picture_arguments(const Source& source, const LastPicture& picture) {
    Arguments arguments = prefix();
    add_input(arguments, source, picture.range, 1);
    const double at = picture.range.start + picture.range.length;
    const std::vector<Mark> marks = marks_at(picture.marks, {at, source.metadata.duration});
    add_mark_inputs(arguments, marks);
    add_picture_output(
        arguments,
        {source, *picture.look, 0, picture_name(*picture.look, picture.index), marks, {}});
    return arguments;
}

std::string picture_name(const SnapshotTemplate& look, std::size_t index) {
    return fmt::format("picture_{}.{}", index, name(look.format));
}

std::vector<std::string> sprite_arguments(const Source& source, const SpriteSheets& sheets) {
    const SpriteTemplate& preset = *sheets.preset;
    Arguments arguments = prefix();
    add_input(arguments, source, std::nullopt, 1);
    const Fitting cell{.width = static_cast<int>(sheets.cell.width),
                       .height = static_cast<int>(sheets.cell.height),
                       .sides = model::Sides::as_named,
                       .fill = preset.fill};
    // Each shows the last frame before its time. The count does not hang on how long the video
    // really is: the end is repeated, and then cut. -progress would say nothing before the first
    // sheet is full, which mostly is the last one: so each small picture is told by a filter.
    const std::string filters = fmt::format(
        "fps=1/{}:round=up:start_time=0,metadata=add:key=at:value=1,"
        "metadata=print:key=at:file=-:direct=1,"
        "tpad=stop={}:stop_mode=clone,trim=end_frame={},{},tile={}x{}",
        sheets.interval_seconds, sheets.count, sheets.count,
        square_filters(cell, square_size(source.metadata)), preset.columns, preset.rows);
    add(arguments, {"-map", "0:V:0", "-vf", filters});
    add_still(arguments, preset.format, "4");
    add(arguments, {"-start_number", "0", "-threads", "1", "-f", "image2",
                    fmt::format("file:sheet_%d.{}", name(preset.format))});
    return arguments;
}

std::string sheet_name(const SpriteSheets& sheets, std::size_t index) {
    return fmt::format("sheet_{}.{}", index, name(sheets.preset->format));
}

std::size_t sheet_count(const SpriteSheets& sheets) {
    const std::int64_t each = std::int64_t{sheets.preset->rows} * sheets.preset->columns;
    return static_cast<std::size_t>((sheets.count + each - 1) / each);
}

std::string sprite_vtt(const SpriteSheets& sheets, const std::vector<std::string>& sheet_names,
                       double duration) {
    const SpriteTemplate& preset = *sheets.preset;
    const auto [width, height] = sheets.cell;
    const std::int64_t each = std::int64_t{preset.rows} * preset.columns;
    std::string text = "WEBVTT\n";
    for (std::int64_t i = 0; i < sheets.count; ++i) {
        const double start = static_cast<double>(i) * sheets.interval_seconds;
        const double end = i + 1 == sheets.count ? duration : start + sheets.interval_seconds;
        const std::int64_t column = i % each % preset.columns;
        const std::int64_t row = i % each / preset.columns;
        text += fmt::format("\n{} --> {}\n{}#xywh={},{},{},{}\n", vtt_time(start), vtt_time(end),
                            sheet_names.at(static_cast<std::size_t>(i / each)), column * width,
                            row * height, width, height);
    }
    return text;
}

std::vector<std::string> animation_arguments(const Source& source, const MovingPicture& picture) {
    const AnimationTemplate& preset = *picture.preset;
    const bool is_gif = preset.format == model::AnimationFormat::gif;
    Arguments arguments = prefix();
    add_input(arguments, source, picture.range, 1);
    // GIF: a palette for each picture, so that memory does not grow with their number.
    const std::string filters = fmt::format(
        "fps={}:round=up:start_time=0,scale={}:{},setsar=1{}", preset.fps, picture.size.width,
        picture.size.height,
        is_gif ? ",split[a][b];[a]palettegen=stats_mode=single[p];[b][p]paletteuse=new=1" : "");
    add(arguments, {"-map", "0:V:0", "-vf", filters, "-map_metadata", "-1", "-c:v",
                    is_gif ? "gif" : "libwebp", "-threads", "1"});
    if (!is_gif) add(arguments, {"-quality", fmt::to_string(preset.quality)});
    add(arguments, {"-progress", "pipe:1", "-stats_period", "0.5", "-loop", "0", "-f",
                    std::string(name(preset.format)), fmt::format("file:{}", animation_name)});
    return arguments;
}

std::string output_name(const TranscodeTemplate& preset) {
    return fmt::format("v.f{}.{}", preset.definition,
                       preset.container == "hls" ? "m3u8" : preset.container);
}

std::optional<double> progress_seconds(std::string_view line) {
    if (line.starts_with("frame:")) {
        constexpr std::string_view time = "pts_time:";
        const std::size_t begin = line.find(time);
        if (begin == std::string_view::npos) return std::nullopt;
        const Result<double> seconds = parse_real(trim(line.substr(begin + time.size())));
        return seconds && *seconds >= 0 ? std::optional(*seconds) : std::nullopt;
    }
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
