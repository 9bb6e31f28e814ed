#include "dialect/tencent_vod/actions/editing/edit_parts.h"

#include <fmt/format.h>

#include <cmath>

#include "base/text.h"
#include "dialect/tencent_vod/actions/frame/session_parts.h"
#include "dialect/tencent_vod/actions/frame/time_parts.h"
#include "dialect/tencent_vod/events/edit_json.h"
#include "dialect/tencent_vod/protocol/json_text.h"
#include "media/uploads/upload_request.h"

namespace hookreel::dialect::tencent_vod {
namespace {

constexpr std::size_t name_max = 64;  // Spec d, EditMedia and ComposeMedia.
constexpr double seconds_max = 24 * 3600;

}  // namespace

Answer<double> seconds_at(const Members& members, std::string_view name) {
    const double seconds = members.real(name).value_or(0);
    if (!std::isfinite(seconds) || std::abs(seconds) > seconds_max)
        return refuse("InvalidParameterValue",
                      fmt::format("{} must be seconds within a day.", name));
    return seconds;
}

Answer<model::EditRequest> with_caller(const Call& call, model::EditRequest request) {
    request.application = call.application_id();
    request.trace = trace_text(call.request.trace);
    return with_session(std::move(request), call.action, call.parameters);
}

Answer<model::EditRequest> with_output(const Call& call, const Members& output,
                                       std::string_view name_of, model::EditRequest request) {
    const std::string given = output.text_or_empty(name_of);
    if (characters(given) > name_max || has_control_character(given))
        return refuse(
            "InvalidParameterValue",
            fmt::format("{} may have 64 characters, none of them a control character.", name_of));
    media::UploadRequest as_upload;
    as_upload.type = "mp4";
    as_upload.name = given;
    Result<media::UploadRequest> checked = media::checked_request(std::move(as_upload));
    if (!checked) return refuse("InvalidParameterValue", std::move(checked.error().detail));
    request.name = std::move(checked->name);
    request.class_id = output.integer("ClassId").value_or(0);
    const auto expires = read_expiry(output, call.with.clock.now(), "InvalidParameterValue");
    if (!expires) return std::unexpected(expires.error());
    request.expires = expires->value_or(never);
    return request;
}

Task<Answer<std::string>> create_edit(const Call& call, model::EditRequest request,
                                      std::string_view no_source, std::string_view invalid) {
    const Result<model::TaskId> task = co_await call.with.edits.create(std::move(request));
    if (task) co_return write_members({{"TaskId", task->text()}});
    if (task.error().code == Code::not_found)
        co_return refuse(no_source,
                         fmt::format("The file {} does not exist.", task.error().detail));
    if (task.error().code == Code::invalid) co_return refuse(invalid, task.error().detail + ".");
    co_return failed(call, task.error(),
                     {{Code::conflict, used_session_code(call.action), used_session_message}});
}

Task<Answer<std::string>> describe_edit(const Call& call, const model::Edit& edit) {
    // The file is there when the edit went well, unless it was deleted since.
    const Result<model::Asset> found =
        co_await call.with.library.find(call.application_id(), edit.file);
    if (!found && found.error().code != Code::not_found) co_return failed(call, found.error());
    const model::Asset* const asset = found ? &*found : nullptr;
    const bool is_cut = std::holds_alternative<model::Cut>(edit.request.work);
    json::object detail = {
        {"TaskType", is_cut ? "EditMedia" : "ComposeMedia"},
        {"Status", name(edit.status)},
        {"CreateTime", iso8601(edit.created)},
    };
    if (edit.begun != TimePoint{}) detail.emplace("BeginProcessTime", iso8601(edit.begun));
    if (edit.finished != TimePoint{}) detail.emplace("FinishTime", iso8601(edit.finished));
    if (is_cut)
        detail.emplace("EditMediaTask", edit_task(edit, asset, call.with.urls));
    else
        detail.emplace("ComposeMediaTask", compose_task(edit, asset, call.with.urls));
    co_return write_members(with_nulls(std::move(detail), *call.action.output));
}

}  // namespace hookreel::dialect::tencent_vod
