#include "dialect/standard/events/media_members.h"

#include <fmt/format.h>

#include <type_traits>

#include "dialect/standard/events/words.h"

namespace hookreel::dialect::standard {
namespace {

// All ids are text, also those that happen to be numbers.
void append_id(JsonOut& json, std::string_view name, std::uint64_t id) {
    json.member(name, fmt::format_int(id).c_str());
}

void append_video(JsonOut& json, const model::VideoStream& stream) {
    json.open('{').member("codec", stream.codec);
    append_text_or_null(json, "codec_tag", stream.codec_tag);
    json.member("width", stream.width).member("height", stream.height);
    json.member("frames_per_second", stream.fps).member("bits_per_second", stream.bitrate);
    append_text_or_null(json, "hdr", stream.hdr);
    json.close('}');
}

void append_audio(JsonOut& json, const model::AudioStream& stream) {
    json.open('{').member("codec", stream.codec);
    json.member("sample_rate_hz", stream.sampling_rate);
    json.member("bits_per_second", stream.bitrate).close('}');
}

void append_media(JsonOut& json, const model::Metadata& media) {
    json.open('{').member("container", media.container);
    json.member("duration_seconds", media.duration).member("bits_per_second", media.bitrate);
    json.member("width", media.width).member("height", media.height);
    json.member("rotation_degrees", media.rotate).name("video").open('[');
    for (const model::VideoStream& stream : media.video)
        append_video(json, stream);
    json.close(']').name("audio").open('[');
    for (const model::AudioStream& stream : media.audio)
        append_audio(json, stream);
    json.close(']').close('}');
}

void append_rendition(JsonOut& json, const model::Rendition& rendition, const MediaUrls& urls) {
    json.open('{');
    append_id(json, "template_id", rendition.definition);
    json.member("url", urls.of(rendition.path));
    json.member("size_bytes", rendition.metadata.size_bytes);
    append_text_or_null(json, "md5", rendition.md5);
    json.name("media");
    append_media(json, rendition.metadata);
    json.close('}');
}

void append_pictures(JsonOut& json, const std::optional<model::PictureSet>& set,
                     const MediaUrls& urls) {
    json.open('[');
    if (set)
        for (const model::Picture& picture : set->pictures)
            json.open('{')
                .member("time_seconds", static_cast<double>(picture.offset_ms) / 1000)
                .member("url", urls.of(picture.path))
                .close('}');
    json.close(']');
}

void append_sets(JsonOut& json, std::string_view name, const std::vector<model::PictureSet>& sets,
                 const MediaUrls& urls) {
    json.name(name).open('[');
    for (const model::PictureSet& set : sets) {
        json.open('{');
        append_id(json, "template_id", set.definition);
        json.name("pictures");
        append_pictures(json, set, urls);
        json.close('}');
    }
    json.close(']');
}

void append_sprite(JsonOut& json, const model::Sprite& sprite, const MediaUrls& urls) {
    json.open('{');
    append_id(json, "template_id", sprite.definition);
    json.member("width", sprite.width).member("height", sprite.height);
    json.member("count", sprite.count).name("sheets").open('[');
    for (const std::string& sheet : sprite.sheets)
        json.value(std::string_view(urls.of(sheet)));
    json.close(']').member("vtt_url", urls.of(sprite.vtt)).close('}');
}

void append_animation(JsonOut& json, const model::Animation& animation, const MediaUrls& urls) {
    json.open('{');
    append_id(json, "template_id", animation.definition);
    json.member("url", urls.of(animation.path)).member("format", animation.container);
    json.member("width", animation.width).member("height", animation.height);
    json.member("bits_per_second", animation.bitrate);
    json.member("size_bytes", animation.size_bytes).member("md5", animation.md5);
    json.member("start_seconds", animation.start_offset);
    json.member("end_seconds", animation.end_offset).close('}');
}

void append_adaptive_stream(JsonOut& json, const model::AdaptiveStream& stream,
                            const MediaUrls& urls) {
    json.open('{');
    append_id(json, "template_id", stream.definition);
    json.member("format", word(stream.package)).member("url", urls.of(stream.path));
    json.member("size_bytes", stream.size_bytes);
    append_text_or_null(json, "encryption", word(stream.protection));
    json.name("streams").open('[');
    for (const model::SubStream& one : stream.streams)
        json.open('{')
            .member("kind", word(one.kind))
            .member("width", one.width)
            .member("height", one.height)
            .member("size_bytes", one.size_bytes)
            .close('}');
    json.close(']').close('}');
}

// What a step made, if that is of this kind and was made.
template <class Output, class Work>
const Output* output_of(const Work& work) {
    if constexpr (std::is_same_v<decltype(work.output), std::optional<Output>>)
        return work.output ? &*work.output : nullptr;
    else
        return nullptr;
}

template <class Output>
void append_or_null(JsonOut& json, std::string_view name, const Output* output,
                    const MediaUrls& urls,
                    void (*append)(JsonOut&, const Output&, const MediaUrls&)) {
    json.name(name);
    if (output)
        append(json, *output, urls);
    else
        json.null();
}

void append_step_pictures(JsonOut& json, const model::CoverWork& work, const MediaUrls& urls) {
    json.open('[');
    if (!work.output.empty()) {
        json.open('{').name("time_seconds");
        if (work.position == model::Position::time)
            json.value(work.position_value);
        else
            json.null();
        json.member("url", urls.of(work.output)).close('}');
    }
    json.close(']');
}
void append_step_pictures(JsonOut& json, const auto& work, const MediaUrls& urls) {
    const auto* const made = output_of<model::PictureSet>(work);
    append_pictures(json, made ? std::optional(*made) : std::nullopt, urls);
}

std::string_view new_asset_of(const model::TranscodeWork& work) {
    return work.output ? std::string_view(work.becomes.text()) : std::string_view();
}
std::string_view new_asset_of(const auto&) {
    return {};
}

// What a service found is said in the words of whoever asked.
std::string_view findings_of(const model::ServiceWork& work) {
    return work.output.empty() ? "null" : std::string_view(work.output);
}
std::string_view findings_of(const auto&) {
    return "null";
}

// The members of a step that say what it made: all are there, those of other kinds are null or
// empty.
void append_output(JsonOut& json, const auto& work, const MediaUrls& urls) {
    append_or_null(json, "rendition", output_of<model::Rendition>(work), urls, append_rendition);
    append_text_or_null(json, "new_asset_id", new_asset_of(work));
    json.name("pictures");
    append_step_pictures(json, work, urls);
    append_or_null(json, "sprite", output_of<model::Sprite>(work), urls, append_sprite);
    append_or_null(json, "animation", output_of<model::Animation>(work), urls, append_animation);
    append_or_null(json, "adaptive_stream", output_of<model::AdaptiveStream>(work), urls,
                   append_adaptive_stream);
    json.name("findings").raw(findings_of(work));
}

// The member `error` of a step or a pull.
void append_error(JsonOut& json, model::Failure failure, std::string_view message) {
    if (failure == model::Failure::none) failure = model::Failure::internal_error;
    json.name("error").open('{').member("code", word(failure));
    json.member("message", message).close('}');
}

void append_step_error(JsonOut& json, const model::Step& step) {
    if (step.status == model::StepStatus::fail)
        append_error(json, step.failure, step.message);
    else
        json.name("error").null();
}

void append_step(JsonOut& json, const model::Step& step, const MediaUrls& urls) {
    json.open('{').member("kind",
                          std::visit([](const auto& work) { return word(work); }, step.work));
    append_id(json, "template_id",
              std::visit([](const auto& work) { return work.definition; }, step.work));
    json.member("status", word(step.status)).member("progress_percent", step.progress);
    append_step_error(json, step);
    append_time_or_null(json, "started_at", step.begun);
    append_time_or_null(json, "finished_at", step.finished);
    const auto append = [&json, &urls](const auto& work) { append_output(json, work, urls); };
    std::visit(append, step.work);
    json.close('}');
}

// How work that has no steps ended, and what its creator passed through.
void append_end(JsonOut& json, const auto& work) {
    const bool failed = work.failure != model::Failure::none;
    const auto status = failed                                     ? model::StepStatus::fail
                        : work.status == model::TaskStatus::finish ? model::StepStatus::success
                                                                   : model::StepStatus::processing;
    json.member("status", word(status));
    if (failed)
        append_error(json, work.failure, work.message);
    else
        json.name("error").null();
    json.member("session_id", work.request.session_id);
    json.member("session_context", work.request.session_context);
}

void append_times(JsonOut& json, const auto& work) {
    json.member("created_at", work.created);
    append_time_or_null(json, "started_at", work.begun);
    append_time_or_null(json, "finished_at", work.finished);
}

// What the owner wrote to the file: words about its moments, and subtitles.
void append_notes(JsonOut& json, const model::Asset& asset, const MediaUrls& urls) {
    json.name("key_frames").open('[');
    for (const model::KeyFrame& frame : asset.key_frames)
        json.open('{')
            .member("time_seconds", frame.offset)
            .member("content", frame.content)
            .close('}');
    json.close(']').name("subtitles").open('[');
    for (const model::Subtitle& subtitle : asset.subtitles) {
        json.open('{').member("id", subtitle.id).member("name", subtitle.name);
        json.member("language", subtitle.language).member("format", subtitle.format);
        json.member("url", urls.of(subtitle.path)).close('}');
    }
    json.close(']');
}

}  // namespace

void append_text_or_null(JsonOut& json, std::string_view name, std::string_view text) {
    json.name(name);
    if (text.empty())
        json.null();
    else
        json.value(text);
}

void append_time_or_null(JsonOut& json, std::string_view name, TimePoint time) {
    json.name(name);
    if (time == TimePoint{} || time == never)
        json.null();
    else
        json.value(time);
}

void append_asset(JsonOut& json, const model::Asset& asset, const MediaUrls& urls) {
    json.open('{').member("id", asset.id.text()).member("name", asset.name);
    json.member("description", asset.description).member("type", asset.type);
    json.member("class_id", fmt::format_int(asset.class_id).c_str());
    json.name("tags").open('[');
    for (const std::string& tag : asset.tags)
        json.value(std::string_view(tag));
    json.close(']').member("source", word(asset.source));
    json.member("source_context", asset.source_context);
    json.member("created_at", asset.created).member("updated_at", asset.updated);
    append_time_or_null(json, "expires_at", asset.expires);
    append_text_or_null(json, "url", urls.of(asset.path));
    json.member("size_bytes", asset.size_bytes);
    append_text_or_null(json, "md5", asset.md5);
    append_text_or_null(json, "cover_url", urls.of(asset.cover));
    json.name("media");
    if (asset.metadata)
        append_media(json, *asset.metadata);
    else
        json.null();
    json.name("renditions").open('[');
    for (const model::Rendition& rendition : asset.renditions)
        append_rendition(json, rendition, urls);
    json.close(']');
    append_sets(json, "snapshots", asset.snapshots, urls);
    append_sets(json, "samples", asset.samples, urls);
    json.name("sprites").open('[');
    for (const model::Sprite& sprite : asset.sprites)
        append_sprite(json, sprite, urls);
    json.close(']').name("animations").open('[');
    for (const model::Animation& animation : asset.animations)
        append_animation(json, animation, urls);
    json.close(']').name("adaptive_streams").open('[');
    for (const model::AdaptiveStream& stream : asset.adaptive_streams)
        append_adaptive_stream(json, stream, urls);
    json.close(']');
    append_notes(json, asset, urls);
    json.close('}');
}

void append_task(JsonOut& json, const model::Task& task, const MediaUrls& urls) {
    json.open('{').member("id", task.id.text()).member("status", word(task.status));
    json.member("session_id", task.session_id).member("session_context", task.session_context);
    json.member("created_at", task.created);
    append_time_or_null(json, "started_at", task.begun);
    append_time_or_null(json, "finished_at", task.finished);
    append_text_or_null(json, "source_url", task.foreign ? task.foreign->url : std::string());
    json.name("steps").open('[');
    for (const model::Step& step : task.steps)
        append_step(json, step, urls);
    json.close(']').close('}');
}

void append_pull(JsonOut& json, const model::Pull& pull) {
    json.open('{').member("task_id", pull.id.text()).member("url", pull.request.url);
    append_end(json, pull);
    json.member("source_context", pull.request.source_context);
    append_times(json, pull);
    json.close('}');
}

void append_edit(JsonOut& json, const model::Edit& edit) {
    json.open('{').member("task_id", edit.id.text()).member("type", edit.request.type);
    json.name("sources").open('[');
    for (const model::FileId& file : model::sources_of(edit.request.work))
        json.value(std::string_view(file.text()));
    json.close(']');
    append_end(json, edit);
    append_times(json, edit);
    json.close('}');
}

void append_external_task(JsonOut& json, const model::ExternalTask& task) {
    json.open('{').member("id", task.id.text()).member("kind", task.request.kind);
    append_end(json, task);
    json.name("input").raw(task.request.input.empty() ? "{}" : task.request.input);
    json.name("output").raw(task.output.empty() ? "null" : task.output);
    append_times(json, task);
    json.close('}');
}

void append_part(JsonOut& json, const model::AssetPart& part) {
    json.open('{').member("kind", word(part.kind)).name("template_id");
    if (part.definition == 0)
        json.null();
    else
        json.value(fmt::format_int(part.definition).c_str());
    json.close('}');
}

}  // namespace hookreel::dialect::standard
