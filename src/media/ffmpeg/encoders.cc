#include "media/ffmpeg/encoders.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "media/ffmpeg/joining.h"
#include "media/ffmpeg/overlays.h"

namespace hookreel::media {
namespace {

using model::AudioCodec;
using model::RateControl;
using model::VideoCodec;

constexpr int gop_frames_default = 240;  // Tencent 266/33932.
constexpr int fps_default = 25;          // Of a source that does not tell.
constexpr int audio_kbps_max = 256;
// Layer II of MPEG-1, and AC-3.
constexpr std::array mp2_kbps = {32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256};
constexpr std::array ac3_kbps = {32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256};

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> list) {
    return std::ranges::find(list, name) != list.end();
}

std::string kilobits(std::int64_t kbps) {
    return fmt::format("{}k", kbps);
}

int gop_frames(const VideoTemplate& video, std::int64_t source_fps) {
    if (video.gop == 0) return gop_frames_default;
    if (video.gop_unit == model::GopUnit::frame) return video.gop;
    const std::int64_t fps = video.fps > 0 ? video.fps : source_fps;
    return video.gop * static_cast<int>(fps > 0 ? fps : fps_default);
}

// A preset's rate is a maximum: repeating frames costs bits and shows nothing new. A source that is
// slower keeps its own timing, also when it varies.
bool changes_frame_rate(const VideoTemplate& video, std::int64_t source_fps) {
    const bool must_change =
        video.frame_rate == model::FrameRate::exact || source_fps == 0 || source_fps > video.fps;
    return video.fps > 0 && must_change;
}

double picture_seconds(const Source& source, const Transcode& transcode) {
    return transcode.range ? transcode.range->length : source.metadata.video_duration;
}

// In a picture of both sides, and what is beside it, the pixels are square.
bool has_square_pixels(const Transcode& transcode) {
    const VideoTemplate& video = *transcode.preset->video;
    return transcode.is_joined() || (video.width > 0 && video.height > 0);
}
Size shown_in(const Source& source, const Transcode& transcode) {
    return has_square_pixels(transcode) ? square_size(source.metadata)
                                        : shown_size(source.metadata);
}

// The filter keeps the length, where `-r` would show the last picture once more; but of less than a
// frame it would keep nothing.
void add_pictures(Arguments& to, const Source& source, const Transcode& transcode) {
    const VideoTemplate& video = *transcode.preset->video;
    const double seconds = picture_seconds(source, transcode);
    const std::size_t images = image_count(transcode.marks);
    const bool has_frames = seconds * static_cast<double>(video.fps) >= 1;
    const bool changes = changes_frame_rate(video, source.metadata.video.front().fps);
    const std::string rate = changes && has_frames ? fmt::format("fps={},", video.fps) : "";
    add_filtered(to, {0, rate + picture_filters(source, transcode), images});
    if (!changes)
        add(to, {"-fps_mode", "vfr"});
    else if (!has_frames)
        add(to, {"-r", fmt::to_string(video.fps)});
}

void add_codec(Arguments& to, const VideoTemplate& video, int threads) {
    if (video.codec == VideoCodec::h265) {
        add(to, {"-c:v", "libx265", "-profile:v", "main", "-tag:v",
                 video.tag == model::CodecTag::hev1 ? "hev1" : "hvc1", "-x265-params",
                 fmt::format("log-level=error:pools={}", threads)});
        return;
    }
    const bool is_standard = video.profile == model::VideoProfile::standard;
    add(to, {"-c:v", "libx264", "-profile:v", is_standard ? "high" : name(video.profile)});
}

void add_rate_control(Arguments& to, const VideoTemplate& video, std::int64_t source_kbps) {
    const std::int64_t kbps = video.kbps;
    if (video.rate_control == RateControl::quality) {
        add(to, {"-crf", fmt::to_string(video.crf)});
    } else if (kbps == 0) {
        add(to, {"-crf", "23"});  // As good as the source needs, and never above its bitrate.
        if (source_kbps > 0)
            add(to, {"-maxrate", kilobits(source_kbps), "-bufsize", kilobits(source_kbps * 2)});
    } else if (video.rate_control == RateControl::abr) {
        add(to, {"-b:v", kilobits(kbps)});
    } else if (video.rate_control == RateControl::cbr) {
        add(to, {"-b:v", kilobits(kbps), "-minrate", kilobits(kbps), "-maxrate", kilobits(kbps),
                 "-bufsize", kilobits(kbps)});
    } else {
        add(to, {"-b:v", kilobits(kbps), "-maxrate", kilobits(kbps * 3 / 2), "-bufsize",
                 kilobits(kbps * 2)});
    }
}

void add_picture_encoder(Arguments& to, const Source& source, const Transcode& transcode) {
    const VideoTemplate& video = *transcode.preset->video;
    const int threads = transcode.threads;
    const model::VideoStream& stream = source.metadata.video.front();
    if (!transcode.is_joined()) add_pictures(to, source, transcode);
    add_codec(to, video, threads);
    add(to, {"-preset", "veryfast", "-threads", fmt::to_string(threads), "-g",
             fmt::to_string(gop_frames(video, stream.fps))});
    if (video.b_frames) add(to, {"-bf", fmt::to_string(*video.b_frames)});
    add_rate_control(to, video, stream.bitrate / 1000);
}

std::string_view encoder_of(AudioCodec codec) {
    switch (codec) {
        case AudioCodec::aac:
            return "aac";
        case AudioCodec::mp3:
            return "libmp3lame";
        case AudioCodec::ac3:
            return "ac3";
        case AudioCodec::flac:
            return "flac";
        case AudioCodec::mp2:
            return "mp2";
        case AudioCodec::pcm16:
            return "pcm_s16le";
        case AudioCodec::copy:
            break;
    }
    return "copy";
}

// The source's, or one near it that the encoder takes.
int kbps_of(const AudioTemplate& audio, std::int64_t source_kbps) {
    if (audio.kbps > 0) return audio.kbps;
    const int wanted =
        source_kbps > 0
            ? static_cast<int>(std::clamp<std::int64_t>(source_kbps, 32, audio_kbps_max))
            : audio_kbps_max / 2;
    const std::span<const int> possible = limits_of(audio.codec).kbps;
    if (possible.empty()) return wanted;
    const auto found = std::ranges::lower_bound(possible, wanted);
    return found != possible.end() ? *found : possible.back();
}

// Of the first part that has sound; 0 when it does not tell.
std::int64_t sound_kbps(const Source& source, const Transcode& transcode) {
    const auto kbps = [](const Source& from) { return from.metadata.audio.front().bitrate / 1000; };
    if (!source.metadata.audio.empty()) return kbps(source);
    for (const auto* list : {&transcode.heads, &transcode.tails})
        for (const Attached& one : *list)
            if (!one.source.metadata.audio.empty()) return kbps(one.source);
    return 0;
}

}  // namespace

Size picture_size(const Source& source, const Transcode& transcode) {
    return fitted_size(fitting_of(*transcode.preset->video), shown_in(source, transcode));
}

std::string picture_filters(const Source& source, const Transcode& transcode) {
    const Fitting fitting = fitting_of(*transcode.preset->video);
    const Size shown = shown_in(source, transcode);
    const Canvas canvas{fitted_size(fitting, shown), picture_seconds(source, transcode)};
    return fmt::format(
        "{}{},format=yuv420p",
        transcode.is_joined() ? square_filters(fitting, shown) : fitting_filters(fitting, shown),
        mosaic_filters(transcode.mosaics, canvas) + mark_filters(transcode.marks, canvas, {}));
}

FrameRate joined_rate(const Source& film, const VideoTemplate& video) {
    const bool changes = changes_frame_rate(video, film.metadata.video.front().fps);
    return changes ? FrameRate{video.fps, 1} : frame_rate_of(film.metadata);
}

void add_video(Arguments& to, const Source& source, const Transcode& transcode) {
    const std::optional<VideoTemplate>& video = transcode.preset->video;
    if (!video) {
        add(to, {"-vn"});
        return;
    }
    if (video->codec != VideoCodec::copy) {
        add_picture_encoder(to, source, transcode);
        return;
    }
    add_filtered(to, {});
    add(to, {"-c:v", "copy"});
    if (source.metadata.video.front().codec == "hevc") add(to, {"-tag:v", "hvc1"});
}

void add_audio(Arguments& to, const Source& source, const Transcode& transcode) {
    const std::optional<AudioTemplate>& audio = transcode.preset->audio;
    if (!has_sound(source, transcode)) {
        add(to, {"-an"});
        return;
    }
    if (!transcode.is_joined()) add(to, {"-map", "0:a:0"});
    add(to, {"-c:a", encoder_of(audio->codec)});
    if (audio->codec == AudioCodec::copy) return;
    if (limits_of(audio->codec).has_bitrate)
        add(to, {"-b:a", kilobits(kbps_of(*audio, sound_kbps(source, transcode)))});
    // Without a number ffmpeg keeps the source's channels, or as many as the encoder takes.
    if (audio->channels > 0) add(to, {"-ac", fmt::to_string(audio->channels)});
    add(to, {"-ar", fmt::to_string(audio->sample_rate)});
}

int segment_length(const TranscodeTemplate& made_by) {
    const int own = made_by.video ? made_by.video->segment_seconds : 0;
    return own > 0 ? own : segment_seconds;
}

bool holds(std::string_view container, VideoCodec codec) {
    if (codec == VideoCodec::h265) return is_one_of(container, {"mp4", "hls"});
    return is_one_of(container, {"mp4", "hls", "flv"});
}

bool holds(std::string_view container, AudioCodec codec) {
    switch (codec) {
        case AudioCodec::aac:
            return is_one_of(container, {"mp4", "hls", "flv", "m4a"});
        case AudioCodec::mp3:
            return is_one_of(container, {"mp4", "hls", "flv", "mp3"});
        case AudioCodec::ac3:
            return is_one_of(container, {"mp4", "hls", "m4a"});
        case AudioCodec::mp2:
            // In an MP4 nothing says that it is not MP3.
            return container == "hls";
        case AudioCodec::flac:
            return is_one_of(container, {"flac", "ogg"});
        case AudioCodec::pcm16:
            return container == "wav";
        case AudioCodec::copy:
            break;
    }
    return false;
}

SoundLimits limits_of(AudioCodec codec) {
    switch (codec) {
        case AudioCodec::mp3:
            return {.channels_max = 2};
        case AudioCodec::mp2:
            return {.channels_max = 2, .kbps = mp2_kbps};
        case AudioCodec::ac3:
            return {.kbps = ac3_kbps};
        case AudioCodec::flac:
        case AudioCodec::pcm16:
            return {.has_bitrate = false};
        case AudioCodec::aac:
        case AudioCodec::copy:
            break;
    }
    return {};
}

}  // namespace hookreel::media
