#include "dialect/tencent_vod/events/ai_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "dialect/tencent_vod/events/task_json.h"
#include "dialect/tencent_vod/protocol/parameters.h"

namespace hookreel::dialect::tencent_vod {
namespace {

const schema::Object& shape_of(const AiPart& part) {
    return *schema::find_object(part.result);
}

// What a result is called whose task is this member: PornAsrTask is Porn.Asr, TagTask is Tag,
// FaceTask is FaceRecognition (SDK, the Type of each result).
std::string type_of(const AiPart& part, std::string_view member) {
    member.remove_suffix(std::string_view("Task").size());
    std::string type(member);
    if (part.kind == "recognize_content") return type + "Recognition";
    if (type.ends_with("Asr") || type.ends_with("Ocr")) type.insert(type.size() - 3, ".");
    return type;
}

bool is_task(const schema::Member& member) {
    return member.kind == schema::Kind::object;
}

const schema::Member* task_of(const AiPart& part, std::string_view type) {
    const auto found =
        std::ranges::find_if(shape_of(part).members, [&](const schema::Member& member) {
            return is_task(member) && type_of(part, member.name) == type;
        });
    return found == shape_of(part).members.end() ? nullptr : &*found;
}

json::object fitting(const schema::Object& shape, const json::value& value) {
    Answer<json::object> object = check_object(shape, value, Unknown::ignored);
    return object ? std::move(*object) : json::object{};
}

// What a result says of its own accord. `outcome` is how the service says that it ended.
json::object usual_members(const schema::Object& shape, const model::Step& step,
                           std::string_view outcome) {
    const auto& work = std::get<model::ServiceWork>(step.work);
    const bool failed_alone = step.status == model::StepStatus::success && outcome == "FAIL";
    const model::Failure failure = failed_alone ? model::Failure::internal_error : step.failure;
    json::object usual = {
        {"Status", outcome},
        {"ErrCodeExt", name(failure)},
        {"ErrCode", error_number(failure)},
        {"Message", failed_alone ? std::string_view() : std::string_view(step.message)},
        {"Progress", step.progress},
    };
    const Result<json::value> input = parse_json(work.input);
    if (input) usual.emplace("Input", fitting(*shape.find("Input")->object, *input));
    if (step.begun != TimePoint{}) usual.emplace("BeginProcessTime", iso8601(step.begun));
    if (step.finished != TimePoint{}) usual.emplace("FinishTime", iso8601(step.finished));
    return usual;
}

// What the service said of one result, and for the rest what is so.
json::object task_object(const schema::Object& shape, const model::Step& step, json::object said) {
    const std::string_view outcome = said.contains("Status")
                                         ? std::string_view(said.at("Status").as_string())
                                         : name(step.status);
    json::object usual = usual_members(shape, step, outcome);
    json::object object;
    for (const schema::Member& member : shape.members) {
        if (json::value* value = said.if_contains(member.name))
            object.emplace(member.name, std::move(*value));
        else if (json::value* other = usual.if_contains(member.name))
            object.emplace(member.name, std::move(*other));
    }
    return object;
}

json::object result_object(const AiPart& part, const model::Step& step,
                           const schema::Member& member, json::object said) {
    return {{"Type", type_of(part, member.name)},
            {member.name, task_object(*member.object, step, std::move(said))}};
}

// The part as far as nobody knows what it finds.
json::array unknown_results(const AiPart& part, const model::Step& step) {
    json::array results;
    for (const schema::Member& member : shape_of(part).members)
        if (is_task(member)) results.push_back(result_object(part, step, member, {}));
    return results;
}

std::unexpected<Error> unfit(const WireError& error) {
    return fail(Code::invalid, error.message);
}

// Addresses of files, and until when they can be had, are for results that are too long.
bool may_be_left_out(const schema::Member& member) {
    return member.kind == schema::Kind::text && !member.list &&
           (member.name.ends_with("SetFileUrl") || member.name.ends_with("SetFileUrlExpireTime"));
}

void add_left_out(const schema::Object& shape, json::value& output) {
    json::object* object = output.if_object();
    if (!object) return;
    for (const schema::Member& member : shape.members)
        if (may_be_left_out(member) && !object->contains(member.name))
            object->emplace(member.name, "");
}

// The task of one result: its Output, and what the service says besides.
Result<json::object> checked_task(const schema::Object& shape, json::object said) {
    json::value* output = said.if_contains("Output");
    if (output && output->is_null()) output = nullptr;
    if (output) {
        const schema::Object& findings = *shape.find("Output")->object;
        add_left_out(findings, *output);
        const Answer<json::object> found = check_object(findings, *output, Unknown::refused);
        if (!found) return unfit(found.error());
    }
    const Answer<json::object> task = check_object(shape, said, Unknown::refused);
    if (!task) return unfit(task.error());
    const std::string status = Members(*task).text_or_empty("Status");
    if (!status.empty() && status != "SUCCESS" && status != "FAIL")
        return fail(Code::invalid, "Status must be SUCCESS or FAIL");
    if (!output && status != "FAIL") return fail(Code::invalid, "Output is missing");
    return *task;
}

Result<json::object> checked_result(const AiPart& part, const json::value& said) {
    const json::object* object = said.if_object();
    const json::value* type = object ? object->if_contains("Type") : nullptr;
    if (!type || !type->is_string()) return fail(Code::invalid, "a result has no Type");
    const std::string text(type->get_string());
    const schema::Member* member = task_of(part, text);
    if (!member) return fail(Code::invalid, fmt::format("there is no Type {:.40}", text));
    for (const json::key_value_pair& pair : *object)
        if (pair.key() != "Type" && pair.key() != member->name && !pair.value().is_null())
            return fail(Code::invalid, fmt::format("a result of the Type {} has a member {:.40}",
                                                   text, std::string_view(pair.key())));
    const json::value* task = object->if_contains(member->name);
    if (!task || !task->is_object())
        return fail(Code::invalid, fmt::format("{} is missing", member->name));
    Result<json::object> checked = checked_task(*member->object, task->get_object());
    if (!checked)
        return fail(Code::invalid, fmt::format("{}: {}", member->name, checked.error().detail));
    return json::object{{"Type", text}, {member->name, std::move(*checked)}};
}

}  // namespace

const AiPart* find_ai_part(std::string_view kind) {
    const auto found = std::ranges::find(ai_parts, kind, &AiPart::kind);
    return found == ai_parts.end() ? nullptr : &*found;
}

json::array ai_results(const AiPart& part, const model::Step& step) {
    const auto& work = std::get<model::ServiceWork>(step.work);
    const bool is_known = step.status == model::StepStatus::success && !work.output.empty();
    if (!is_known) return unknown_results(part, step);
    json::array results;
    const Result<json::value> said = parse_json(work.output);
    if (!said || !said->is_array()) return results;
    for (const json::value& one : said->get_array()) {
        const json::object result = fitting(shape_of(part), one);
        const schema::Member* member = task_of(part, Members(result).text_or_empty("Type"));
        const std::optional<Members> task =
            member ? Members(result).object(member->name) : std::nullopt;
        if (task) results.push_back(result_object(part, step, *member, task->as_object()));
    }
    return results;
}

Result<std::string> checked_ai_output(const AiPart& part, std::string_view output) {
    Result<json::value> said = parse_json(output);
    if (!said) return fail(std::move(said.error()));
    const json::array all = said->is_array() ? said->get_array() : json::array{*said};
    if (all.empty()) return fail(Code::invalid, "it has no result");
    json::array checked;
    std::set<std::string> types;
    for (const json::value& one : all) {
        Result<json::object> result = checked_result(part, one);
        if (!result) return fail(std::move(result.error()));
        const std::string type = Members(*result).text_or_empty("Type");
        if (!types.insert(type).second)
            return fail(Code::invalid, fmt::format("there are two results of the Type {}", type));
        checked.push_back(std::move(*result));
    }
    return json::serialize(checked);
}

}  // namespace hookreel::dialect::tencent_vod
