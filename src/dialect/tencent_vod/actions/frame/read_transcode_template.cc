#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "dialect/tencent_vod/actions/frame/template_parts.h"
#include "dialect/tencent_vod/actions/frame/transcode_recipe.h"
#include "dialect/tencent_vod/actions/frame/works.h"
#include "media/ffmpeg/encoders.h"

namespace hookreel::dialect::tencent_vod {
namespace {

using model::AudioCodec;
using model::AudioTemplate;
using model::RateControl;
using model::TranscodeTemplate;
using model::VideoCodec;
using model::VideoProfile;
using model::VideoTemplate;

constexpr std::array<std::string_view, 8> containers = {"mp4", "flv",  "hls", "mp3",
                                                        "m4a", "flac", "ogg", "wav"};
// Spec d.
constexpr std::uint64_t fps_max = 100;
constexpr std::uint64_t video_kbps_min = 128;
constexpr std::uint64_t video_kbps_max = 100'000;
constexpr std::uint64_t audio_kbps_min = 26;
constexpr std::uint64_t audio_kbps_max = 256;
// Of the encoders.
constexpr std::uint64_t crf_max = 51;
constexpr std::int64_t b_frames_max = 16;
// Ours.
constexpr std::uint64_t gop_max = 100'000;
constexpr std::int64_t segment_seconds_max = 60;

// The value of an enum whose names are the API's; `otherwise` when it is absent.
template <class T>
Answer<T> read_choice(const Members& members, std::string_view member, T otherwise) {
    if (!members.has(member)) return otherwise;
    const Result<T> found = parse_enum<T>(*members.text(member));
    if (found) return *found;
    constexpr auto all = names(static_cast<T*>(nullptr));
    return refuse("InvalidParameterValue",
                  fmt::format("{} must be one of {}.", member, fmt::join(all, ", ")));
}

Answer<bool> read_switch(const Members& parameters, std::string_view member) {
    const std::int64_t value = parameters.integer(member).value_or(0);
    if (value != 0 && value != 1)
        return refuse(fmt::format("InvalidParameterValue.{}", member),
                      fmt::format("{} must be 0 or 1.", member));
    return value == 1;
}

Answer<VideoTemplate> read_video_codec(const Members& video, std::string_view container) {
    constexpr std::string_view code = "InvalidParameterValue.VideoCodec";
    VideoTemplate made;
    const std::string codec = video.text_or_empty("Codec");
    if (codec == "av1" || codec == "H.266")
        return refuse(code, fmt::format("This server does not encode {}.", codec));
    if (codec != "libx264" && codec != "libx265")
        return refuse(code, "VideoTemplate.Codec must be libx264 or libx265.");
    if (codec == "libx265") made.codec = VideoCodec::h265;
    if (!media::holds(container, made.codec))
        return refuse(code, fmt::format("{} does not go into {}.", codec, container));
    const Answer<VideoProfile> profile = read_choice(video, "VideoProfile", VideoProfile::standard);
    if (!profile) return std::unexpected(profile.error());
    made.profile = *profile;
    if (made.codec == VideoCodec::h265 && made.profile != VideoProfile::standard &&
        made.profile != VideoProfile::main)
        return refuse("InvalidParameterValue", "libx265 takes the VideoProfile main only.");
    const Answer<model::CodecTag> tag = read_choice(video, "CodecTag", model::CodecTag::standard);
    if (!tag) return std::unexpected(tag.error());
    made.tag = *tag;
    if (made.tag != model::CodecTag::standard &&
        (made.codec != VideoCodec::h265 || container != "mp4"))
        return refuse("InvalidParameterValue", "CodecTag is for libx265 in mp4.");
    return made;
}

Answer<VideoTemplate> read_rate_control(const Members& video, VideoTemplate made) {
    const std::uint64_t kbps = *video.natural("Bitrate");
    if (kbps != 0 && (kbps < video_kbps_min || kbps > video_kbps_max))
        return refuse("InvalidParameterValue.VideoBitrate",
                      "VideoTemplate.Bitrate must be 0, or from 128 to 100000.");
    const std::uint64_t crf = video.natural("Vcrf").value_or(0);
    if (crf > crf_max) return refuse("InvalidParameterValue.Vcrf", "Vcrf must be from 0 to 51.");
    made.kbps = static_cast<int>(kbps);
    made.crf = static_cast<int>(crf);
    const Answer<RateControl> mode =
        read_choice(video, "Mode", crf > 0 ? RateControl::quality : RateControl::vbr);
    if (!mode) return std::unexpected(mode.error());
    made.rate_control = *mode;
    if ((made.rate_control == RateControl::quality) != (crf > 0))
        return refuse("InvalidParameterValue.Vcrf", "Vcrf and the Mode VCRF go together.");
    const bool needs_bitrate =
        made.rate_control == RateControl::abr || made.rate_control == RateControl::cbr;
    if (needs_bitrate && kbps == 0)
        return refuse("InvalidParameterValue.VideoBitrate", "This Mode needs a Bitrate.");
    return made;
}

Answer<VideoTemplate> read_frames(const Members& video, VideoTemplate made,
                                  std::string_view container) {
    const std::uint64_t fps = *video.natural("Fps");
    if (fps > fps_max) return refuse("InvalidParameterValue.Fps", "Fps must be from 0 to 100.");
    made.fps = static_cast<int>(fps);
    made.frame_rate = model::FrameRate::exact;
    const std::uint64_t gop = video.natural("Gop").value_or(0);
    if (gop > gop_max) return refuse("InvalidParameterValue", "Gop must be from 0 to 100000.");
    made.gop = static_cast<int>(gop);
    const Answer<model::GopUnit> unit = read_choice(video, "GopUnit", model::GopUnit::frame);
    if (!unit) return std::unexpected(unit.error());
    made.gop_unit = *unit;
    if (const std::optional<std::int64_t> between = video.integer("Bframes")) {
        if (*between < 0 || *between > b_frames_max)
            return refuse("InvalidParameterValue", "Bframes must be from 0 to 16.");
        if (*between > 0 && made.profile == VideoProfile::baseline)
            return refuse("InvalidParameterValue", "The VideoProfile baseline has no Bframes.");
        made.b_frames = static_cast<int>(*between);
    }
    const std::int64_t segment = video.integer("HlsTime").value_or(0);
    if (segment < 0 || segment > segment_seconds_max || (segment > 0 && container != "hls"))
        return refuse("InvalidParameterValue", "HlsTime must be from 0 to 60, and is for hls.");
    made.segment_seconds = static_cast<int>(segment);
    return made;
}

Answer<VideoTemplate> read_video(const Members& video, std::string_view container) {
    const SideRules rules{.side_min = 128,  // Spec d.
                          .side_max = 8192,
                          .sides_code = "InvalidParameterValue.ResolutionAdaptive",
                          .fill_code = "InvalidParameterValue.FillType",
                          .fills = {"stretch", "black", "white", "gauss"}};
    Answer<VideoTemplate> made = read_video_codec(video, container);
    if (made) made = read_rate_control(video, std::move(*made));
    if (made) made = read_frames(video, std::move(*made), container);
    if (!made) return made;
    const Answer<PictureSides> picture = read_sides(video, rules);
    if (!picture) return std::unexpected(picture.error());
    if (std::int64_t{picture->width} * picture->height > media::encoded_pixels_max)
        return refuse("InvalidParameterValue.Resolution",
                      "A picture may be as large as 8192 by 4320, in any shape.");
    made->width = picture->width;
    made->height = picture->height;
    made->sides = picture->sides;
    made->fill = picture->fill;
    const std::string hdr = video.text_or_empty("PreserveHDRSwitch");
    if (hdr == "ON")
        return refuse("FailedOperation",
                      "`PreserveHDRSwitch` is not available: this server encodes 8 bits a colour.");
    if (!hdr.empty() && hdr != "OFF")
        return refuse("InvalidParameterValue", "PreserveHDRSwitch must be ON or OFF.");
    return made;
}

Answer<AudioCodec> read_audio_codec(const Members& audio, std::string_view container) {
    struct Row {
        std::string_view name;
        AudioCodec codec;
    };
    constexpr std::array<Row, 6> rows = {{{"libfdk_aac", AudioCodec::aac},
                                          {"libmp3lame", AudioCodec::mp3},
                                          {"ac3", AudioCodec::ac3},
                                          {"flac", AudioCodec::flac},
                                          {"mp2", AudioCodec::mp2},
                                          {"pcm16", AudioCodec::pcm16}}};
    const std::string codec = audio.text_or_empty("Codec");
    const auto found = std::ranges::find(rows, codec, &Row::name);
    if (found == rows.end())
        return refuse("InvalidParameterValue.AudioCodec",
                      "AudioTemplate.Codec must be libfdk_aac, libmp3lame, ac3, flac, mp2 or "
                      "pcm16.");
    if (!media::holds(container, found->codec))
        return refuse("InvalidParameterValue.AudioCodec",
                      fmt::format("{} does not go into {}.", codec, container));
    return found->codec;
}

Answer<int> read_audio_kbps(const Members& audio, const media::SoundLimits& limits) {
    constexpr std::string_view code = "InvalidParameterValue.AudioBitrate";
    const std::uint64_t kbps = *audio.natural("Bitrate");
    if (kbps == 0) return 0;
    if (kbps < audio_kbps_min || kbps > audio_kbps_max)
        return refuse(code, "AudioTemplate.Bitrate must be 0, or from 26 to 256.");
    if (!limits.has_bitrate)
        return refuse(code, "Of flac and pcm16 the Bitrate must be 0: it follows from the sound.");
    const int wanted = static_cast<int>(kbps);
    if (!limits.kbps.empty() && std::ranges::find(limits.kbps, wanted) == limits.kbps.end())
        return refuse(code, fmt::format("This Codec has the bitrates {} only.",
                                        fmt::join(limits.kbps, ", ")));
    return wanted;
}

Answer<int> read_sample_rate(const Members& audio, AudioCodec codec, std::string_view container) {
    constexpr std::array<std::uint64_t, 4> rates = {16000, 32000, 44100, 48000};
    constexpr std::string_view code = "InvalidParameterValue.AudioSampleRate";
    const std::uint64_t rate = *audio.natural("SampleRate");
    if (std::ranges::find(rates, rate) == rates.end() ||
        (rate == rates.front() && codec != AudioCodec::pcm16))
        return refuse(code, "SampleRate must be 32000, 44100 or 48000; of pcm16 also 16000.");
    if (container == "flv" && codec == AudioCodec::mp3 && rate != 44100)
        return refuse(code, "In flv libmp3lame has the SampleRate 44100 only.");
    return static_cast<int>(rate);
}

// Whether anything is asked for: each kind of enhancement has a switch of its own.
bool enhances(const Members& parameters) {
    const std::optional<Members> config = parameters.object("EnhanceConfig");
    if (!config) return false;
    for (const std::string_view side : {"VideoEnhance", "AudioEnhance"}) {
        const std::optional<Members> kinds = config->object(side);
        if (!kinds) continue;
        for (const auto& [kind, wish] : kinds->as_object())
            if (wish.is_object() && Members(wish.get_object()).text_or_empty("Switch") != "OFF")
                return true;
    }
    return false;
}

// What this server makes of no template.
Answer<void> check_rest(const Members& parameters, std::string_view container) {
    constexpr std::array<std::string_view, 1> unavailable = {"StdExtInfo"};
    if (Answer<void> fine = refuse_any(parameters, unavailable); !fine) return fine;
    if (enhances(parameters)) return not_available("EnhanceConfig");
    if (const std::optional<Members> config = parameters.object("TEHDConfig")) {
        if (config->text_or_empty("Type") != "OFF")
            return refuse("InvalidParameterValue.TEHDType",
                          "This server has no TEHD: TEHDConfig.Type must be OFF.");
        if (config->natural("MaxVideoBitrate").value_or(0) > 0)
            return refuse("InvalidParameterValue", "MaxVideoBitrate is of TEHD.");
    }
    const std::string segment = parameters.text_or_empty("SegmentType");
    if (segment.empty()) return {};
    if (segment == "fmp4" && container == "hls")
        return refuse("FailedOperation",
                      "The `SegmentType` fmp4 is not available on this server: it writes ts.");
    if (segment != "ts" || container != "hls")
        return refuse("InvalidParameterValue", "SegmentType must be ts or fmp4, and is for hls.");
    return {};
}

}  // namespace

Answer<AudioTemplate> read_audio_template(const Members& audio, std::string_view container) {
    const Answer<AudioCodec> codec = read_audio_codec(audio, container);
    if (!codec) return std::unexpected(codec.error());
    const media::SoundLimits limits = media::limits_of(*codec);
    const Answer<int> kbps = read_audio_kbps(audio, limits);
    if (!kbps) return std::unexpected(kbps.error());
    const Answer<int> rate = read_sample_rate(audio, *codec, container);
    if (!rate) return std::unexpected(rate.error());
    const std::int64_t channels = audio.integer("AudioChannel").value_or(2);
    constexpr std::array<std::int64_t, 4> known = {0, 1, 2, 6};
    if (std::ranges::find(known, channels) == known.end() || channels > limits.channels_max)
        return refuse("InvalidParameterValue.AudioChannel",
                      fmt::format("AudioChannel must be 0, 1, 2 or 6, and of this Codec at most "
                                  "{}.",
                                  limits.channels_max));
    return AudioTemplate{.codec = *codec,
                         .kbps = *kbps,
                         .sample_rate = *rate,
                         .channels = static_cast<int>(channels)};
}

Answer<TranscodeTemplate> read_transcode_template(const Members& parameters) {
    Answer<TemplateWords> words = read_words(parameters);
    if (!words) return std::unexpected(std::move(words.error()));
    TranscodeTemplate made{.name = std::move(words->name),
                           .container = parameters.text_or_empty("Container"),
                           .video = {},
                           .audio = {},
                           .comment = std::move(words->comment)};
    if (std::ranges::find(containers, made.container) == containers.end())
        return refuse("InvalidParameterValue.Container",
                      fmt::format("Container must be one of {}.", fmt::join(containers, ", ")));
    const Answer<bool> no_video = read_switch(parameters, "RemoveVideo");
    if (!no_video) return std::unexpected(no_video.error());
    const Answer<bool> no_audio = read_switch(parameters, "RemoveAudio");
    if (!no_audio) return std::unexpected(no_audio.error());
    if (!*no_video && container_type(made) == "PureAudio")
        return refuse("InvalidParameterValue.RemoveVideo",
                      fmt::format("{} holds sound only: RemoveVideo must be 1.", made.container));
    if (*no_video && *no_audio)
        return refuse("InvalidParameterValue.RemoveAudio", "Either picture or sound must remain.");
    if (Answer<void> fine = check_rest(parameters, made.container); !fine)
        return std::unexpected(std::move(fine.error()));
    const std::optional<Members> video = parameters.object("VideoTemplate");
    const std::optional<Members> audio = parameters.object("AudioTemplate");
    if ((!*no_video && !video) || (!*no_audio && !audio))
        return refuse("InvalidParameter",
                      "VideoTemplate is needed unless RemoveVideo is 1, AudioTemplate unless "
                      "RemoveAudio is 1.");
    if (!*no_video) {
        const Answer<VideoTemplate> read = read_video(*video, made.container);
        if (!read) return std::unexpected(read.error());
        made.video = *read;
    }
    if (!*no_audio) {
        const Answer<AudioTemplate> read = read_audio_template(*audio, made.container);
        if (!read) return std::unexpected(read.error());
        made.audio = *read;
    }
    return made;
}

}  // namespace hookreel::dialect::tencent_vod
