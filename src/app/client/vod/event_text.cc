#include "app/client/vod/event_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "app/client/screen/json_text.h"
#include "base/text.h"

namespace hookreel::app::client {
namespace {

// Events come from whoever calls the receiver: what they say is shown without its escape sequences.
std::string text_of(const json::object& object, std::initializer_list<std::string_view> path) {
    return printable(find_text(object, path));
}

// One step of a task: its kind, its member, and where its result is.
struct StepView {
    std::string type;
    const json::object* result;
};
std::vector<StepView> steps_of(const json::object& procedure, std::string_view set) {
    std::vector<StepView> found;
    for (const json::object* step : find_objects(procedure, {set}))
        for (const auto& [key, value] : *step)
            if (value.is_object()) found.push_back({text_of(*step, {"Type"}), &value.get_object()});
    return found;
}
std::vector<StepView> steps(const json::object& procedure) {
    std::vector<StepView> found;
    for (const std::string_view set : result_sets)
        std::ranges::move(steps_of(procedure, set), std::back_inserter(found));
    return found;
}

std::string step_name(const StepView& step) {
    const double definition = find_number(*step.result, {"Input", "Definition"});
    return fmt::format("{} {:.0f}", step.type, definition);
}

std::vector<std::string> step_urls(const StepView& step) {
    std::vector<std::string> urls;
    for (const std::string_view name : {"Url", "CoverUrl"})
        if (std::string url = text_of(*step.result, {"Output", name}); !url.empty())
            urls.push_back(std::move(url));
    for (const json::object* picture : find_objects(*step.result, {"Output", "PicInfoSet"}))
        if (std::string url = text_of(*picture, {"Url"}); !url.empty())
            urls.push_back(std::move(url));
    return urls;
}

void add_upload(std::vector<std::string>& lines, const json::object& upload) {
    const json::object* meta = find_object(upload, {"MetaData"});
    const std::string facts = media_shape(text_of(upload, {"MediaBasicInfo", "Type"}), meta);
    if (!facts.empty()) lines.push_back("  " + facts);
    const std::string url = text_of(upload, {"MediaBasicInfo", "MediaUrl"});
    if (!url.empty()) lines.push_back("  " + url);
}

void add_step(std::vector<std::string>& lines, const StepView& step, const Terminal& terminal) {
    const std::string status = text_of(*step.result, {"Status"});
    const Paint paint = status == "SUCCESS" ? Paint::green
                        : status == "FAIL"  ? Paint::red
                                            : Paint::yellow;
    std::string line = fmt::format("  {:<20}{}", step_name(step), terminal.paint(paint, status));
    if (status == "FAIL")
        line += fmt::format("  {} {}", text_of(*step.result, {"ErrCodeExt"}),
                            text_of(*step.result, {"Message"}));
    const std::string facts = media_shape("", find_object(*step.result, {"Output"}));
    if (!facts.empty()) line += "  " + facts;
    lines.push_back(std::move(line));
    for (const std::string& url : step_urls(step))
        lines.push_back(fmt::format("    {}", url));
}

}  // namespace

std::string media_shape(std::string_view type, const json::object* media) {
    std::vector<std::string> facts;
    if (!type.empty()) facts.push_back(printable(type));
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
    struct Place {
        const json::object* object;
        std::string_view name;  // The member with the name of the file.
    };
    const Place places[] = {
        {find_object(event, {"FileUploadEvent"}), ""},
        {find_object(event, {"ProcedureStateChangeEvent"}), "FileName"},
        {find_object(event, {"PullCompleteEvent"}), ""},
        {find_object(event, {"EditMediaCompleteEvent", "Output"}), "MediaName"},
        {find_object(event, {"ComposeMediaCompleteEvent", "Output"}), "MediaName"}};
    for (const auto& [object, name] : places) {
        const std::string id = object ? text_of(*object, {"FileId"}) : std::string();
        if (id.empty()) continue;
        const std::string file_name =
            name.empty() ? text_of(*object, {"MediaBasicInfo", "Name"}) : text_of(*object, {name});
        return fmt::format("{} \"{}\"", id, file_name);
    }
    if (const json::value* ids = find(event, {"FileDeleteEvent", "FileIdSet"});
        ids && ids->is_array() && !ids->get_array().empty() && ids->get_array()[0].is_string())
        return printable(ids->get_array()[0].get_string());
    return {};
}

std::vector<std::string> event_lines(const json::object& event, const Terminal& terminal) {
    const std::string type = text_of(event, {"EventType"});
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
    lines.push_back(fmt::format("  {}  {}", text_of(procedure_task, {"Status"}),
                                text_of(procedure_task, {"TaskId"})));
    for (const StepView& step : steps(procedure_task))
        add_step(lines, step, terminal);
    return lines;
}

std::vector<StepState> step_states(const json::object& procedure_task) {
    std::vector<StepState> states;
    for (const StepView& step : steps(procedure_task))
        states.push_back({step_name(step), text_of(*step.result, {"Status"})});
    return states;
}

std::vector<MediaLink> media_links(const json::object& event) {
    std::vector<MediaLink> links;
    std::string original = text_of(event, {"FileUploadEvent", "MediaBasicInfo", "MediaUrl"});
    if (!original.empty()) links.push_back({"original", std::move(original)});
    if (const json::object* procedure = find_object(event, {"ProcedureStateChangeEvent"}))
        for (const StepView& step : steps(*procedure))
            for (const std::string& url : step_urls(step))
                links.push_back({step_name(step), url});
    return links;
}

int progress_of(const json::object& task) {
    double sum = 0;
    double count = 0;
    for (const std::string_view set : result_sets) {
        const std::vector<StepView> results = steps_of(task, set);
        // What a service does has more results before it ends than it ends with: it counts once.
        const double weight = set == result_sets.front() ? 1 : 1.0 / double(results.size());
        for (const StepView& result : results) {
            sum += weight * find_number(*result.result, {"Progress"});
            count += weight;
        }
    }
    if (count == 0) return std::clamp(int(find_number(task, {"Progress"})), 0, 100);
    return std::clamp(int(sum / count), 0, 100);
}

std::vector<std::string> edit_lines(const json::object& edit_task, const Terminal& terminal) {
    const bool is_made = find_number(edit_task, {"ErrCode"}) == 0;
    std::string line = fmt::format(
        "  {}  {}",
        terminal.paint(is_made ? Paint::green : Paint::red, text_of(edit_task, {"Status"})),
        text_of(edit_task, {"TaskId"}));
    if (!is_made)
        return {line + fmt::format("  {} {}", text_of(edit_task, {"ErrCodeExt"}),
                                   text_of(edit_task, {"Message"}))};
    std::vector<std::string> lines = {std::move(line)};
    lines.push_back(fmt::format("  file id  {}  {}", text_of(edit_task, {"Output", "FileId"}),
                                media_shape(text_of(edit_task, {"Output", "FileType"}),
                                            find_object(edit_task, {"MetaData"}))));
    lines.push_back(fmt::format("    {}", text_of(edit_task, {"Output", "FileUrl"})));
    return lines;
}

}  // namespace hookreel::app::client
