#include <fmt/format.h>

#include "dialect/tencent_vod/actions/frame/time_parts.h"
#include "dialect/tencent_vod/actions/tasks/task_actions.h"
#include "dialect/tencent_vod/events/external_json.h"
#include "dialect/tencent_vod/protocol/json_text.h"

namespace hookreel::dialect::tencent_vod {
namespace {

using media::AgendaKind;
using media::AgendaQuery;

Answer<void> read_status(const Members& parameters, AgendaQuery& query) {
    if (!parameters.has("Status")) return {};
    const Result<model::TaskStatus> status =
        parse_enum<model::TaskStatus>(*parameters.text("Status"));
    if (!status || *status == model::TaskStatus::aborted)
        return refuse("InvalidParameterValue.Status",
                      "Status must be WAITING, PROCESSING or FINISH.");
    query.status = *status;
    return {};
}

Answer<void> read_sort(const Members& parameters, AgendaQuery& query) {
    const std::optional<Members> sort = parameters.object("Sort");
    if (!sort) return {};
    const std::string field = sort->text_or_empty("Field");
    const std::string order = sort->text_or_empty("Order");
    if ((field != "CreateTime" && field != "FinishTime") || (order != "Asc" && order != "Desc"))
        return refuse("InvalidParameterValue",
                      "Sort takes the Field CreateTime or FinishTime and the Order Asc or Desc.");
    if (field == "FinishTime") query.field = AgendaQuery::Field::finished;
    if (order == "Asc") query.order = AgendaQuery::Order::oldest_first;
    return {};
}

Answer<AgendaQuery> read_query(const Call& call) {
    const Members& parameters = call.parameters;
    AgendaQuery query;
    query.application = call.application_id();
    query.cursor = parameters.text_or_empty("ScrollToken");
    if (parameters.has("FileId")) query.file = model::FileId(parameters.text_or_empty("FileId"));
    for (Answer<void> fine : {read_status(parameters, query), read_sort(parameters, query)})
        if (!fine) return std::unexpected(std::move(fine.error()));
    const std::uint64_t limit = parameters.natural("Limit").value_or(query.count_max);
    if (limit == 0 || limit > media::agenda_page_max)
        return refuse("InvalidParameterValue", "Limit must be from 1 to 100.");
    query.count_max = limit;
    Answer<media::TimeSpan> created = read_span(parameters.object("CreateTime"));
    if (!created) return std::unexpected(std::move(created.error()));
    Answer<media::TimeSpan> finished = read_span(parameters.object("FinishTime"));
    if (!finished) return std::unexpected(std::move(finished.error()));
    query.created = *created;
    query.finished = *finished;
    return query;
}

std::string_view task_type(const media::AgendaEntry& entry) {
    switch (entry.kind) {
        case AgendaKind::steps:
            return "Procedure";
        case AgendaKind::cut:
            return "EditMedia";
        case AgendaKind::composition:
            return "ComposeMedia";
        case AgendaKind::pull:
            return "PullUpload";
        case AgendaKind::external:
            break;
    }
    return external_action_of_kind(entry.external_kind)->task_type;
}

json::object simple_task(const media::AgendaEntry& entry) {
    const auto time = [](TimePoint at) { return at == TimePoint{} ? "" : iso8601(at); };
    return {
        {"TaskId", entry.id.text()},
        {"Status", name(entry.status)},
        {"FileId", entry.file.text()},
        {"TaskType", task_type(entry)},
        {"CreateTime", iso8601(entry.created)},
        {"BeginProcessTime", time(entry.begun)},
        {"FinishTime", time(entry.finished)},
        {"SessionId", entry.session_id},
        {"SessionContext", entry.session_context},
    };
}

}  // namespace

Task<Answer<std::string>> describe_tasks(const Call& call) {
    Answer<AgendaQuery> query = read_query(call);
    if (!query) co_return std::unexpected(std::move(query.error()));
    const Result<media::AgendaPage> page = co_await call.with.agenda.list(std::move(*query));
    if (!page)
        co_return failed(call, page.error(),
                         {{Code::invalid, "InvalidParameterValue",
                           "ScrollToken must be the one of the page before, with the same Sort."}});
    json::array set;
    for (const media::AgendaEntry& entry : page->entries)
        set.push_back(simple_task(entry));
    co_return write_members({{"TaskSet", std::move(set)}, {"ScrollToken", page->next}});
}

}  // namespace hookreel::dialect::tencent_vod
