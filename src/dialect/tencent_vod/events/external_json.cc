#include "dialect/tencent_vod/events/external_json.h"

#include <algorithm>

#include "dialect/tencent_vod/events/ai_json.h"
#include "dialect/tencent_vod/events/task_json.h"
#include "dialect/tencent_vod/protocol/parameters.h"

namespace hookreel::dialect::tencent_vod {
namespace {

// What a task object may say besides Input and Output; each shape has some of these.
json::object members_of(const model::ExternalTask& task) {
    const bool ended = task.status == model::TaskStatus::finish;
    return {
        {"TaskId", task.id.text()},
        {"Status", ended ? "FINISH" : "PROCESSING"},
        {"ErrCodeExt", name(task.failure)},
        {"ErrCode", error_number(task.failure)},
        {"Message", task.message},
        {"Progress", task.progress},
        {"SessionId", task.request.session_id},
        {"SessionContext", task.request.session_context},
    };
}

// Those members of the text that the shape knows.
json::object fitting(const schema::Object& shape, const std::string& text) {
    const Result<json::value> value = parse_json(text);
    if (!value) return {};
    Answer<json::object> object = check_object(shape, *value, Unknown::ignored);
    return object ? std::move(*object) : json::object{};
}

// What was asked for. A procedure asks for no file by name: it is that of its task.
json::object input_of(const schema::Object& shape, const model::ExternalRequest& request) {
    json::object input = fitting(shape, request.input);
    if (shape.find("FileId") && !input.contains("FileId") && !request.file.empty())
        input.emplace("FileId", request.file.text());
    return input;
}

}  // namespace

const ExternalAction* find_external_action(std::string_view action) {
    const auto found = std::ranges::find(external_actions, action, &ExternalAction::action);
    return found == external_actions.end() ? nullptr : &*found;
}

const ExternalAction* external_action_of_kind(std::string_view kind) {
    const auto found = std::ranges::find(external_actions, kind, &ExternalAction::kind);
    return found == external_actions.end() ? nullptr : &*found;
}

const schema::Object& external_task_shape(const ExternalAction& action) {
    return *schema::find_object("DescribeTaskDetailResponse")->find(action.member)->object;
}

json::object external_task(const model::ExternalTask& task) {
    const ExternalAction* action = external_action_of_kind(task.request.kind);
    if (!action) return {};
    const schema::Object& shape = external_task_shape(*action);
    const json::object known = members_of(task);
    json::object object;
    for (const schema::Member& member : shape.members) {
        if (const json::value* value = known.if_contains(member.name))
            object.emplace(member.name, *value);
        else if (member.name == "Input")
            object.emplace(member.name, input_of(*member.object, task.request));
        else if (member.name == "Output" && (!task.output.empty() || member.required))
            object.emplace(member.name, fitting(*member.object, task.output));
    }
    return object;
}

namespace {

// Where and what: "Image.Porn", of the whole and of each segment, each once.
std::vector<std::string> kinds_of(const json::object& result) {
    std::vector<std::string> kinds;
    const auto add = [&kinds](const json::object& one) {
        const Members said(one);
        std::string kind = said.text_or_empty("Form") + "." + said.text_or_empty("Label");
        if (!said.has("Form") || !said.has("Label")) return;
        if (std::ranges::find(kinds, kind) == kinds.end()) kinds.push_back(std::move(kind));
    };
    add(result);
    for (const Members& segment : Members(result).objects("SegmentSet"))
        add(segment.as_object());
    return kinds;
}

// Nothing when it advises nothing.
std::optional<model::Review> review_of(const json::object& result, std::uint64_t definition,
                                       TimePoint time) {
    const Result<model::Suggestion> suggestion =
        parse_enum<model::Suggestion>(Members(result).text_or_empty("Suggestion"));
    if (!suggestion) return std::nullopt;
    model::Review review{.definition = definition, .suggestion = *suggestion, .time = time};
    if (*suggestion != model::Suggestion::pass) review.kinds = kinds_of(result);
    return review;
}

}  // namespace

model::Findings findings_of(const model::ExternalTask& task) {
    const ExternalAction* action = external_action_of_kind(task.request.kind);
    if (!action || action->action != "ReviewAudioVideo") return {};
    const schema::Object& shape = external_task_shape(*action);
    const json::object asked = fitting(*shape.find("Input")->object, task.request.input);
    const json::object output = fitting(*shape.find("Output")->object, task.output);
    const Members input(asked);
    const std::vector<std::string> contents = input.texts("ReviewContents");
    const bool has_media =
        contents.empty() || std::ranges::find(contents, "Media") != contents.end();
    const std::uint64_t definition = input.natural("Definition").value_or(0);
    model::Findings found;
    if (has_media) found.review = review_of(output, definition, task.finished);
    if (const std::optional<Members> cover = Members(output).object("CoverReviewResult"))
        found.cover_review = review_of(cover->as_object(), definition, task.finished);
    return found;
}

Result<std::string> checked_external_output(std::string_view kind, std::string_view output) {
    if (const AiPart* part = find_ai_part(kind)) return checked_ai_output(*part, output);
    const ExternalAction* action = external_action_of_kind(kind);
    if (!action) return fail(Code::invalid, "there is no such kind");
    const schema::Member* member = external_task_shape(*action).find("Output");
    const Result<json::value> value = parse_json(output);
    if (!value) return fail(value.error());
    if (!value->is_object()) return fail(Code::invalid, "it is no object");
    Answer<json::object> object = check_object(*member->object, *value, Unknown::refused);
    if (!object) return fail(Code::invalid, std::move(object.error().message));
    return json::serialize(*object);
}

}  // namespace hookreel::dialect::tencent_vod
