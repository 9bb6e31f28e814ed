// Events and tasks as people read them: what happened, to which file, and what came of it.
//
// Pure functions of the JSON that the Tencent VOD dialect writes; what is missing is left out.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "app/client/screen/json_text.h"
#include "app/client/screen/terminal.h"
#include "base/json.h"

namespace hookreel::app::client {

// The lists of a ProcedureTask with what came of its steps.
inline constexpr std::array<std::string_view, 4> result_sets = {
    "MediaProcessResultSet", "AiContentReviewResultSet", "AiAnalysisResultSet",
    "AiRecognitionResultSet"};

// One line per fact; the first names the event type and the file, the others are indented by two:
//     NewFileUpload  3701925921299637010  "demo clip"
//       wmv  640x360  8.0 s  1.2 MiB
//       http://127.0.0.1:8080/media/…
std::vector<std::string> event_lines(const json::object& event, const Terminal& terminal);

// "wmv  640x360  8.0 s  1.2 MiB" of something with Width, Height, Duration and Size; what it does
// not have is left out. `media` may be null.
std::string media_shape(std::string_view type, const json::object* media);

// What became of a ProcedureTask, one line per step and result, indented by two.
std::vector<std::string> task_lines(const json::object& procedure_task, const Terminal& terminal);

// How far a step of a ProcedureTask is.
struct StepState {
    std::string step;    // "Transcode 10"
    std::string status;  // "PROCESSING"

    bool operator==(const StepState&) const = default;
};
std::vector<StepState> step_states(const json::object& procedure_task);

// The file or task that the event is about, for a table: `3701925921299637010 "demo clip"`.
std::string event_subject(const json::object& event);

// What a URL of an event leads to.
struct MediaLink {
    std::string what;  // "original", "Transcode 10", "CoverBySnapshot 10"
    std::string url;
};
std::vector<MediaLink> media_links(const json::object& event);

// The average progress of the steps of a ProcedureTask, or that of an EditMediaTask, 0 to 100.
int progress_of(const json::object& task);

// What became of an EditMediaTask: the new file, or why there is none; indented by two.
std::vector<std::string> edit_lines(const json::object& edit_task, const Terminal& terminal);

}  // namespace hookreel::app::client
