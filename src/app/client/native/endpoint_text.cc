#include "app/client/native/endpoint_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "app/client/screen/json_text.h"

namespace hookreel::app::client {
namespace {

std::string text(const json::object& object, std::initializer_list<std::string_view> path) {
    return printable(find_text(object, path));
}

// Empty for what says nothing: null, "", [], {}.
std::string shown(const json::value* value) {
    if (!value || value->is_null()) return {};
    if (const json::string* string = value->if_string()) return printable(*string);
    if (const json::array* array = value->if_array()) {
        std::string all;
        for (const json::value& one : *array)
            all += (all.empty() ? "" : ", ") + shown(&one);
        return all;
    }
    if (const json::object* object = value->if_object(); object && object->empty()) return {};
    return compact(*value);
}

Paint paint_of(std::string_view state) {
    if (state == "enabled") return Paint::green;
    if (state == "disabled") return Paint::red;
    return state == "paused" ? Paint::yellow : Paint::plain;
}

std::string state(const json::object& endpoint, const Terminal& terminal) {
    const std::string state = text(endpoint, {"state"});
    return terminal.paint(paint_of(state), state);
}

std::string types(const json::object& endpoint) {
    std::string all = shown(find(endpoint, {"types"}));
    return all.empty() ? "*" : all;
}

// "open, until 2026-03-02 08:10:22"; empty when it is closed.
std::string breaker(const json::object& endpoint) {
    const std::string state = text(endpoint, {"breaker", "state"});
    if (state.empty() || state == "closed") return {};
    const Result<TimePoint> until = parse_time(find_text(endpoint, {"breaker", "until"}));
    return until ? fmt::format("{}, until {}", state, moment_text(*until)) : state;
}

std::string rate(const json::object& endpoint) {
    const std::string rate = shown(find(endpoint, {"rate_per_second"}));
    return rate.empty() || rate == "0" ? std::string() : rate + " a second";
}

// "90 s", "5 min", "2 h", "1 d": in the largest unit of which it is a whole number.
std::string span_text(double seconds) {
    const auto ms = std::llround(seconds * 1000);
    constexpr std::array<std::pair<long long, const char*>, 3> units = {
        {{86'400'000, "d"}, {3'600'000, "h"}, {60'000, "min"}}};
    for (const auto& [unit, name] : units)
        if (ms > 0 && ms % unit == 0) return fmt::format("{} {}", ms / unit, name);
    return fmt::format("{:g} s", static_cast<double>(ms) / 1000);
}

std::string member_span(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value && value->is_number() ? span_text(value->to_number<double>()) : std::string();
}

// "5 s, 5 min, 30 min (4 attempts), ±10 %".
std::string delays(const json::object& schedule) {
    const json::value* given = schedule.if_contains("delays_seconds");
    if (!given || !given->is_array()) return {};
    std::string all;
    for (const json::value& delay : given->get_array())
        if (delay.is_number())
            all += (all.empty() ? "" : ", ") + span_text(delay.to_number<double>());
    if (all.empty()) return "a single attempt";
    const double jitter = find_number(schedule, {"jitter_percent"});
    return fmt::format("{} ({} attempts){}", all, given->get_array().size() + 1,
                       jitter > 0 ? fmt::format(", ±{:g} %", jitter) : "");
}

// "connect 5 s, answer 20 s".
std::string time_limits(const json::object& schedule) {
    std::string all;
    for (const auto& [name, of] :
         {std::pair("connect_timeout_seconds", "connect"), std::pair("timeout_seconds", "answer")})
        if (const std::string span = member_span(schedule, name); !span.empty())
            all += fmt::format("{}{} {}", all.empty() ? "" : ", ", of, span);
    return all;
}

// "any 2xx", and whether the answer's own words count.
std::string taken_by(const json::object& schedule) {
    std::string success = text(schedule, {"success"});
    std::ranges::replace(success, '_', ' ');
    const json::value* follows = schedule.if_contains("follows_answer");
    if (success.empty() || !follows || !follows->is_bool()) return success;
    return success + (follows->get_bool() ? ", Retry-After and 410 are followed"
                                          : ", Retry-After and 410 are not followed");
}

}  // namespace

Row endpoint_head() {
    return {"ID", "STATE", "URL", "TYPES", "DIALECT", "DESCRIPTION"};
}

Row endpoint_row(const json::object& endpoint, const Terminal& terminal) {
    return {text(endpoint, {"id"}), state(endpoint, terminal),   text(endpoint, {"url"}),
            types(endpoint),        text(endpoint, {"dialect"}), text(endpoint, {"description"})};
}

std::vector<Row> endpoint_facts(const json::object& endpoint, const json::object& statistics,
                                const Terminal& terminal) {
    std::vector<Row> facts;
    const auto add = [&](const char* name, std::string value) {
        if (!value.empty()) facts.push_back({name, std::move(value)});
    };
    const auto member = [&](const char* name) { return shown(find(endpoint, {name})); };
    const auto moment = [&](const json::object& object, const char* name) {
        return time_of(object, name) ? shown_time(object, name) : std::string();
    };
    add("endpoint", terminal.paint(Paint::bold, text(endpoint, {"id"})));
    add("state", state(endpoint, terminal));
    add("because", member("state_reason"));
    add("breaker", breaker(endpoint));
    add("failing since", moment(endpoint, "failing_since"));
    for (const char* name : {"waiting", "sending", "dead"})
        add(name, shown(find(statistics, {name})));
    add("oldest waiting", moment(statistics, "oldest"));
    add("URL", member("url"));
    add("types", types(endpoint));
    add("keys", member("keys"));
    add("data", member("data"));
    for (const char* name : {"dialect", "order", "guarantee"})
        add(name, member(name));
    add("in flight", member("in_flight_max"));
    add("rate", rate(endpoint));
    const json::object* schedule = find_object(endpoint, {"schedule"});
    add("schedule", schedule ? delays(*schedule) : "");
    add("time limits", schedule ? time_limits(*schedule) : "");
    add("success", schedule ? taken_by(*schedule) : "");
    for (const char* name : {"headers", "origin", "description"})
        add(name, member(name));
    const json::value* tls = find(endpoint, {"tls"});
    if (tls && tls->is_object()) add("TLS", "of its own");
    add("created", moment(endpoint, "created"));
    add("changed", moment(endpoint, "updated"));
    return facts;
}

Row secret_head() {
    return {"ALGORITHM", "A RECEIVER VERIFIES WITH", "UNTIL"};
}

Row secret_row(const json::object& secret) {
    return {text(secret, {"algorithm"}), text(secret, {"verification_key"}),
            time_of(secret, "expires") ? shown_time(secret, "expires") : "for good"};
}

}  // namespace hookreel::app::client
