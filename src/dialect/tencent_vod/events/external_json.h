// Work of external services in the words of the API: which action asks for which kind, and the task
// objects, whose shapes differ by kind.
//
// The same function serves the event and DescribeTaskDetail. What a shape holds is asked of the
// definition. Pure functions.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "dialect/tencent_vod/protocol/schema.h"
#include "model/external.h"

namespace hookreel::dialect::tencent_vod {

struct ExternalAction {
    std::string_view action;
    std::string_view kind;       // model::ExternalKind::name
    std::string_view task_type;  // DescribeTaskDetail, TaskType
    std::string_view member;     // Of DescribeTaskDetail's answer.
};

inline constexpr std::array<ExternalAction, 8> external_actions = {{
    {"ReviewAudioVideo", "review_audio_video", "ReviewAudioVideo", "ReviewAudioVideoTask"},
    {"InspectMediaQuality", "inspect_media_quality", "QualityInspect", "QualityInspectTask"},
    {"EnhanceMediaQuality", "enhance_media_quality", "QualityEnhance", "QualityEnhanceTask"},
    {"RemoveWatermark", "remove_watermark", "RemoveWatermarkTask", "RemoveWatermarkTask"},
    {"ExtractTraceWatermark", "extract_trace_watermark", "ExtractTraceWatermark",
     "ExtractTraceWatermarkTask"},
    {"ExtractCopyRightWatermark", "extract_copyright_watermark", "ExtractCopyRightWatermark",
     "ExtractCopyRightWatermarkTask"},
    {"CreateAigcImageTask", "generate_image", "AigcImageTask", "AigcImageTask"},
    {"CreateAigcVideoTask", "generate_video", "AigcVideoTask", "AigcVideoTask"},
}};

// Null when no external service does it.
const ExternalAction* find_external_action(std::string_view action);
const ExternalAction* external_action_of_kind(std::string_view kind);

// The task object of a kind, such as ReviewAudioVideoTask.
const schema::Object& external_task_shape(const ExternalAction& action);

// The task as an object of that shape.
json::object external_task(const model::ExternalTask& task);

// What a review tells of its file; nothing when the task was none or said nothing.
model::Findings findings_of(const model::ExternalTask& task);

// The output of a service, held to the shape of its kind, also of a part of a task (ai_json.h):
// known members of the right types. Errors: invalid, naming the member.
Result<std::string> checked_external_output(std::string_view kind, std::string_view output);

}  // namespace hookreel::dialect::tencent_vod
