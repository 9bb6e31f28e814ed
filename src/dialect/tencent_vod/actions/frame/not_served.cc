#include "dialect/tencent_vod/actions/frame/not_served.h"

#include <fmt/format.h>

#include <array>

namespace hookreel::dialect::tencent_vod {

std::unexpected<WireError> not_served(std::string_view kind) {
    return refuse("FailedOperation",
                  fmt::format("No external service does this work here. The operator names one by "
                              "`hookreel serve --external-service {}=URL`.",
                              kind));
}

Answer<void> refuse_models(const Members& parameters) {
    constexpr std::array<std::string_view, 5> parts = {"AiContentReviewTask", "AiAnalysisTask",
                                                       "AiRecognitionTask", "AiRecognitionTaskSet",
                                                       "ImportMediaKnowledgeTaskSet"};
    for (const std::string_view part : parts)
        if (parameters.has(part))
            return refuse("FailedOperation",
                          fmt::format("`{}` needs a model, and this server ships none. "
                                      "ReviewAudioVideo has a file reviewed by a service that "
                                      "the operator names.",
                                      part));
    return {};
}

}  // namespace hookreel::dialect::tencent_vod
