#include "media/editing/render_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "media/ffmpeg/arguments.h"
#include "media/ffmpeg/ffprobe.h"

namespace hookreel::media {
namespace {

constexpr int key_frame_seconds = 4;
// How far before its beginning a source is opened, so that the picture that is on screen then is
// there, whatever the phase of its frames.
constexpr double margin_max = 0.5;
// ffmpeg's tempo filter keeps its quality within these; beyond them it is applied several times.
constexpr double tempo_min = 0.5;
constexpr double tempo_max = 2;

std::string number(double value) {
    return fmt::format("{:.6f}", value);
}

bool is_picture(const Source& source) {
    return source.metadata.container.empty();
}

// Containers in which a time is found by an index. In others a jump may land behind it, so they are
// read from their beginning.
bool can_seek(const Source& source) {
    return source.metadata.container.starts_with("mov,") ||
           source.metadata.container.starts_with("matroska,");
}

// One opening of a source.
struct Input {
    std::size_t source = 0;
    double start = 0;

    double margin(const RenderPlan& plan) const {
        return can_seek(plan.sources[source]) ? std::min(start, margin_max) : start;
    }
    bool operator==(const Input&) const = default;
};

// Builds the filter graph of one slice.
class Graph {
 public:
    Graph(const RenderPlan& plan, const Slice& slice) : plan_(plan), slice_(slice) {}

    void add_picture() {
        const PictureFormat& picture = *plan_.picture;
        std::string below = label();
        graph_ +=
            fmt::format("color=c={}:s={}x{}:r={},format=yuv420p{};",
                        picture.background == model::Canvas::Color::white ? "white" : "black",
                        picture.size.width, picture.size.height, rate_text(plan_.rate), below);
        for (const Image& image : slice_.images) {
            const std::string above = label();
            if (const auto* const layer = std::get_if<Layer>(&image)) {
                below = overlay(below, *layer, above);
            } else {
                const std::string faded = crossfade(std::get<Crossfade>(image));
                graph_ += fmt::format("{}{}overlay=0:0:eof_action=repeat{};", below, faded, above);
                below = above;
            }
        }
        graph_ += fmt::format("{}trim=end_frame={},setpts=PTS-STARTPTS,setsar=1[v];", below,
                              slice_.frames);
    }

    // `end_sample` is how many samples the slice has.
    void add_sound(std::int64_t end_sample, Voices voices) {
        const SoundFormat& sound = *plan_.sound;
        const std::string_view layout = sound.channels == 1 ? "mono" : "stereo";
        std::string all = label();
        graph_ += fmt::format("anullsrc=r={}:cl={},atrim=end_sample={}{};", sound.sample_rate,
                              layout, end_sample, all);
        std::size_t count = 1;
        if (voices == Voices::keep)
            for (const Voice& voice : slice_.voices) {
                all += add_voice(voice, layout);
                ++count;
            }
        graph_ += fmt::format("{}amix=inputs={}:duration=first:normalize=0[a];", all, count);
    }

    const std::vector<Input>& inputs() const { return inputs_; }
    std::string take() {
        graph_.pop_back();
        return std::move(graph_);
    }

 private:
    std::string label() { return fmt::format("[n{}]", labels_++); }

    std::size_t input_of(std::size_t source, double start) {
        const Input wanted{source, start};
        const auto found = std::ranges::find(inputs_, wanted);
        if (found != inputs_.end()) return static_cast<std::size_t>(found - inputs_.begin());
        inputs_.push_back(wanted);
        return inputs_.size() - 1;
    }

    // What becomes of a layer before it is laid over something.
    std::string prepared(const Layer& layer) {
        const Source& source = plan_.sources[layer.source];
        const std::size_t input = input_of(layer.source, is_picture(source) ? 0 : layer.start);
        std::string chain = fmt::format("[{}:{}:0]", input, is_picture(source) ? "v" : "V");
        if (!is_picture(source))
            chain += fmt::format("setpts=(PTS-{}/TB)/{},fps=fps={}:start_time=0,",
                                 number(inputs_[input].margin(plan_)), number(layer.speed),
                                 rate_text(plan_.rate));
        // Pixels become square first.
        chain += "scale=w=iw*sar:h=ih";
        if (layer.size != Size{}) {
            chain += fmt::format(",scale=w={}:h={}", layer.size.width ? layer.size.width : -2,
                                 layer.size.height ? layer.size.height : -2);
            if (layer.fit == Layer::Fit::inside)
                chain += ":force_original_aspect_ratio=decrease:force_divisible_by=2";
        }
        chain += ",setsar=1";
        bool has_alpha = is_picture(source);
        for (const model::ImageOperation& operation : layer.operations) {
            using Type = model::ImageOperation::Type;
            if (operation.type == Type::flip_horizontal) chain += ",hflip";
            if (operation.type == Type::flip_vertical) chain += ",vflip";
            if (operation.type != Type::rotate) continue;
            has_alpha = true;
            chain += fmt::format(
                ",format=yuva420p,rotate=a={0}*PI/180:ow=rotw({0}*PI/180):oh=roth({0}*PI/180)"
                ":c=black@0",
                number(operation.angle));
        }
        return chain + (has_alpha ? ",format=yuva420p" : ",format=yuv420p");
    }

    std::string overlay(const std::string& below, const Layer& layer, const std::string& to) {
        const std::string above = label();
        graph_ += fmt::format("{}{};", prepared(layer), above);
        graph_ += fmt::format("{}{}overlay=x={}-w/2:y={}-h/2:eof_action=repeat{};", below, above,
                              number(layer.center_x), number(layer.center_y), to);
        return to;
    }

    // Both layers on a canvas of glass of their own.
    std::string crossfade(const Crossfade& fade) {
        std::string both;
        for (const Layer* layer : {&fade.from, &fade.to}) {
            const std::string glass = label();
            graph_ += fmt::format("color=c=black@0:s={}x{}:r={},format=yuva420p{};",
                                  plan_.picture->size.width, plan_.picture->size.height,
                                  rate_text(plan_.rate), glass);
            both += overlay(glass, *layer, label());
        }
        const std::string faded = label();
        graph_ += fmt::format("{}xfade=transition={}:duration={}:offset={}{};", both,
                              fade.transition, number(fade.length), number(-fade.elapsed), faded);
        return faded;
    }

    std::string add_voice(const Voice& voice, std::string_view layout) {
        const std::size_t input = input_of(voice.source, voice.start);
        const double margin = inputs_[input].margin(plan_);
        std::string chain = fmt::format(
            "[{}:a:0]aresample={}:async=1:first_pts=0,atrim=start={},asetpts=PTS-STARTPTS", input,
            plan_.sound->sample_rate, number(margin));
        for (const double tempo : tempos(voice.speed))
            chain += fmt::format(",atempo={}", number(tempo));
        if (voice.gain_begin != voice.gain_end) {
            const double seconds = seconds_of(slice_.frames, plan_.rate);
            chain += fmt::format(",asetnsamples=n=256:p=0,volume=volume='{}+({})*t/{}':eval=frame",
                                 number(voice.gain_begin),
                                 number(voice.gain_end - voice.gain_begin), number(seconds));
        } else if (voice.gain_begin != 1) {
            chain += fmt::format(",volume={}", number(voice.gain_begin));
        }
        const std::string made = label();
        graph_ +=
            fmt::format("{},aformat=sample_fmts=fltp:channel_layouts={}{};", chain, layout, made);
        return made;
    }

    static std::vector<double> tempos(double speed) {
        std::vector<double> all;
        while (speed < tempo_min || speed > tempo_max) {
            const double step = speed < tempo_min ? tempo_min : tempo_max;
            all.push_back(step);
            speed /= step;
        }
        if (speed != 1) all.push_back(speed);
        return all;
    }

    const RenderPlan& plan_;
    const Slice& slice_;
    std::vector<Input> inputs_;
    std::string graph_;
    std::size_t labels_ = 0;
};

void add_input(Arguments& to, const RenderPlan& plan, const Input& input, int threads) {
    const Source& source = plan.sources[input.source];
    add(to, {"-threads", fmt::to_string(threads), "-max_pixels", "50000000", "-protocol_whitelist",
             "file"});
    if (is_picture(source)) {
        const std::string_view format = picture_format(source.path);
        add(to, {"-format_whitelist", format, "-f", format, "-i", "file:" + source.path});
        return;
    }
    add(to, {"-format_whitelist", allowed_formats()});
    const double from = input.start - input.margin(plan);
    if (from > 0) add(to, {"-ss", number(from)});
    add(to, {"-i", "file:" + source.path});
}

void add_encoder(Arguments& to, const RenderPlan& plan, int threads) {
    const PictureFormat& picture = *plan.picture;
    const bool is_h265 = picture.codec == PictureFormat::Codec::h265;
    add(to, {"-map", "[v]"});
    if (is_h265)
        add(to, {"-c:v", "libx265", "-profile:v", "main", "-tag:v", "hvc1", "-x265-params",
                 fmt::format("log-level=error:pools={}", threads)});
    else
        add(to, {"-c:v", "libx264", "-profile:v", "high"});
    const std::int64_t gop = std::max<std::int64_t>(1, frames_in(key_frame_seconds, plan.rate));
    add(to, {"-pix_fmt", "yuv420p", "-preset", "veryfast", "-threads", fmt::to_string(threads),
             "-g", fmt::to_string(gop), "-force_key_frames",
             fmt::format("expr:gte(t,n_forced*{})", key_frame_seconds)});
    if (picture.kbps > 0) {
        add(to, {"-b:v", fmt::format("{}k", picture.kbps)});
    } else {
        add(to, {"-crf", is_h265 ? "24" : "20"});
    }
    const std::int64_t kbps_max = picture.kbps > 0 ? picture.kbps * 3 / 2 : picture.kbps_max;
    if (kbps_max > 0)
        add(to, {"-maxrate", fmt::format("{}k", kbps_max), "-bufsize",
                 fmt::format("{}k", kbps_max * 2)});
}

// Samples up to the beginning of a frame: rounded from the beginning of all, so that nothing adds
// up.
std::int64_t samples_at(const RenderPlan& plan, std::int64_t frame) {
    return std::llround(seconds_of(frame, plan.rate) *
                        static_cast<double>(plan.sound->sample_rate));
}

}  // namespace

std::vector<std::string> slice_arguments(const RenderPlan& plan, std::size_t index, Voices voices,
                                         int threads) {
    const Slice& slice = plan.slices[index];
    Graph graph(plan, slice);
    if (plan.picture) graph.add_picture();
    if (plan.sound) {
        std::int64_t begin = 0;
        for (std::size_t i = 0; i < index; ++i)
            begin += plan.slices[i].frames;
        graph.add_sound(samples_at(plan, begin + slice.frames) - samples_at(plan, begin), voices);
    }
    Arguments arguments = {"-nostdin",
                           "-hide_banner",
                           "-v",
                           "error",
                           "-y",
                           "-filter_complex_threads",
                           fmt::to_string(threads)};
    const int threads_each = graph.inputs().size() > 1 ? 1 : threads;
    for (const Input& input : graph.inputs())
        add_input(arguments, plan, input, threads_each);
    add(arguments, {"-filter_complex", graph.take()});
    if (plan.picture) add_encoder(arguments, plan, threads);
    if (plan.sound) add(arguments, {"-map", "[a]", "-c:a", "pcm_s16le"});
    add(arguments, {"-map_metadata", "-1", "-map_chapters", "-1", "-progress", "pipe:1",
                    "-stats_period", "0.5", "-f", "mov", "file:" + slice_name(index)});
    return arguments;
}

std::string slice_name(std::size_t index) {
    return fmt::format("slice_{:05}.mov", index);
}

std::vector<std::size_t> sources_of(const Slice& slice) {
    std::vector<std::size_t> all;
    for (const Image& image : slice.images) {
        if (const auto* const layer = std::get_if<Layer>(&image)) {
            all.push_back(layer->source);
            continue;
        }
        all.push_back(std::get<Crossfade>(image).from.source);
        all.push_back(std::get<Crossfade>(image).to.source);
    }
    for (const Voice& voice : slice.voices)
        all.push_back(voice.source);
    std::ranges::sort(all);
    const auto rest = std::ranges::unique(all);
    all.erase(rest.begin(), rest.end());
    return all;
}

std::string slice_list_text(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
        text += fmt::format("file {}\n", slice_name(i));
    return text;
}

std::vector<std::string> join_arguments(const RenderPlan& plan) {
    Arguments arguments = {"-nostdin",
                           "-hide_banner",
                           "-v",
                           "error",
                           "-y",
                           "-protocol_whitelist",
                           "file",
                           "-format_whitelist",
                           "concat,mov,mp4,m4a,3gp,3g2,mj2",
                           "-f",
                           "concat",
                           "-safe",
                           "1",
                           "-i"};
    arguments.push_back(fmt::format("file:{}", slice_list));
    if (plan.picture) add(arguments, {"-map", "0:v:0", "-c:v", "copy"});
    if (plan.picture && plan.picture->codec == PictureFormat::Codec::h265)
        add(arguments, {"-tag:v", "hvc1"});
    if (plan.sound)
        add(arguments,
            {"-map", "0:a:0", "-c:a", plan.type == OutputType::mp3 ? "libmp3lame" : "aac", "-b:a",
             fmt::format("{}k", plan.sound->kbps)});
    add(arguments, {"-map_metadata", "-1", "-map_chapters", "-1", "-progress", "pipe:1",
                    "-stats_period", "0.5"});
    const std::string name = joined_name(plan.type);
    if (plan.type == OutputType::hls)
        add(arguments,
            {"-f", "hls", "-hls_time", fmt::to_string(key_frame_seconds), "-hls_playlist_type",
             "vod", "-hls_list_size", "0", "-hls_flags", "independent_segments",
             "-hls_segment_filename", fmt::format("{}%05d.ts", segment_prefix)});
    else if (plan.type == OutputType::mp4)
        add(arguments, {"-movflags", "+faststart", "-f", "mp4"});
    else
        add(arguments, {"-f", "mp3"});
    arguments.push_back("file:" + name);
    return arguments;
}

std::string joined_name(OutputType type) {
    return fmt::format("f0.{}", type == OutputType::hls ? "m3u8" : name(type));
}

}  // namespace hookreel::media
