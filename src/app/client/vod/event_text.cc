#include "app/client/vod/event_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/client/screen/json_text.h"
#include "base/text.h"

namespace hookreel::app::client {
namespace {

// Elements of an array member, as far as they are objects.
std::vector<const json::object*> objects(const json::object& object, std::string_view name) {
    std::vector<const json::object*> found;
    const json::value* array = object.if_contains(name);
    if (!array || !array->is_array()) return found;
    for (const json::value& element : array->get_array())
        if (element.is_object()) found.push_back(&element.get_object());
    return found;
}

double number(const json::object& object, std::initializer_list<std::string_view> path) {
    const json::value* found = find(object, path);
    return found && found->is_number() ? found->to_number<double>() : 0.0;
}

const json::object* member(const json::object& object, std::string_view name) {
    const json::value* found = object.if_contains(name);
    return found && found->is_object() ? &found->get_object() : nullptr;
}

// "wmv  640x360  8.0 s  1.2 MiB" of something with Size, Duration, Width and Height.
std::string shape(std::string_view type, const json::object* media) {
    std::vector<std::string> facts;
    if (!type.empty()) facts.emplace_back(type);
    if (media) {
        const double width = number(*media, {"Width"}), height = number(*media, {"Height"});
        if (width > 0 && height > 0) facts.push_back(fmt::format("{:.0f}x{:.0f}", width, height));
        const double seconds = number(*media, {"Duration"});
        if (seconds > 0) facts.push_back(human_duration(Duration(Duration::rep(seconds * 1000))));
        const double bytes = number(*media, {"Size"});
        if (bytes > 0) facts.push_back(human_bytes(std::uint64_t(bytes)));
    }
    return fmt::format("{}", fmt::join(facts, "  "));
}

// One step of a task: its kind, its member, and where its result is.
struct StepView {
    std::string_view type;
    const json::object* result;
};
std::vector<StepView> steps(const json::object& procedure) {
    std::vector<StepView> found;
    for (const json::object* step : objects(procedure, "MediaProcessResultSet"))
        for (const auto& [key, value] : *step)
            if (value.is_object())
                found.push_back({find_text(*step, {"Type"}), &value.get_object()});
    return found;
}

std::string step_name(const StepView& step) {
    const double definition = number(*step.result, {"Input", "Definition"});
    return fmt::format("{} {:.0f}", step.type, definition);
}

std::vector<std::string_view> step_urls(const StepView& step) {
    std::vector<std::string_view> urls;
    for (const std::string_view name : {"Url", "CoverUrl"})
        if (const auto url = find_text(*step.result, {"Output", name}); !url.empty())
            urls.push_back(url);
    const json::object* output = member(*step.result, "Output");
    if (!output) return urls;
    for (const json::object* picture : objects(*output, "PicInfoSet"))
        if (const auto url = find_text(*picture, {"Url"}); !url.empty()) urls.push_back(url);
    return urls;
}

void add_upload(std::vector<std::string>& lines, const json::object& upload) {
    const json::object* meta = member(upload, "MetaData");
    const std::string facts = shape(find_text(upload, {"MediaBasicInfo", "Type"}), meta);
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
    const std::string facts = shape("", member(*step.result, "Output"));
    if (!facts.empty()) line += "  " + facts;
    lines.push_back(std::move(line));
    for (const std::string_view url : step_urls(step))
        lines.push_back(fmt::format("    {}", url));
}

}  // namespace

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
    if (const json::object* upload = member(event, "FileUploadEvent")) add_upload(lines, *upload);
    if (const json::object* procedure = member(event, "ProcedureStateChangeEvent"))
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
    if (const json::object* procedure = member(event, "ProcedureStateChangeEvent"))
        for (const StepView& step : steps(*procedure))
            for (const std::string_view url : step_urls(step))
                links.push_back({step_name(step), std::string(url)});
    return links;
}

int progress_of(const json::object& procedure_task) {
    const std::vector<StepView> all = steps(procedure_task);
    if (all.empty()) return 0;
    double sum = 0;
    for (const StepView& step : all)
        sum += number(*step.result, {"Progress"});
    return std::clamp(int(sum / double(all.size())), 0, 100);
}

}  // namespace hookreel::app::client
