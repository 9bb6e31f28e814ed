#include "media/ffmpeg/joining.h"

#include <fmt/format.h>

#include <algorithm>

#include "media/ffmpeg/encoders.h"

namespace hookreel::media {
namespace {

// One of those that are set one behind the other.
struct Part {
    const Source* source = nullptr;
    std::size_t input = 0;
    std::string picture;  // Its filters; empty when the output has no picture.
    double seconds = 0;
};

bool has_sound(const Source& source) {
    return !source.metadata.audio.empty();
}

std::vector<const Attached*> attached(const Transcode& transcode) {
    std::vector<const Attached*> all;
    for (const auto* list : {&transcode.heads, &transcode.tails})
        for (const Attached& one : *list)
            all.push_back(&one);
    return all;
}

// A sound that is left out makes nothing longer.
double seconds_of(const Source& source, const Transcode& transcode) {
    const model::Metadata& metadata = source.metadata;
    if (!transcode.preset->video && metadata.audio_duration > 0) return metadata.audio_duration;
    const bool is_mute = !transcode.preset->audio || transcode.sound == Sound::drop;
    if (is_mute && metadata.video_duration > 0) return metadata.video_duration;
    return metadata.duration;
}

// In the order in which they are seen.
std::vector<Part> parts_of(const Source& film, const Transcode& transcode) {
    const std::optional<VideoTemplate>& video = transcode.preset->video;
    const Size size = video ? picture_size(film, transcode) : Size{};
    std::size_t input = 1 + image_count(transcode.marks);
    std::vector<Part> parts;
    const auto add = [&](const Attached& one) {
        Part& part =
            parts.emplace_back(Part{&one.source, input++, {}, seconds_of(one.source, transcode)});
        const Fitting fitting{.width = static_cast<int>(size.width),
                              .height = static_cast<int>(size.height),
                              .sides = model::Sides::as_named,
                              .fill = one.fill};
        if (video)
            part.picture =
                square_filters(fitting, square_size(one.source.metadata)) + ",format=yuv420p";
    };
    std::ranges::for_each(transcode.heads, add);
    Part& middle = parts.emplace_back(Part{&film, 0, {}, seconds_of(film, transcode)});
    if (transcode.range) middle.seconds = transcode.range->length;
    if (video) middle.picture = picture_filters(film, transcode);
    std::ranges::for_each(transcode.tails, add);
    return parts;
}

// One stereo unless the template says otherwise: what is joined must have as many channels.
std::string_view layout_of(const AudioTemplate& audio) {
    if (audio.channels == 1) return "mono";
    return audio.channels == 6 ? "5.1" : "stereo";
}

std::string sound_of(const Part& part, const AudioTemplate& audio) {
    const std::string_view layout = layout_of(audio);
    const std::string begin =
        has_sound(*part.source)
            ? fmt::format("[{}:a:0]aresample={}:async=1:first_pts=0", part.input, audio.sample_rate)
            : fmt::format("anullsrc=r={}:cl={},atrim=duration={:.3f}", audio.sample_rate, layout,
                          std::max(part.seconds, 0.001));
    return fmt::format("{},aformat=sample_fmts=fltp:sample_rates={}:channel_layouts={}", begin,
                       audio.sample_rate, layout);
}

}  // namespace

bool has_sound(const Source& film, const Transcode& transcode) {
    if (!transcode.preset->audio || transcode.sound == Sound::drop) return false;
    const auto sounds = [](const Attached* one) { return has_sound(one->source); };
    return has_sound(film) || std::ranges::any_of(attached(transcode), sounds);
}

double attached_seconds(const Transcode& transcode) {
    double sum = 0;
    for (const Attached* one : attached(transcode))
        sum += seconds_of(one->source, transcode);
    return sum;
}

void add_joined(Arguments& to, const Source& film, const Transcode& transcode) {
    const std::optional<VideoTemplate>& video = transcode.preset->video;
    const bool sounds = has_sound(film, transcode);
    // One thread each: they are decoded one after the other, and each holds its pictures.
    for (const Attached* one : attached(transcode))
        add_input(to, one->source, std::nullopt, 1);
    std::string graph;
    std::string order;
    const std::vector<Part> parts = parts_of(film, transcode);
    for (const Part& part : parts) {
        if (video) {
            graph += fmt::format("[{0}:V:0]{1}[p{0}];", part.input, part.picture);
            order += fmt::format("[p{}]", part.input);
        }
        if (sounds) {
            graph += fmt::format("{}[s{}];", sound_of(part, *transcode.preset->audio), part.input);
            order += fmt::format("[s{}]", part.input);
        }
    }
    graph += fmt::format("{}concat=n={}:v={}:a={}{}{}", order, parts.size(), video ? 1 : 0,
                         sounds ? 1 : 0, video ? "[joined]" : "", sounds ? "[sound]" : "");
    if (video)
        graph += fmt::format(";[joined]fps={}[picture]", rate_text(joined_rate(film, *video)));
    add(to, {"-filter_complex", graph});
    if (video) add(to, {"-map", "[picture]"});
    if (sounds) add(to, {"-map", "[sound]"});
}

}  // namespace hookreel::media
