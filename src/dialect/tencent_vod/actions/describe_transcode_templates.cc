#include <fmt/format.h>

#include <algorithm>

#include "dialect/tencent_vod/actions/actions.h"
#include "dialect/tencent_vod/protocol/json_text.h"
#include "media/ffmpeg/presets.h"

namespace hookreel::dialect::tencent_vod {
namespace {

constexpr std::uint64_t limit_default = 10;
constexpr std::uint64_t limit_max = 100;
// Presets are as old as the API.
constexpr std::string_view preset_time = "2018-01-01T00:00:00Z";

std::string_view codec(media::VideoTemplate::Codec codec) {
    switch (codec) {
        case media::VideoTemplate::Codec::h264:
            return "libx264";
        case media::VideoTemplate::Codec::h265:
            return "libx265";
        case media::VideoTemplate::Codec::copy:
            break;
    }
    return "copy";
}

std::string_view codec(media::AudioTemplate::Codec codec) {
    switch (codec) {
        case media::AudioTemplate::Codec::aac:
            return "libfdk_aac";
        case media::AudioTemplate::Codec::mp3:
            return "libmp3lame";
        case media::AudioTemplate::Codec::copy:
            break;
    }
    return "copy";
}

json::object video_template(const media::VideoTemplate& video) {
    return {
        {"Codec", codec(video.codec)},
        {"Fps", video.fps},
        {"Bitrate", video.kbps},
        {"ResolutionAdaptive", "open"},
        {"Width", video.width},
        {"Height", video.height},
        {"FillType", "black"},
        {"Vcrf", 0},
        {"Gop", video.gop_frames},
        {"PreserveHDRSwitch", "OFF"},
        {"CodecTag", ""},
    };
}

json::object audio_template(const media::AudioTemplate& audio) {
    return {{"Codec", codec(audio.codec)},
            {"Bitrate", audio.kbps},
            {"SampleRate", audio.sample_rate},
            {"AudioChannel", audio.channels}};
}

std::string_view container_type(const media::TranscodeTemplate& preset) {
    return preset.video ? "Video" : "PureAudio";
}

// The definition is a text here and a number everywhere else.
json::object transcode_template(const media::TranscodeTemplate& preset) {
    json::object object = {
        {"Definition", fmt::to_string(preset.definition)},
        {"Container", preset.container},
        {"Name", preset.name},
        {"Comment", ""},
        {"Type", "Preset"},
        {"RemoveVideo", preset.video ? 0 : 1},
        {"RemoveAudio", preset.audio ? 0 : 1},
    };
    if (preset.video) object.emplace("VideoTemplate", video_template(*preset.video));
    if (preset.audio) object.emplace("AudioTemplate", audio_template(*preset.audio));
    object.emplace("ContainerType", container_type(preset));
    object.emplace("CreateTime", preset_time);
    object.emplace("UpdateTime", preset_time);
    object.emplace("SegmentType", "");
    return object;
}

struct Filter {
    std::vector<std::int64_t> definitions;
    std::string type, container_type, tehd_type;
    bool enhanced = false;  // Only templates with enhancement are asked for; no preset has it.

    bool passes(const media::TranscodeTemplate& preset) const {
        const bool is_asked =
            definitions.empty() ||
            std::ranges::find(definitions, static_cast<std::int64_t>(preset.definition)) !=
                definitions.end();
        return is_asked && !enhanced && (type.empty() || type == "Preset") &&
               (container_type.empty() ||
                container_type == hookreel::dialect::tencent_vod::container_type(preset)) &&
               (tehd_type.empty() || tehd_type == "Common");
    }
};

Answer<Filter> read_filter(const Members& parameters) {
    Filter filter;
    filter.definitions = parameters.integers("Definitions");
    filter.type = parameters.text_or_empty("Type");
    filter.container_type = parameters.text_or_empty("ContainerType");
    filter.tehd_type = parameters.text_or_empty("TEHDType");
    filter.enhanced = parameters.has("EnhanceType") || parameters.has("EnhanceScenarioType");
    const auto one_of = [](const std::string& text, std::string_view first,
                           std::string_view second) {
        return text.empty() || text == first || text == second;
    };
    if (filter.definitions.size() > limit_max)
        return refuse("InvalidParameterValue.Definitions", "At most 100 Definitions are taken.");
    if (!one_of(filter.type, "Preset", "Custom"))
        return refuse("InvalidParameterValue.Type", "Type must be Preset or Custom.");
    if (!one_of(filter.container_type, "Video", "PureAudio"))
        return refuse("InvalidParameterValue.ContainerType",
                      "ContainerType must be Video or PureAudio.");
    if (!one_of(filter.tehd_type, "Common", "TEHD"))
        return refuse("InvalidParameterValue.TEHDType", "TEHDType must be Common or TEHD.");
    return filter;
}

}  // namespace

Task<Answer<std::string>> describe_transcode_templates(const Call& call) {
    const Answer<Filter> filter = read_filter(call.parameters);
    if (!filter) co_return std::unexpected(filter.error());
    const std::uint64_t offset = call.parameters.natural("Offset").value_or(0);
    const std::uint64_t limit = call.parameters.natural("Limit").value_or(limit_default);
    if (limit > limit_max)
        co_return refuse("InvalidParameterValue.Limit", "Limit may be at most 100.");

    json::array listed;
    std::uint64_t total = 0;
    for (const media::TranscodeTemplate& preset : media::transcode_templates()) {
        if (!filter->passes(preset)) continue;
        if (total >= offset && listed.size() < limit) listed.push_back(transcode_template(preset));
        ++total;
    }
    json::object object = {{"TotalCount", total}, {"TranscodeTemplateSet", std::move(listed)}};
    co_return write_members(with_nulls(std::move(object), *call.action.output));
}

}  // namespace hookreel::dialect::tencent_vod
