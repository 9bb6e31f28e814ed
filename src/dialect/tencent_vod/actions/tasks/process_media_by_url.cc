#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "dialect/tencent_vod/actions/frame/works.h"
#include "dialect/tencent_vod/actions/tasks/task_actions.h"
#include "dialect/tencent_vod/actions/tasks/task_requests.h"

namespace hookreel::dialect::tencent_vod {
namespace {

// All that the action can ask for (spec d: it has no MediaProcessTask).
constexpr std::array<std::string_view, 3> models = {"AiContentReviewTask", "AiAnalysisTask",
                                                    "AiRecognitionTask"};

Answer<void> check(const Call& call) {
    const Members& parameters = call.parameters;
    const std::optional<Members> input = parameters.object("InputInfo");
    if (!input || !input->has("Url")) return refuse("InvalidParameter", "InputInfo.Url is needed.");
    const Answer<media::TaskRequest> session = with_request_parts(call, {});
    if (!session) return std::unexpected(session.error());
    if (parameters.has("OutputInfo"))
        return refuse("FailedOperation",
                      "`OutputInfo` names a bucket of Tencent's, to which this server does not "
                      "write.");
    return {};
}

}  // namespace

// The action asks for models only, and this server ships none. It is answered, and not unknown, so
// that a caller hears what to do instead.
Task<Answer<std::string>> process_media_by_url(const Call& call) {
    if (Answer<void> fine = check(call); !fine) co_return std::unexpected(std::move(fine.error()));
    const auto is_asked = [&call](std::string_view model) { return call.parameters.has(model); };
    const auto asked = std::ranges::find_if(models, is_asked);
    if (asked == models.end())
        co_return refuse("InvalidParameter",
                         "Nothing is asked for: neither review, nor analysis, nor recognition.");
    co_return refuse("FailedOperation",
                     fmt::format("`{}` needs a model, which this server does not ship. Have the "
                                 "file fetched by PullUpload, and reviewed by ReviewAudioVideo "
                                 "through an external service, or processed by its Procedure.",
                                 *asked));
}

}  // namespace hookreel::dialect::tencent_vod
