#include <algorithm>
#include <array>

#include "base/text.h"
#include "dialect/tencent_vod/actions/frame/session_parts.h"
#include "dialect/tencent_vod/actions/frame/time_parts.h"
#include "dialect/tencent_vod/actions/uploads/upload_actions.h"
#include "dialect/tencent_vod/protocol/json_text.h"
#include "media/pulls/pulls.h"

namespace hookreel::dialect::tencent_vod {
namespace {

constexpr std::size_t source_context_max = 250;  // Spec c.1, Rules.
constexpr std::size_t procedure_max = 128;
constexpr std::size_t media_name_max = 255;  // As that of ApplyUpload.

Answer<void> check(const model::PullRequest& request, const Members& parameters) {
    if (parameters.has("MediaStoragePath"))
        return refuse("InvalidParameterValue.MediaStoragePath",
                      "MediaStoragePath is for applications in FileID+Path mode; this one is not.");
    if (parameters.has("StorageRegion") && *parameters.text("StorageRegion") != storage_region)
        return refuse("InvalidParameterValue.StorageRegion", "There is no such region.");
    if (characters(request.source_context) > source_context_max ||
        characters(request.procedure) > procedure_max)
        return refuse("InvalidParameterValue",
                      "SourceContext may have 250 characters, Procedure 128.");
    if (characters(request.name) > media_name_max || has_control_character(request.name))
        return refuse("InvalidParameterValue",
                      "MediaName may have 255 characters, none of them a control character.");
    return {};
}

Answer<model::PullRequest> pull_request(const Call& call) {
    const Members& parameters = call.parameters;
    model::PullRequest request;
    request.application = call.application_id();
    request.trace = trace_text(call.request.trace);
    request.url = parameters.text_or_empty("MediaUrl");
    request.cover_url = parameters.text_or_empty("CoverUrl");
    request.type = parameters.text_or_empty("MediaType");
    request.name = parameters.text_or_empty("MediaName");
    request.procedure = parameters.text_or_empty("Procedure");
    request.class_id = parameters.integer("ClassId").value_or(0);
    request.source_context = parameters.text_or_empty("SourceContext");
    if (Answer<void> fine = check(request, parameters); !fine)
        return std::unexpected(std::move(fine.error()));
    const auto expires =
        read_expiry(parameters, call.with.clock.now(), "InvalidParameterValue.ExpireTime");
    if (!expires) return std::unexpected(expires.error());
    request.expires = expires->value_or(never);
    return with_session(std::move(request), call.action, parameters);
}

// What is wrong with an address or a type, by how the detail begins.
struct Fault {
    std::string_view begins;
    std::string_view code;
    std::string_view message;
};
constexpr std::array faults = {
    Fault{"url", "InvalidParameterValue.MediaUrl", "MediaUrl must be an http(s) address."},
    Fault{"type", "FailedOperation.MediaType",
          "The type of the media is unknown or not taken; MediaType may tell it."},
    Fault{"cover_url", "InvalidParameterValue.CoverUrl", "CoverUrl must be an http(s) address."},
    Fault{"cover_type", "FailedOperation.CoverType", "The cover must be a gif, jpg, jpeg or png."},
};

}  // namespace

// Answered at once; whether the address can be reached is told by the event.
Task<Answer<std::string>> pull_upload(const Call& call) {
    Answer<model::PullRequest> request = pull_request(call);
    if (!request) co_return std::unexpected(std::move(request.error()));
    const Result<model::TaskId> pull = co_await call.with.pulls.create(std::move(*request));
    if (pull) co_return write_members({{"TaskId", pull->text()}});
    if (pull.error().code == Code::invalid) {
        const std::string_view detail = pull.error().detail;
        for (const Fault& fault : faults)
            if (detail.starts_with(fault.begins) &&
                (detail.size() == fault.begins.size() || detail[fault.begins.size()] == ':' ||
                 detail[fault.begins.size()] == ' '))
                co_return refuse(fault.code, std::string(fault.message));
    }
    co_return failed(call, pull.error(),
                     {{Code::conflict, used_session_code(call.action), used_session_message}});
}

}  // namespace hookreel::dialect::tencent_vod
