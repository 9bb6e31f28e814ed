#include <algorithm>
#include <functional>

#include "dialect/tencent_vod/actions/frame/ai_works.h"
#include "dialect/tencent_vod/actions/frame/not_served.h"
#include "dialect/tencent_vod/actions/frame/works.h"
#include "dialect/tencent_vod/actions/templates/media_process_task.h"
#include "dialect/tencent_vod/actions/templates/template_actions.h"
#include "dialect/tencent_vod/protocol/json_text.h"

namespace hookreel::dialect::tencent_vod {
namespace {

using Procedures = std::vector<model::Procedure>;

constexpr std::size_t name_max = 20;      // Spec d, CreateProcedureTemplate.
constexpr std::size_t comment_max = 256;  // The same.
constexpr std::size_t names_max = 100;    // Spec d, DescribeProcedureTemplates.
constexpr std::uint64_t limit_default = 10;
constexpr std::uint64_t limit_max = 100;

// Without its steps.
Answer<model::Procedure> read_head(const Members& parameters) {
    model::Procedure procedure;
    procedure.name = parameters.text_or_empty("Name");
    procedure.comment = parameters.text_or_empty("Comment");
    if (procedure.name.empty() || characters(procedure.name) > name_max)
        return refuse("InvalidParameter", "Name must have 1 to 20 characters.");
    if (characters(procedure.comment) > comment_max)
        return refuse("InvalidParameter", "Comment may have 256 characters.");
    if (parameters.has("ImportMediaKnowledgeTaskSet"))
        return refuse("FailedOperation",
                      "`ImportMediaKnowledgeTaskSet` needs a model, and this server ships none.");
    return procedure;
}

// ReviewAudioVideoTask, as the service will get it; empty when it is absent.
Answer<std::string> read_review(const Call& call) {
    const std::optional<Members> review = call.parameters.object("ReviewAudioVideoTask");
    if (!review) return std::string();
    if (!call.with.external.serves(model::review_kind)) return not_served(model::review_kind);
    for (const std::string& content : review->texts("ReviewContents"))
        if (content != "Media" && content != "Cover")
            return refuse("InvalidParameter", "ReviewContents takes Media and Cover.");
    return review->as_json();
}

// What Create and Reset have in common.
Task<Answer<model::Procedure>> read_procedure(const Call& call) {
    Answer<model::Procedure> procedure = read_head(call.parameters);
    if (!procedure) co_return procedure;
    Answer<std::vector<model::Work>> works = co_await read_all_works(call);
    if (!works) co_return std::unexpected(std::move(works.error()));
    Answer<std::string> review = read_review(call);
    if (!review) co_return std::unexpected(std::move(review.error()));
    if (works->empty() && review->empty())
        co_return refuse("InvalidParameter", "No task is asked for.");
    procedure->works = std::move(*works);
    procedure->review = std::move(*review);
    co_return procedure;
}

// The parts of services, each under the parameter that it was asked for by.
void add_ai_parts(json::object& object, const std::vector<model::Work>& works) {
    for (const model::Work& work : works) {
        const auto* const service = std::get_if<model::ServiceWork>(&work);
        if (!service) continue;
        json::value input = json::parse(service->input);
        json::value& member = object[service->member];
        if (member.is_array())
            member.get_array().push_back(std::move(input));
        else
            member = std::move(input);
    }
}

json::object procedure_template(const model::Procedure& procedure, std::string_view type) {
    json::object object = {
        {"Name", procedure.name},
        {"Type", type},
        {"Comment", procedure.comment},
        {"MediaProcessTask", media_process_task(procedure.works)},
        {"AiRecognitionTaskSet", json::array()},
        {"CreateTime", iso8601(procedure.created)},
        {"UpdateTime", iso8601(procedure.updated)},
    };
    add_ai_parts(object, procedure.works);
    if (!procedure.review.empty())
        object.emplace("ReviewAudioVideoTask", json::parse(procedure.review));
    return object;
}

// Sorted as asked for; else as they come.
Answer<void> sort(Procedures& procedures, const Members& parameters) {
    const std::vector<Members> sorts = parameters.objects("SortBy");
    if (sorts.empty()) return {};
    const std::string field = sorts.front().text_or_empty("Field");
    const std::string order = sorts.front().text_or_empty("Order");
    if (sorts.size() > 1 || (field != "CreateTime" && field != "UpdateTime") ||
        (order != "Asc" && order != "Desc"))
        return refuse("FailedOperation",
                      "SortBy takes one Field, CreateTime or UpdateTime, and the Order Asc or "
                      "Desc.");
    const auto time =
        field == "CreateTime" ? &model::Procedure::created : &model::Procedure::updated;
    if (order == "Asc")
        std::ranges::stable_sort(procedures, std::less(), time);
    else
        std::ranges::stable_sort(procedures, std::greater(), time);
    return {};
}

Answer<void> check_query(const Members& parameters) {
    const std::string type = parameters.text_or_empty("Type");
    if (!type.empty() && type != "Preset" && type != "Custom")
        return refuse("InvalidParameterValue.Type", "Type must be Preset or Custom.");
    if (parameters.texts("Names").size() > names_max)
        return refuse("InvalidParameterValue.Names", "At most 100 Names are taken.");
    if (parameters.natural("Limit").value_or(limit_default) > limit_max)
        return refuse("InvalidParameterValue.Limit", "Limit may be at most 100.");
    return {};
}

}  // namespace

Task<Answer<std::string>> create_procedure_template(const Call& call) {
    Answer<model::Procedure> procedure = co_await read_procedure(call);
    if (!procedure) co_return std::unexpected(std::move(procedure.error()));
    const Result<void> done =
        co_await call.with.procedures.create(call.application_id(), std::move(*procedure));
    if (done) co_return std::string();
    co_return failed(
        call, done.error(),
        {{Code::conflict, "InvalidParameter.ExistedProcedureName", "The Name is taken."},
         {Code::too_large, "LimitExceeded", "There are 50 procedures, or 1 MiB of them."}});
}

Task<Answer<std::string>> reset_procedure_template(const Call& call) {
    Answer<model::Procedure> procedure = co_await read_procedure(call);
    if (!procedure) co_return std::unexpected(std::move(procedure.error()));
    const Result<void> done =
        co_await call.with.procedures.reset(call.application_id(), std::move(*procedure));
    if (done) co_return std::string();
    co_return failed(
        call, done.error(),
        {{Code::not_found, "InvalidParameter.ProcedureNameNotExist",
          "There is no procedure of this Name that could be changed."},
         {Code::too_large, "InvalidParameter", "The procedures may have 1 MiB in all."}});
}

Task<Answer<std::string>> delete_procedure_template(const Call& call) {
    std::string name = call.parameters.text_or_empty("Name");
    const Result<void> done =
        co_await call.with.procedures.remove(call.application_id(), std::move(name));
    if (done) co_return std::string();
    co_return failed(call, done.error(),
                     {{Code::not_found, "InvalidParameter",
                       "There is no procedure of this Name that could be deleted."}});
}

Task<Answer<std::string>> describe_procedure_templates(const Call& call) {
    const Members& parameters = call.parameters;
    if (Answer<void> fine = check_query(parameters); !fine)
        co_return std::unexpected(std::move(fine.error()));
    Result<Procedures> own = co_await call.with.procedures.own(call.application_id());
    if (!own) co_return failed(call, own.error());
    Procedures all = media::preset_procedures();
    std::ranges::move(*own, std::back_inserter(all));
    if (Answer<void> fine = sort(all, parameters); !fine)
        co_return std::unexpected(std::move(fine.error()));

    const std::vector<std::string> names = parameters.texts("Names");
    const std::string wanted = parameters.text_or_empty("Type");
    const std::uint64_t offset = parameters.natural("Offset").value_or(0);
    const std::uint64_t limit = parameters.natural("Limit").value_or(limit_default);
    json::array listed;
    std::uint64_t total = 0;
    for (const model::Procedure& procedure : all) {
        const std::string_view type =
            media::find_preset_procedure(procedure.name) ? "Preset" : "Custom";
        const bool is_named =
            names.empty() || std::ranges::find(names, procedure.name) != names.end();
        if (!is_named || (!wanted.empty() && wanted != type)) continue;
        if (total >= offset && listed.size() < limit)
            listed.push_back(procedure_template(procedure, type));
        ++total;
    }
    json::object object = {{"TotalCount", total}, {"ProcedureTemplateSet", std::move(listed)}};
    co_return write_members(with_nulls(std::move(object), *call.action.output));
}

}  // namespace hookreel::dialect::tencent_vod
