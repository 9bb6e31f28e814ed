#include "dialect/tencent_vod/events/external_json.h"

#include <algorithm>

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
            object.emplace(member.name, fitting(*member.object, task.request.input));
        else if (member.name == "Output" && (!task.output.empty() || member.required))
            object.emplace(member.name, fitting(*member.object, task.output));
    }
    return object;
}

Result<std::string> checked_external_output(std::string_view kind, std::string_view output) {
    const ExternalAction* action = external_action_of_kind(kind);
    if (!action) return fail(Code::invalid, "there is no such kind");
    const schema::Member* member = external_task_shape(*action).find("Output");
    const Result<json::value> value = parse_json(output);
    if (!value) return fail(value.error());
    Answer<json::object> object = check_object(*member->object, *value, Unknown::refused);
    if (!object) return fail(Code::invalid, std::move(object.error().message));
    return json::serialize(*object);
}

}  // namespace hookreel::dialect::tencent_vod
