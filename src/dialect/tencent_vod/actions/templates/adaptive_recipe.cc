#include "dialect/tencent_vod/actions/templates/adaptive_recipe.h"

#include <fmt/format.h>

#include <algorithm>

#include "dialect/tencent_vod/actions/frame/template_parts.h"
#include "dialect/tencent_vod/actions/frame/transcode_recipe.h"
#include "dialect/tencent_vod/actions/frame/works.h"
#include "media/ffmpeg/encoders.h"

namespace hookreel::dialect::tencent_vod {
namespace {

using model::AdaptiveTemplate;
using model::AudioTemplate;
using model::Package;
using model::VideoTemplate;

// SDK, CreateAdaptiveDynamicStreamingTemplate.
constexpr std::size_t streams_max = 10;
constexpr std::uint64_t piece_seconds_max = 10;
constexpr std::uint64_t piece_seconds_default = 6;
// Spec d, CreateTranscodeTemplate.
constexpr std::uint64_t fps_max = 100;
constexpr std::uint64_t kbps_min = 128;
constexpr std::uint64_t kbps_max = 100'000;

// All pictures have their key frames together and are encoded alike, so of a stream's video only
// its size, rate and bitrate can be chosen.
Answer<void> check_settings(const Members& video) {
    for (const std::string_view number : {"Vcrf", "Gop"})
        if (video.natural(number).value_or(0) > 0) return not_available(number);
    if (video.has("Bframes")) return not_available("Bframes");
    if (video.integer("HlsTime").value_or(0) > 0)
        return refuse("FailedOperation", "SegmentDuration says how long the pieces are.");
    struct Row {
        std::string_view member;
        std::array<std::string_view, 2> fine;
    };
    constexpr std::array<Row, 4> rows = {{{"Mode", {"VBR", ""}},
                                          {"VideoProfile", {"high", "default"}},
                                          {"PreserveHDRSwitch", {"OFF", ""}},
                                          {"CodecTag", {"", ""}}}};
    for (const Row& row : rows) {
        const std::string value = video.text_or_empty(row.member);
        if (!value.empty() && std::ranges::find(row.fine, value) == row.fine.end())
            return not_available(row.member);
    }
    return {};
}

Answer<VideoTemplate> read_video(const Members& video) {
    const SideRules rules{.side_min = 128,
                          .side_max = 8192,
                          .sides_code = "InvalidParameterValue.ResolutionAdaptive",
                          .fill_code = "InvalidParameterValue.FillType",
                          .fills = {"stretch", "black", "white"}};
    if (*video.text("Codec") != "libx264")
        return refuse("InvalidParameterValue.VideoCodec",
                      "Adaptive streams are made in the Codec libx264.");
    if (Answer<void> fine = check_settings(video); !fine)
        return std::unexpected(std::move(fine.error()));
    const std::uint64_t fps = *video.natural("Fps");
    if (fps > fps_max) return refuse("InvalidParameterValue.Fps", "Fps must be from 0 to 100.");
    const std::uint64_t kbps = *video.natural("Bitrate");
    if (kbps < kbps_min || kbps > kbps_max)
        return refuse("InvalidParameterValue.VideoBitrate",
                      "Video.Bitrate must be from 128 to 100000.");
    const Answer<PictureSides> picture = read_sides(video, rules);
    if (!picture) return std::unexpected(picture.error());
    if (std::int64_t{picture->width} * picture->height > media::encoded_pixels_max)
        return refuse("InvalidParameterValue.Resolution",
                      "A picture may be as large as 8192 by 4320, in any shape.");
    return VideoTemplate{.fps = static_cast<int>(fps),
                         .kbps = static_cast<int>(kbps),
                         .width = picture->width,
                         .height = picture->height,
                         .sides = picture->sides,
                         .fill = picture->fill};
}

Answer<AudioTemplate> read_audio(const Members& audio) {
    Answer<AudioTemplate> made = read_audio_template(audio, "mp4");
    if (!made) return made;
    if (made->codec != model::AudioCodec::aac)
        return refuse("InvalidParameterValue.AudioCodec",
                      "Adaptive streams have the sound libfdk_aac.");
    if (made->kbps == 0)
        return refuse("InvalidParameterValue.AudioBitrate",
                      "Audio.Bitrate must be from 26 to 256.");
    if (made->channels == 0)
        return refuse("InvalidParameterValue.AudioChannel", "AudioChannel must be 1, 2 or 6.");
    return made;
}

// Adds the stream's picture; its sound, when it is the first that has one.
Answer<void> read_stream(const Members& stream, AdaptiveTemplate& made) {
    constexpr std::array<std::string_view, 2> unavailable = {"EnhanceConfig", "StdExtInfo"};
    if (Answer<void> fine = refuse_any(stream, unavailable); !fine) return fine;
    const std::optional<Members> tehd = stream.object("TEHDConfig");
    if (tehd && tehd->text_or_empty("Type") != "OFF")
        return refuse("InvalidParameterValue.TEHDType", "TEHDConfig.Type must be OFF.");
    if (stream.integer("RemoveVideo").value_or(0) != 0) return not_available("RemoveVideo");
    const std::optional<Members> video = stream.object("Video");
    if (!video) return refuse("InvalidParameter", "Each of StreamInfos needs a Video.");
    const Answer<VideoTemplate> picture = read_video(*video);
    if (!picture) return std::unexpected(picture.error());
    made.video.push_back(*picture);
    if (stream.integer("RemoveAudio").value_or(0) != 0) return {};
    const std::optional<Members> audio = stream.object("Audio");
    if (!audio)
        return refuse("InvalidParameter",
                      "Each of StreamInfos needs an Audio, unless its RemoveAudio is 1.");
    const Answer<AudioTemplate> sound = read_audio(*audio);
    if (!sound) return std::unexpected(sound.error());
    if (!made.audio) made.audio = *sound;
    return {};
}

Answer<void> read_package(const Members& parameters, AdaptiveTemplate& made) {
    const std::string_view format = *parameters.text("Format");
    if (format != "HLS" && format != "MPEG-DASH")
        return refuse("InvalidParameterValue.Format", "Format must be HLS or MPEG-DASH.");
    made.package = format == "HLS" ? Package::hls : Package::dash;
    const std::string pieces = parameters.text_or_empty("SegmentType");
    const bool is_ts = pieces == "ts" || pieces == "ts-segment";
    if (!pieces.empty() && !(is_ts && made.package == Package::hls))
        return refuse("FailedOperation",
                      "The SegmentType of HLS is ts-segment on this server; with MPEG-DASH it is "
                      "left out: the pieces are MP4 in files of their own.");
    const std::uint64_t seconds =
        parameters.natural("SegmentDuration").value_or(piece_seconds_default);
    if (seconds < 1 || seconds > piece_seconds_max)
        return refuse("InvalidParameterValue", "SegmentDuration must be from 1 to 10.");
    made.piece_seconds = static_cast<int>(seconds);
    return {};
}

Answer<void> read_protection(const Members& parameters, AdaptiveTemplate& made) {
    const std::string type = parameters.text_or_empty("DrmType");
    if (type == "Widevine" || type == "FairPlay" || type == "Widevine+FairPlay")
        return refuse("FailedOperation",
                      fmt::format("The DrmType {} needs licences, which this server has none of; "
                                  "SimpleAES needs none.",
                                  type));
    if (!type.empty() && type != "SimpleAES")
        return refuse("InvalidParameterValue.DrmType", "DrmType must be SimpleAES, or left out.");
    if (type.empty()) return {};
    if (made.package != Package::hls)
        return refuse("InvalidParameterValue.DrmType", "The DrmType SimpleAES is of HLS.");
    const std::string provider = parameters.text_or_empty("DrmKeyProvider");
    if (!provider.empty() && provider != "VOD") return not_available("DrmKeyProvider");
    if (!parameters.text_or_empty("DrmEncryptType").empty()) return not_available("DrmEncryptType");
    made.protection = model::Protection::simple_aes;
    return {};
}

// A DASH player changes between pictures of one shape: those of the film, or all of the same.
Answer<void> check_shapes(const AdaptiveTemplate& made) {
    if (made.package != Package::dash) return {};
    const VideoTemplate& first = made.video.front();
    const auto is_alike = [&first](const VideoTemplate& one) {
        const bool is_open = one.width == 0 || one.height == 0;
        if (first.width == 0 || first.height == 0) return is_open;
        return !is_open && one.sides == first.sides &&
               std::int64_t{one.width} * first.height == std::int64_t{first.width} * one.height;
    };
    if (std::ranges::all_of(made.video, is_alike)) return {};
    return refuse("InvalidParameterValue.Resolution",
                  "With MPEG-DASH all pictures have one shape: leave a side of each at 0, or give "
                  "both sides of all in the same proportion.");
}

Answer<bool> read_switch(const Members& parameters, std::string_view member) {
    const std::uint64_t value = parameters.natural(member).value_or(0);
    if (value > 1)
        return refuse("InvalidParameterValue", fmt::format("{} must be 0 or 1.", member));
    return value == 1;
}

}  // namespace

Answer<AdaptiveTemplate> read_adaptive_template(const Members& parameters) {
    Answer<TemplateWords> words = read_words(parameters);
    if (!words) return std::unexpected(std::move(words.error()));
    AdaptiveTemplate made{.name = std::move(words->name), .comment = std::move(words->comment)};
    if (Answer<void> fine = read_package(parameters, made); !fine)
        return std::unexpected(std::move(fine.error()));
    if (Answer<void> fine = read_protection(parameters, made); !fine)
        return std::unexpected(std::move(fine.error()));
    const std::vector<Members> streams = parameters.objects("StreamInfos");
    if (streams.empty() || streams.size() > streams_max)
        return refuse("InvalidParameterValue", "StreamInfos takes 1 to 10 streams.");
    for (const Members& stream : streams)
        if (Answer<void> fine = read_stream(stream, made); !fine)
            return std::unexpected(std::move(fine.error()));
    if (Answer<void> fine = check_shapes(made); !fine)
        return std::unexpected(std::move(fine.error()));
    const Answer<bool> no_bitrate = read_switch(parameters, "DisableHigherVideoBitrate");
    if (!no_bitrate) return std::unexpected(no_bitrate.error());
    const Answer<bool> no_size = read_switch(parameters, "DisableHigherVideoResolution");
    if (!no_size) return std::unexpected(no_size.error());
    made.exceeds_bitrate = !*no_bitrate;
    made.enlarges = !*no_size;
    return made;
}

json::object adaptive_template(const AdaptiveTemplate& one) {
    json::array streams;
    for (const VideoTemplate& video : one.video) {
        json::object stream = {{"Video", video_template(video)},
                               {"RemoveAudio", one.audio ? 0 : 1},
                               {"RemoveVideo", 0}};
        if (one.audio) stream.emplace("Audio", audio_template(*one.audio));
        streams.push_back(std::move(stream));
    }
    const bool is_hls = one.package == Package::hls;
    json::object object = described(one);
    object.emplace("Format", is_hls ? "HLS" : "MPEG-DASH");
    object.emplace("DrmType", name(one.protection));
    object.emplace("DrmKeyProvider", one.protection == model::Protection::none ? "" : "VOD");
    object.emplace("DrmEncryptType", "");
    object.emplace("StreamInfos", std::move(streams));
    object.emplace("DisableHigherVideoBitrate", one.exceeds_bitrate ? 0u : 1u);
    object.emplace("DisableHigherVideoResolution", one.enlarges ? 0u : 1u);
    object.emplace("SegmentType", is_hls ? "ts-segment" : "");
    object.emplace("SegmentDuration", std::uint64_t(one.piece_seconds));
    return object;
}

}  // namespace hookreel::dialect::tencent_vod
