#include "app/client/vod/event_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/client/screen/json_text.h"
#include "base/text.h"

namespace hookreel::app::client {
namespace {

// One step of a task: its kind, its member, and where its result is.
struct StepView {
    std::string_view type;
    const json::object* result;
};
std::vector<StepView> steps(const json::object& procedure) {
    std::vector<StepView> found;
    for (const json::object* step : find_objects(procedure, {"MediaProcessResultSet"}))
        for (const auto& [key, value] : *step)
            if (value.is_object())
                found.push_back({find_text(*step, {"Type"}), &value.get_object()});
    return found;
}

std::string step_name(const StepView& step) {
    const double definition = find_number(*step.result, {"Input", "Definition"});
    return fmt::format("{} {:.0f}", step.type, definition);
}

std::vector<std::string_view> step_urls(const StepView& step) {
    std::vector<std::string_view> urls;
    for (const std::string_view name : {"Url", "CoverUrl"})
        if (const auto url = find_text(*step.result, {"Output", name}); !url.empty())
            urls.push_back(url);
    for (const json::object* picture : find_objects(*step.result, {"Output", "PicInfoSet"}))
        if (const auto url = find_text(*picture, {"Url"}); !url.empty()) urls.push_back(url);
    return urls;
}

void add_upload(std::vector<std::string>& lines, const json::object& upload) {
    const json::object* meta = find_object(upload, {"MetaData"});
    const std::string facts = media_shape(find_text(upload, {"MediaBasicInfo", "Type"}), meta);
    if (!facts.empty()) lines.push_back("  " + facts);
    const std::string_view url = find_text(upload, {"MediaBasicInfo", "MediaUrl"});
    if (!url.empty()) lines.push_back("  " + std::string(url));
}

void add_step(std::vector<std::string>& lines, const StepView& step, const Terminal& terminal) {
    const std::string_view status = find_text(*step.result, {"Status"});
    const Paint paint = status == "SUCCESS" ? Paint::green
                        : status == "FAIL"  ? Paint::red
                                            : Paint::yellow;
    std::string line = fmt::format("  {:<20}{}", step_name(step), terminal.paint(paint, status));
    if (status == "FAIL")
        line += fmt::format("  {} {}", find_text(*step.result, {"ErrCodeExt"}),
                            find_text(*step.result, {"Message"}));
    const std::string facts = media_shape("", find_object(*step.result, {"Output"}));
    if (!facts.empty()) line += "  " + facts;
    lines.push_back(std::move(line));
    for (const std::string_view url : step_urls(step))
        lines.push_back(fmt::format("    {}", url));
}

}  // namespace

std::string media_shape(std::string_view type, const json::object* media) {
    std::vector<std::string> facts;
    if (!type.empty()) facts.emplace_back(type);
    if (media) {
        const double width = find_number(*media, {"Width"}),
                     height = find_number(*media, {"Height"});
        if (width > 0 && height > 0) facts.push_back(fmt::format("{:.0f}x{:.0f}", width, height));
        const double seconds = find_number(*media, {"Duration"});
        if (seconds > 0) facts.push_back(human_duration(Duration(Duration::rep(seconds * 1000))));
        const double bytes = find_number(*media, {"Size"});
        if (bytes > 0) facts.push_back(human_bytes(std::uint64_t(bytes)));
    }
    return fmt::format("{}", fmt::join(facts, "  "));
}

std::string event_subject(const json::object& event) {
    for (const auto& [id, file_name] :
         {std::pair(find_text(event, {"FileUploadEvent", "FileId"}),
                    find_text(event, {"FileUploadEvent", "MediaBasicInfo", "Name"})),
          std::pair(find_text(event, {"ProcedureStateChangeEvent", "FileId"}),
                    find_text(event, {"ProcedureStateChangeEvent", "FileName"}))})
        if (!id.empty()) return fmt::format("{} \"{}\"", id, file_name);
    return {};
}

std::vector<std::string> event_lines(const json::object& event, const Terminal& terminal) {
    const std::string_view type = find_text(event, {"EventType"});
    std::vector<std::string> lines;
    lines.push_back(fmt::format("{}  {}", terminal.paint(Paint::bold, type.empty() ? "?" : type),
                                event_subject(event)));
    if (const json::object* upload = find_object(event, {"FileUploadEvent"}))
        add_upload(lines, *upload);
    if (const json::object* procedure = find_object(event, {"ProcedureStateChangeEvent"}))
        for (std::string& line : task_lines(*procedure, terminal))
            lines.push_back(std::move(line));
    return lines;
}

std::vector<std::string> task_lines(const json::object& procedure_task, const Terminal& terminal) {
    std::vector<std::string> lines;
    lines.push_back(fmt::format("  {}  {}", find_text(procedure_task, {"Status"}),
                                find_text(procedure_task, {"TaskId"})));
    for (const StepView& step : steps(procedure_task))
        add_step(lines, step, terminal);
    return lines;
}

std::vector<StepState> step_states(const json::object& procedure_task) {
    std::vector<StepState> states;
    for (const StepView& step : steps(procedure_task))
        states.push_back({step_name(step), std::string(find_text(*step.result, {"Status"}))});
    return states;
}

std::vector<MediaLink> media_links(const json::object& event) {
    std::vector<MediaLink> links;
    const auto original = find_text(event, {"FileUploadEvent", "MediaBasicInfo", "MediaUrl"});
    if (!original.empty()) links.push_back({"original", std::string(original)});
    if (const json::object* procedure = find_object(event, {"ProcedureStateChangeEvent"}))
        for (const StepView& step : steps(*procedure))
            for (const std::string_view url : step_urls(step))
                links.push_back({step_name(step), std::string(url)});
    return links;
}

int progress_of(const json::object& task) {
    const std::vector<StepView> all = steps(task);
    if (all.empty()) return std::clamp(int(find_number(task, {"Progress"})), 0, 100);
    double sum = 0;
    for (const StepView& step : all)
        sum += find_number(*step.result, {"Progress"});
    return std::clamp(int(sum / double(all.size())), 0, 100);
}

std::vector<std::string> edit_lines(const json::object& edit_task, const Terminal& terminal) {
    const bool is_made = find_number(edit_task, {"ErrCode"}) == 0;
    std::string line = fmt::format(
        "  {}  {}",
        terminal.paint(is_made ? Paint::green : Paint::red, find_text(edit_task, {"Status"})),
        find_text(edit_task, {"TaskId"}));
    if (!is_made)
        return {line + fmt::format("  {} {}", find_text(edit_task, {"ErrCodeExt"}),
                                   find_text(edit_task, {"Message"}))};
    std::vector<std::string> lines = {std::move(line)};
    lines.push_back(fmt::format("  file id  {}  {}", find_text(edit_task, {"Output", "FileId"}),
                                media_shape(find_text(edit_task, {"Output", "FileType"}),
                                            find_object(edit_task, {"MetaData"}))));
    lines.push_back(fmt::format("    {}", find_text(edit_task, {"Output", "FileUrl"})));
    return lines;
}

}  // namespace hookreel::app::client
