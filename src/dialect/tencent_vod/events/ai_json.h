// The parts of a task that external services do, in the words of the API: AiContentReviewTask and
// its kin, and their results.
//
// What a template of these finds is known to its service only. So a part that is not over, or that
// failed, is shown as a result of each type that it could have; when it went well, as those that
// the service gave. What a shape holds is asked of the definition. Pure functions.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "dialect/tencent_vod/protocol/schema.h"
#include "model/external.h"
#include "model/task.h"

namespace hookreel::dialect::tencent_vod {

struct AiPart {
    std::string_view kind;       // One of model::external_parts.
    std::string_view parameter;  // Of the actions that ask for it.
    std::string_view set;        // Of ProcedureTask.
    std::string_view result;     // The object that is an element of it.
};

inline constexpr std::array<AiPart, 3> ai_parts = {{
    {"review_content", "AiContentReviewTask", "AiContentReviewResultSet", "AiContentReviewResult"},
    {"analyze_content", "AiAnalysisTask", "AiAnalysisResultSet", "AiAnalysisResult"},
    {"recognize_content", "AiRecognitionTask", "AiRecognitionResultSet", "AiRecognitionResult"},
}};

// Null when it is none of a task's parts.
const AiPart* find_ai_part(std::string_view kind);

// The elements of the part's result set that a step comes to. The step's work must be a
// model::ServiceWork.
json::array ai_results(const AiPart& part, const model::Step& step);

// The output of a service, a list of results or one, held to the definition: each of another type
// of result, with its task's Output unless that failed, and known members of the right types.
// Addresses of files with the rest (SegmentSetFileUrl) may be left out. Errors: invalid, naming the
// member.
Result<std::string> checked_ai_output(const AiPart& part, std::string_view output);

}  // namespace hookreel::dialect::tencent_vod
