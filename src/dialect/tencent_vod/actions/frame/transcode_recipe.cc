#include "dialect/tencent_vod/actions/frame/transcode_recipe.h"

#include <fmt/format.h>

#include "dialect/tencent_vod/actions/frame/template_parts.h"
#include "media/ffmpeg/encoders.h"

namespace hookreel::dialect::tencent_vod {
namespace {

std::string_view codec(model::VideoCodec codec) {
    switch (codec) {
        case model::VideoCodec::h264:
            return "libx264";
        case model::VideoCodec::h265:
            return "libx265";
        case model::VideoCodec::copy:
            break;
    }
    return "copy";
}

std::string_view codec(model::AudioCodec codec) {
    switch (codec) {
        case model::AudioCodec::aac:
            return "libfdk_aac";
        case model::AudioCodec::mp3:
            return "libmp3lame";
        case model::AudioCodec::ac3:
        case model::AudioCodec::flac:
        case model::AudioCodec::mp2:
        case model::AudioCodec::pcm16:
            return name(codec);
        case model::AudioCodec::copy:
            break;
    }
    return "copy";
}

// What only templates say that somebody made; the platform's samples of presets have none of it.
json::object own_video_template(const model::VideoTemplate& video) {
    json::object object = video_template(video);
    object.emplace("GopUnit", name(video.gop_unit));
    object.emplace("Mode", name(video.rate_control));
    if (video.b_frames) object.emplace("Bframes", *video.b_frames);
    object.emplace("HlsTime", video.segment_seconds);
    object.emplace("VideoProfile", name(video.profile));
    return object;
}

}  // namespace

json::object video_template(const model::VideoTemplate& video) {
    return {
        {"Codec", codec(video.codec)},
        {"Fps", video.fps},
        {"Bitrate", video.kbps},
        {"ResolutionAdaptive", resolution_adaptive(video.sides)},
        {"Width", video.width},
        {"Height", video.height},
        {"FillType", name(video.fill)},
        {"Vcrf", video.crf},
        {"Gop", video.gop},
        {"PreserveHDRSwitch", "OFF"},
        {"CodecTag", name(video.tag)},
    };
}

json::object audio_template(const model::AudioTemplate& audio) {
    return {{"Codec", codec(audio.codec)},
            {"Bitrate", audio.kbps},
            {"SampleRate", audio.sample_rate},
            {"AudioChannel", audio.channels}};
}

std::string_view container_type(const model::TranscodeTemplate& one) {
    return media::holds(one.container, model::VideoCodec::h264) ? "Video" : "PureAudio";
}

json::object transcode_template(const model::TranscodeTemplate& one) {
    const bool is_own = model::is_own_definition(one.definition);
    json::object object = {
        {"Definition", fmt::to_string(one.definition)},
        {"Container", one.container},
        {"Name", one.name},
        {"Comment", one.comment},
        {"Type", template_type(one.definition)},
        {"RemoveVideo", one.video ? 0 : 1},
        {"RemoveAudio", one.audio ? 0 : 1},
    };
    if (one.video)
        object.emplace("VideoTemplate",
                       is_own ? own_video_template(*one.video) : video_template(*one.video));
    if (one.audio) object.emplace("AudioTemplate", audio_template(*one.audio));
    object.emplace("ContainerType", container_type(one));
    object.emplace("CreateTime", template_time(one.definition, one.created));
    object.emplace("UpdateTime", update_time(one));
    object.emplace("SegmentType", is_own && one.container == "hls" ? "ts" : "");
    return object;
}

}  // namespace hookreel::dialect::tencent_vod
