#include "dialect/standard/events/examples.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/application.h"

namespace hookreel::dialect::standard {
namespace {

using std::chrono::seconds;

const std::string folder = "c643347c3701925921299637010/";

model::Metadata original_media() {
    model::Metadata media;
    media.size_bytes = 7700180;
    media.container = "mov,mp4,m4a,3gp,3g2,mj2";
    media.bitrate = 1021028;
    media.width = 1280;
    media.height = 720;
    media.duration = 60.2;
    media.video = {{893174, 1280, 720, "h264", 25, "avc1", ""}};
    media.audio = {{127854, 48000, "aac"}};
    media.video_duration = 60.2;
    media.audio_duration = 60.2;
    return media;
}

model::Rendition small_rendition() {
    model::Rendition rendition{10, folder + "v.f10.mp4", "eff7031ad7877865f9a3240e9ab165ad", {}};
    model::Metadata& media = rendition.metadata;
    media = original_media();
    media.size_bytes = 2289073;
    media.bitrate = 304201;
    media.width = 320;
    media.height = 180;
    media.video = {{256000, 320, 180, "h264", 24, "avc1", ""}};
    media.audio = {{48201, 44100, "aac"}};
    return rendition;
}

model::Asset uploaded_asset() {
    model::Asset asset;
    asset.id = model::FileId("3701925921299637010");
    asset.application = model::default_application;
    asset.name = "Lecture 7: waves";
    asset.type = "mp4";
    asset.created = example_time() - seconds(2);
    asset.updated = example_time();
    asset.source_context = "course-42";
    asset.path = folder + "f0.mp4";
    asset.md5 = "0b0c6bf3a3c2b28e2e9c3f3f6a3b5d11";
    asset.metadata = original_media();
    asset.size_bytes = asset.metadata->size_bytes;
    return asset;
}

model::Step ended(model::Work work, model::StepStatus status) {
    model::Step step;
    step.work = std::move(work);
    step.status = status;
    step.progress = 100;
    step.begun = example_time() - seconds(38);
    step.finished = example_time();
    return step;
}

model::Step transcode_step() {
    model::Step step = ended(model::TranscodeWork{.definition = 10, .output = small_rendition()},
                             model::StepStatus::success);
    step.message = "SUCCESS";
    return step;
}

model::Step cover_step() {
    model::CoverWork work;
    work.definition = 10;
    work.position_value = 3.5;
    work.output = folder + "coverBySnapshot_10_0.jpg";
    model::Step step = ended(std::move(work), model::StepStatus::success);
    step.message = "SUCCESS";
    return step;
}

model::Step failed_step() {
    model::SnapshotWork work;
    work.definition = 10;
    work.offsets = {"90s"};
    model::Step step = ended(std::move(work), model::StepStatus::fail);
    step.failure = model::Failure::invalid_time_offset;
    step.message = "the time 90 s is after the end of the video";
    return step;
}

model::Step analysis_step() {
    model::ServiceWork work;
    work.definition = 10;
    work.service = "analyze_content";
    work.input = R"({"Definition":10})";
    work.member = "AiAnalysisTask";
    work.output = R"([{"Type":"Tag","TagTask":{"Output":{)"
                  R"("TagSet":[{"Tag":"lecture","Confidence":96.5}],)"
                  R"("TagSetFileUrl":"","TagSetFileUrlExpireTime":""}}}])";
    model::Step step = ended(std::move(work), model::StepStatus::success);
    step.message = "SUCCESS";
    return step;
}

model::Asset made_asset() {
    model::Asset asset = uploaded_asset();
    asset.id = model::FileId("3701925921300221904");
    asset.name = "Lecture 7: the best of it";
    asset.source = model::AssetSource::processing;
    asset.source_context.clear();
    asset.path = "c643347c3701925921300221904/f0.mp4";
    return asset;
}

model::Edit ended_edit(model::EditWork work, std::string_view kind) {
    model::Edit edit;
    edit.id = model::TaskId(fmt::format("1300000001-{}-475b7237438a39560b9879a4556cb1c0t0", kind));
    edit.request.application = model::default_application;
    edit.request.work = std::move(work);
    edit.request.name = made_asset().name;
    edit.request.session_context = "course-42";
    edit.file = made_asset().id;
    edit.status = model::TaskStatus::finish;
    edit.message = "SUCCESS";
    edit.progress = 100;
    edit.created = example_time() - seconds(40);
    edit.begun = example_time() - seconds(38);
    edit.finished = example_time();
    return edit;
}

// What is asked and answered, in the words of the Tencent API.
struct ExternalWords {
    std::string_view kind;
    std::string_view input;
    std::string_view output;
};
constexpr std::string_view of_file = R"({"FileId":"3701925921299637010"})";
constexpr ExternalWords external_words[] = {
    {"review_audio_video", R"({"FileId":"3701925921299637010","Definition":10})",
     R"({"Suggestion":"pass","Label":"","Form":"","SegmentSet":[]})"},
    {"inspect_media_quality", R"({"FileId":"3701925921299637010","Definition":10})",
     R"({"NoAudio":0,"NoVideo":0,"QualityEvaluationScore":86,"QualityInspectResultSet":[]})"},
    {"enhance_media_quality", R"({"FileId":"3701925921299637010","Definition":10})",
     R"({"FileType":"mp4","FileId":"3701925921299637011","MediaName":"Lecture 7, sharper"})"},
    {"remove_watermark", of_file, R"({"FileType":"mp4","FileId":"3701925921299637011"})"},
    {"extract_trace_watermark", of_file, R"({"Uv":"","Uid":"viewer-42"})"},
    {"extract_copyright_watermark", R"({"Url":"https://files.example.com/copy.mp4"})",
     R"({"Text":"Example University"})"},
    {"generate_image", R"({"ModelName":"example","Prompt":"Waves on a lake"})",
     R"({"FileInfos":[{"FileType":"png","FileUrl":"https://files.example.com/waves.png"}]})"},
    {"generate_video", R"({"ModelName":"example","Prompt":"Waves on a lake"})",
     R"({"FileInfos":[{"FileType":"mp4","FileUrl":"https://files.example.com/waves.mp4"}]})"},
};
static_assert(std::size(external_words) == model::external_kinds.size());

}  // namespace

TimePoint example_time() {
    return parse_time("2026-11-20T21:40:06.123Z").value();
}

model::FileUploaded uploaded_example() {
    return {uploaded_asset(), {}};
}

model::ProcedureChanged processed_example() {
    model::ProcedureChanged payload{{}, uploaded_asset()};
    payload.asset.renditions = {small_rendition()};
    payload.asset.cover = folder + "coverBySnapshot_10_0.jpg";
    model::Task& task = payload.task;
    task.id = model::TaskId("1300000001-Procedure-475b7237438a39560b9879a4556cb177t0");
    task.application = payload.asset.application;
    task.file = payload.asset.id;
    task.status = model::TaskStatus::finish;
    task.steps = {transcode_step(), cover_step(), failed_step(), analysis_step()};
    task.session_context = "course-42";
    task.created = example_time() - seconds(40);
    task.begun = example_time() - seconds(38);
    task.finished = example_time();
    return payload;
}

model::MediaPulled pulled_example() {
    model::MediaPulled payload;
    payload.asset = uploaded_asset();
    model::Pull& pull = payload.pull;
    pull.id = model::TaskId("1300000001-PullUpload-9d3f0c1de29a8b4b5f8e7d6c5b4a3928t0");
    pull.request.application = payload.asset->application;
    pull.request.url = "https://files.example.com/lectures/7.mp4";
    pull.request.source_context = payload.asset->source_context;
    pull.file = payload.asset->id;
    pull.status = model::TaskStatus::finish;
    pull.message = "SUCCESS";
    pull.progress = 100;
    pull.created = example_time() - seconds(12);
    pull.begun = example_time() - seconds(11);
    pull.finished = example_time();
    return payload;
}

model::MediaEdited edited_example() {
    model::Cut cut;
    cut.pieces = {{uploaded_asset().id, 0, 30.1}, {model::FileId("5285890784273533167"), 0, 30.1}};
    return {ended_edit(std::move(cut), "EditMedia"), made_asset()};
}

model::MediaComposed composed_example() {
    model::VideoItem item;
    item.file = uploaded_asset().id;
    model::Composition composition;
    composition.tracks = {{model::Track::Type::video, {item}}};
    return {ended_edit(std::move(composition), "ComposeMedia"), made_asset()};
}

model::MediaDeleted deleted_example() {
    return {uploaded_asset().id, {{model::PartKind::transcodes, 10}}};
}

model::ExternalTaskEnded external_example(const model::ExternalKind& kind) {
    const ExternalWords& words =
        *std::ranges::find(external_words, kind.name, &ExternalWords::kind);
    model::ExternalTask task;
    task.request.application = model::default_application;
    task.request.kind = kind.name;
    task.request.input = words.input;
    if (task.request.input.contains("FileId")) task.request.file = uploaded_asset().id;
    task.request.session_context = "course-42";
    task.id =
        model::TaskId(fmt::format("1300000001-{}-0c1de29a8b4b5f8e7d6c5b4a3928173ft0", kind.word));
    task.status = model::TaskStatus::finish;
    task.message = "SUCCESS";
    task.progress = 100;
    task.output = words.output;
    task.created = example_time() - seconds(90);
    task.begun = example_time() - seconds(89);
    task.finished = example_time();
    return model::ExternalTaskEnded::of(std::move(task));
}

model::EndpointTold told_example(std::string_view type) {
    model::EndpointTold payload;
    payload.type = type;
    payload.endpoint = model::EndpointId("ep_2hYx8QkVb3mN");
    payload.url = "https://app.example.com/hooks/video";
    if (type == model::EndpointTold::enabled) {
        payload.reason = "enabled by owner@example.com";
        return payload;
    }
    payload.percent = type == model::EndpointTold::disabled ? 100 : 70;
    payload.failing_since = example_time() - std::chrono::hours(24 * 5 * payload.percent / 100);
    payload.reason = "status 503";
    return payload;
}

}  // namespace hookreel::dialect::standard
