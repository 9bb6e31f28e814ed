#include "app/client/native/delivery_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/client/screen/json_text.h"

namespace hookreel::app::client {
namespace {

std::string text(const json::object& object, std::string_view name) {
    return printable(find_text(object, {name}));
}

std::string text_or_dash(const json::object& object, std::string_view name) {
    std::string found = text(object, name);
    return found.empty() ? "-" : found;
}

std::int64_t number(const json::object& object, std::string_view name) {
    const json::value* found = find(object, {name});
    boost::system::error_code error;
    return found && found->is_number() ? found->to_number<std::int64_t>(error) : 0;
}

Paint paint_of(std::string_view state) {
    if (state == "delivered") return Paint::green;
    if (state == "dead") return Paint::red;
    if (state == "retrying" || state == "retry") return Paint::yellow;
    if (state == "sending") return Paint::cyan;
    return Paint::plain;
}

std::string painted(const json::object& object, std::string_view name, const Terminal& terminal) {
    const std::string state = text(object, name);
    return terminal.paint(paint_of(state), state);
}

// Whom it is for: the endpoint, or the queue that somebody pulls.
std::string recipient(const json::object& delivery) {
    const std::string endpoint = text(delivery, "endpoint");
    return endpoint.empty() ? text(delivery, "queue") : endpoint;
}

std::string_view holder(std::string_view held_by) {
    if (held_by == "breaker") return "the breaker of its endpoint is open";
    if (held_by == "rate") return "the rate of its endpoint is used up";
    if (held_by == "in_flight") return "as many as may be are under way to its endpoint";
    if (held_by == "paused") return "its endpoint is paused";
    if (held_by == "key") return "an earlier event of its key goes first";
    return held_by;
}

// The lines of a text, without empty ones at its end.
void add_lines(std::vector<std::string>& lines, std::string_view text) {
    text = text.substr(0, text.find_last_not_of("\r\n") + 1);
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        lines.push_back("  " + printable(line));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

}  // namespace

std::optional<TimePoint> time_of(const json::object& object, std::string_view name) {
    const Result<TimePoint> time = parse_time(find_text(object, {name}));
    return time ? std::optional(*time) : std::nullopt;
}

std::string shown_time(const json::object& object, std::string_view name) {
    const std::optional<TimePoint> time = time_of(object, name);
    return time ? moment_text(*time) : "-";
}

Row delivery_head() {
    return {"ID", "STATE", "TRIES", "TYPE", "TO", "NOTE", "HAPPENED", "EVENT"};
}

Row delivery_row(const json::object& delivery, const Terminal& terminal, TimePoint now) {
    return {text(delivery, "id"),
            painted(delivery, "state", terminal),
            std::to_string(number(delivery, "attempts")),
            text(delivery, "type"),
            recipient(delivery),
            delivery_note(delivery, now),
            shown_time(delivery, "time"),
            text(delivery, "event")};
}

std::string delivery_note(const json::object& delivery, TimePoint now) {
    const std::string_view state = find_text(delivery, {"state"});
    if (state == "dead") return text(delivery, "reason");
    if (state != "waiting" && state != "retrying") return {};
    std::string note(holder(find_text(delivery, {"held_by"})));
    const std::optional<TimePoint> next = time_of(delivery, "next_attempt");
    if (next && *next > now)
        note += fmt::format("{}next in {}", note.empty() ? "" : ", ", human_duration(*next - now));
    return note;
}

std::string retry_text(const json::object& delivery, TimePoint now) {
    std::string line = fmt::format("{}  {}  to {}", text(delivery, "id"), text(delivery, "state"),
                                   recipient(delivery));
    const std::string note = delivery_note(delivery, now);
    const bool waits = !note.empty() && text(delivery, "state") != "dead";
    if (waits) line += "  waits: " + note;
    if (waits && text(delivery, "held_by") == "paused")
        line += "; resume it by: hookreel endpoint resume " + recipient(delivery);
    return line;
}

std::string untried_text(const json::object& delivery, const json::object& last_attempt,
                         Duration waited, TimePoint now) {
    const std::string note = delivery_note(delivery, now), error = text(last_attempt, "error");
    return fmt::format("it is still {} after {}{}{}{}{}", text(delivery, "state"),
                       human_duration(waited), note.empty() ? "" : ": ", note,
                       error.empty() ? "" : "\n  The last attempt at its endpoint: ", error);
}

std::vector<Row> delivery_facts(const json::object& delivery, const Terminal& terminal,
                                TimePoint now) {
    std::vector<Row> facts = {{"delivery", terminal.paint(Paint::bold, text(delivery, "id"))},
                              {"state", painted(delivery, "state", terminal)},
                              {"event", text(delivery, "event")},
                              {"type", text(delivery, "type")},
                              {"key", text_or_dash(delivery, "key")},
                              {"to", recipient(delivery)},
                              {"happened", shown_time(delivery, "time")},
                              {"attempts", std::to_string(number(delivery, "attempts"))},
                              {"next attempt", shown_time(delivery, "next_attempt")}};
    const std::string note = delivery_note(delivery, now);
    if (!note.empty()) facts.push_back({"note", note});
    return facts;
}

Row attempt_head() {
    return {"NUMBER", "AT", "TOOK", "OUTCOME", "STATUS", "ERROR"};
}

Row attempt_row(const json::object& attempt, const Terminal& terminal) {
    const std::int64_t status = number(attempt, "status");
    return {std::to_string(number(attempt, "number")),
            shown_time(attempt, "at"),
            human_duration(Duration(number(attempt, "duration_ms"))),
            painted(attempt, "outcome", terminal),
            status == 0 ? "-" : std::to_string(status),
            text(attempt, "error")};
}

std::vector<std::string> exchange_lines(const json::object& attempt) {
    std::vector<std::string> lines;
    for (const std::string_view name : {"request_head", "response_head", "response_body"}) {
        const std::string_view part = find_text(attempt, {name});
        if (part.empty()) continue;
        if (!lines.empty()) lines.emplace_back();
        add_lines(lines, part);
    }
    return lines;
}

std::vector<json::object> DeliveryWatch::news(std::vector<json::object> newest_first) {
    std::map<std::string, std::string> now;
    std::vector<json::object> changed;
    for (json::object& delivery : newest_first) {
        const std::string id(find_text(delivery, {"id"}));
        std::string about =
            fmt::format("{} {}", find_text(delivery, {"state"}), number(delivery, "attempts"));
        const auto before = seen_.find(id);
        const bool is_news = before == seen_.end() || before->second != about;
        now.emplace(id, std::move(about));
        if (is_news) changed.push_back(std::move(delivery));
    }
    seen_ = std::move(now);
    std::ranges::reverse(changed);
    return changed;
}

}  // namespace hookreel::app::client
