#include "dialect/tencent_vod/actions/frame/transcode_override.h"

#include <fmt/format.h>

#include <array>

#include "dialect/tencent_vod/actions/frame/transcode_recipe.h"
#include "dialect/tencent_vod/actions/frame/works.h"
#include "dialect/tencent_vod/protocol/schema.h"
#include "media/ffmpeg/presets.h"

namespace hookreel::dialect::tencent_vod {
namespace {

bool copies(const model::TranscodeTemplate& one) {
    return (one.video && one.video->codec == model::VideoCodec::copy) ||
           (one.audio && one.audio->codec == model::AudioCodec::copy);
}

json::object object_at(const json::object& in, std::string_view name) {
    const json::value* const found = in.if_contains(name);
    return found ? found->as_object() : json::object();
}

// What a video says of itself that goes only with values which are about to be replaced.
void forget_what_falls_away(json::object& video, const json::object& change,
                            std::string_view container) {
    const json::value* const codec = change.if_contains("Codec");
    if (container != "hls") video.erase("HlsTime");
    if (container != "mp4" || (codec && *codec != "libx265")) video.erase("CodecTag");
    if (codec && *codec != video.at("Codec")) video.erase("VideoProfile");
    if (change.contains("Vcrf")) video.erase("Mode");
    const json::value* const mode = change.if_contains("Mode");
    if (mode && *mode != "VCRF") video.erase("Vcrf");
}

// -1 says what a template says by leaving it out.
void put_video(json::object& video, json::object change) {
    for (auto& [name, value] : change)
        video[name] = std::move(value);
    const json::value* const between = video.if_contains("Bframes");
    if (between && *between == -1) video.erase("Bframes");
}

// The request of CreateTranscodeTemplate that makes the changed template.
json::object request_of(const model::TranscodeTemplate& base, const json::object& change) {
    const json::object described = transcode_template(base);
    json::object made;
    for (const std::string_view name : {"Name", "Comment", "Container", "RemoveVideo",
                                        "RemoveAudio", "VideoTemplate", "AudioTemplate"})
        if (const json::value* const value = described.if_contains(name)) made[name] = *value;
    for (const auto& [name, value] : change)
        if (name != "VideoTemplate" && name != "AudioTemplate") made[name] = value;
    if (described.contains("VideoTemplate") || change.contains("VideoTemplate")) {
        json::object video = object_at(made, "VideoTemplate");
        json::object changes = object_at(change, "VideoTemplate");
        if (!video.empty())
            forget_what_falls_away(video, changes,
                                   std::string_view(made.at("Container").as_string()));
        put_video(video, std::move(changes));
        made["VideoTemplate"] = std::move(video);
    }
    if (described.contains("AudioTemplate") || change.contains("AudioTemplate")) {
        json::object audio = object_at(made, "AudioTemplate");
        for (const auto& [name, value] : object_at(change, "AudioTemplate"))
            audio[name] = value;
        made["AudioTemplate"] = std::move(audio);
    }
    return made;
}

bool gives_fps(const Members& change) {
    const std::optional<Members> video = change.object("VideoTemplate");
    return video && video->has("Fps");
}

}  // namespace

Answer<model::TranscodeTemplate> changed_transcode(const model::TranscodeTemplate& base,
                                                   const Members& change) {
    if (const std::optional<Members> audio = change.object("AudioTemplate")) {
        constexpr std::array<std::string_view, 1> unavailable = {"StreamSelects"};
        if (Answer<void> fine = refuse_any(*audio, unavailable); !fine)
            return std::unexpected(std::move(fine.error()));
    }
    const schema::Object& type = *schema::find_action("CreateTranscodeTemplate")->input;
    const Answer<json::object> request =
        check_object(type, request_of(base, change.as_object()), Unknown::ignored);
    if (!request) return std::unexpected(request.error());
    Answer<model::TranscodeTemplate> made = read_transcode_template(Members(*request));
    if (made && made->video && base.video && !gives_fps(change))
        made->video->frame_rate = base.video->frame_rate;
    return made;
}

Answer<model::ChangedTemplate> read_override(const Members& override, std::uint64_t definition,
                                             const model::OwnTemplates& own) {
    const model::TranscodeTemplate* const base = media::find_transcode_template(definition, own);
    if (!base)
        return refuse("InvalidParameterValue",
                      fmt::format("There is no transcode template {} that OverrideParameter could "
                                  "change.",
                                  definition));
    if (copies(*base))
        return refuse("InvalidParameterValue",
                      fmt::format("The template {} copies what is there, so OverrideParameter "
                                  "cannot change it.",
                                  definition));
    Answer<model::TranscodeTemplate> made = changed_transcode(*base, override);
    if (!made) return std::unexpected(std::move(made.error()));
    made->definition = base->definition;
    return model::ChangedTemplate{std::move(*made), override.as_json()};
}

}  // namespace hookreel::dialect::tencent_vod
