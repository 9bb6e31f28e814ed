#include "media/ffmpeg/adaptive_command.h"

#include <fmt/format.h>

#include <algorithm>

#include "media/ffmpeg/arguments.h"
#include "media/files/stream_key.h"

namespace hookreel::media {
namespace {

using model::Package;

// Longer than the key frames are apart, so that only those are there that all pictures have.
constexpr int gop_frames = 240;
// The DASH muxer counts from its last cut, and frames do not lie on full seconds: the next key
// frame may come a frame less than a piece's length later.
double dash_piece_seconds(const AdaptivePlan& plan) {
    return plan.preset->piece_seconds - 0.1;
}

Size without_odd_sides(Size size) {
    return {std::max<std::int64_t>(size.width / 2 * 2, 2),
            std::max<std::int64_t>(size.height / 2 * 2, 2)};
}

// Decodes once, then makes a picture of each size.
std::string graph(const Source& source, const AdaptivePlan& plan) {
    const std::int64_t source_fps = source.metadata.video.front().fps;
    const int fps = plan.pictures.front().video.fps;
    std::string text = "[0:V:0]";
    // A maximum, as in a transcode; 0 is none.
    if (fps > 0 && (source_fps == 0 || source_fps > fps)) text += fmt::format("fps={},", fps);
    text += fmt::format("split={}", plan.pictures.size());
    for (std::size_t i = 0; i < plan.pictures.size(); ++i)
        text += fmt::format("[s{}]", i);
    for (std::size_t i = 0; i < plan.pictures.size(); ++i) {
        const Size& size = plan.pictures[i].size;
        const Canvas canvas{size, source.metadata.video_duration};
        text += fmt::format(";[s{}]{}{},format=yuv420p[v{}]", i, plan.pictures[i].filters,
                            mark_filters(plan.marks, canvas, {1 + i * image_count(plan.marks)}), i);
    }
    return text;
}

void add_encoders(Arguments& to, const AdaptivePlan& plan) {
    add(to,
        {"-c:v", "libx264", "-profile:v", "high", "-preset", "veryfast", "-threads",
         fmt::to_string(plan.threads), "-g", fmt::to_string(gop_frames), "-sc_threshold", "0",
         "-force_key_frames", fmt::format("expr:gte(t,n_forced*{})", plan.preset->piece_seconds),
         "-fps_mode", "vfr"});
    for (std::size_t i = 0; i < plan.pictures.size(); ++i) {
        const int kbps = plan.pictures[i].video.kbps;
        add(to, {fmt::format("-b:v:{}", i), fmt::format("{}k", kbps),
                 fmt::format("-maxrate:v:{}", i), fmt::format("{}k", kbps * 3 / 2),
                 fmt::format("-bufsize:v:{}", i), fmt::format("{}k", kbps * 2)});
    }
    if (plan.sound == Sound::drop) return;
    const AudioTemplate& audio = *plan.preset->audio;
    add(to, {"-c:a", "aac", "-b:a", fmt::format("{}k", audio.kbps), "-ac",
             fmt::to_string(audio.channels), "-ar", fmt::to_string(audio.sample_rate)});
}

// What the names of the pieces of a sub-stream begin with, in HLS.
std::string piece_prefix(const AdaptivePlan& plan, std::string_view sub_stream) {
    return fmt::format("stream_{}_{}{}", sub_stream, plan.edition, plan.edition.empty() ? "" : "_");
}

// The muxers write these names into the manifests as they are: no prefix.
void add_hls(Arguments& to, const AdaptivePlan& plan) {
    std::string variants;
    const std::string_view group = plan.sound == Sound::keep ? ",agroup:sound" : "";
    for (std::size_t i = 0; i < plan.pictures.size(); ++i)
        variants += fmt::format("{}v:{}{}", i == 0 ? "" : " ", i, group);
    if (plan.sound == Sound::keep) variants += " a:0,agroup:sound,default:yes";
    add(to,
        {"-f", "hls", "-hls_time", fmt::to_string(plan.preset->piece_seconds), "-hls_playlist_type",
         "vod", "-hls_list_size", "0", "-hls_flags", "independent_segments", "-master_pl_name",
         manifest_name(*plan.preset), "-var_stream_map", variants, "-hls_segment_filename",
         fmt::format("{}%05d.ts", piece_prefix(plan, "%v")), "stream_%v_index.m3u8"});
}

void add_dash(Arguments& to, const AdaptivePlan& plan) {
    add(to, {"-f", "dash", "-seg_duration", fmt::format("{:.1f}", dash_piece_seconds(plan)),
             "-adaptation_sets",
             plan.sound == Sound::keep ? "id=0,streams=v id=1,streams=a" : "id=0,streams=v",
             "-init_seg_name", "stream_$RepresentationID$_init.mp4", "-media_seg_name",
             "stream_$RepresentationID$_$Number%05d$.m4s", manifest_name(*plan.preset)});
}

}  // namespace

std::vector<SubPicture> sub_pictures(const AdaptiveTemplate& preset, Size shown) {
    std::vector<SubPicture> pictures;
    const std::int64_t short_side = std::min(shown.width, shown.height);
    const auto area = [shown](const VideoTemplate& video) {
        const Size size = fitted_size(fitting_of(video), shown);
        return size.width * size.height;
    };
    for (const VideoTemplate& video : preset.video) {
        const Size size = fitted_size(fitting_of(video), shown);
        if (preset.enlarges || std::min(size.width, size.height) <= short_side)
            pictures.push_back({video, size, fitting_filters(fitting_of(video), shown)});
    }
    if (!pictures.empty()) return pictures;
    const Size size = without_odd_sides(shown);
    pictures.push_back({*std::ranges::min_element(preset.video, {}, area), size,
                        fmt::format("scale={}:{}", size.width, size.height)});
    return pictures;
}

std::size_t sub_stream_count(const AdaptivePlan& plan) {
    return plan.pictures.size() + (plan.sound == Sound::keep ? 1 : 0);
}

std::vector<std::string> adaptive_arguments(const Source& source, const AdaptivePlan& plan) {
    Arguments arguments = prefix();
    add_input(arguments, source, std::nullopt, plan.threads);
    // An input serves one place of a graph.
    for (std::size_t i = 0; i < plan.pictures.size(); ++i)
        add_mark_inputs(arguments, plan.marks);
    // One thread for the graph: scaling six pictures needs no more, and memory counts.
    add(arguments, {"-filter_complex_threads", "1", "-filter_complex", graph(source, plan)});
    for (std::size_t i = 0; i < plan.pictures.size(); ++i)
        add(arguments, {"-map", fmt::format("[v{}]", i)});
    if (plan.sound == Sound::keep) add(arguments, {"-map", "0:a:0"});
    add(arguments, {"-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1"});
    add_encoders(arguments, plan);
    add(arguments, {"-progress", "pipe:1", "-stats_period", "0.5"});
    if (plan.preset->package == Package::hls)
        add_hls(arguments, plan);
    else
        add_dash(arguments, plan);
    return arguments;
}

std::string manifest_name(const AdaptiveTemplate& preset) {
    return fmt::format("adp.{}.{}", preset.definition,
                       preset.package == Package::hls ? "m3u8" : "mpd");
}

std::string head_name(Package package, std::size_t sub_stream) {
    return fmt::format("stream_{}_{}", sub_stream,
                       package == Package::hls ? "index.m3u8" : "init.mp4");
}

std::string piece_name(Package package, std::size_t sub_stream, std::size_t number) {
    return fmt::format("stream_{}_{:05}.{}", sub_stream, number,
                       package == Package::hls ? "ts" : "m4s");
}

std::string key_name(const AdaptivePlan& plan) {
    return fmt::format("adp.{}.{}{}", plan.preset->definition, plan.edition, key_extension);
}

bool is_encrypted_piece(const AdaptivePlan& plan, std::size_t sub_stream, std::string_view name) {
    return plan.is_encrypted() && name.ends_with(".ts") &&
           name.starts_with(piece_prefix(plan, fmt::to_string(sub_stream)));
}

}  // namespace hookreel::media
