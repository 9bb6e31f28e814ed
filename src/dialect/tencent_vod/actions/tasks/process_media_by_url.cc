#include "base/text.h"
#include "dialect/tencent_vod/actions/frame/ai_works.h"
#include "dialect/tencent_vod/actions/tasks/task_actions.h"
#include "dialect/tencent_vod/actions/tasks/task_requests.h"
#include "dialect/tencent_vod/protocol/json_text.h"
#include "http/url.h"

namespace hookreel::dialect::tencent_vod {
namespace {

constexpr std::size_t url_bytes_max = 2048;
constexpr std::size_t name_characters_max = 255;

// The file as the caller names it. Its service fetches it, this server does not.
Answer<model::ForeignFile> foreign_file(const Members& parameters) {
    const std::optional<Members> input = parameters.object("InputInfo");
    if (!input || !input->has("Url")) return refuse("InvalidParameter", "InputInfo.Url is needed.");
    model::ForeignFile file{input->text_or_empty("Url"), input->text_or_empty("Name"),
                            input->text_or_empty("Id")};
    if (file.url.size() > url_bytes_max || !http::parse_url(file.url))
        return refuse("InvalidParameter", "InputInfo.Url must be an address of http or https.");
    for (const std::string& text : {file.name, file.id})
        if (characters(text) > name_characters_max || has_control_character(text))
            return refuse("InvalidParameter",
                          "InputInfo.Name and Id take 255 characters without control characters.");
    return file;
}

// The action has no MediaProcessTask (spec d): all that it can ask for is done by services.
Answer<media::TaskRequest> task_request(const Call& call) {
    Answer<model::ForeignFile> file = foreign_file(call.parameters);
    if (!file) return std::unexpected(std::move(file.error()));
    if (call.parameters.has("OutputInfo"))
        return refuse("FailedOperation",
                      "`OutputInfo` names a bucket of Tencent's, to which this server does not "
                      "write.");
    Answer<std::vector<model::Work>> works = read_ai_works(call);
    if (!works) return std::unexpected(std::move(works.error()));
    if (works->empty())
        return refuse("InvalidParameter",
                      "Nothing is asked for: neither review, nor analysis, nor recognition.");
    media::TaskRequest request;
    request.application = call.application_id();
    request.trace = call.request.trace;
    request.foreign = std::move(*file);
    request.works = std::move(*works);
    return with_request_parts(call, std::move(request));
}

}  // namespace

Task<Answer<std::string>> process_media_by_url(const Call& call) {
    Answer<media::TaskRequest> request = task_request(call);
    if (!request) co_return std::unexpected(std::move(request.error()));
    const Answer<model::TaskId> task = co_await create_task(call, std::move(*request));
    if (!task) co_return std::unexpected(task.error());
    co_return write_members({{"TaskId", task->text()}});
}

}  // namespace hookreel::dialect::tencent_vod
