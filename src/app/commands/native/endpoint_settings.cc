#include "app/commands/native/endpoint_settings.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <sstream>

#include "app/commands/frame/moment.h"
#include "base/text.h"

namespace hookreel::app::commands {
namespace {

json::array texts(const std::vector<std::string>& all) {
    json::array array;
    for (const std::string& one : all)
        array.push_back(json::string(one));
    return array;
}

// A value as JSON where it is a scalar of it, else the text itself: 7, true, null, mp4, "7".
json::value scalar(std::string_view text) {
    Result<json::value> parsed = parse_json(text);
    if (parsed && !parsed->is_object() && !parsed->is_array()) return std::move(*parsed);
    return json::string(text);
}

// The values of one member add up; all members must hold.
Result<json::object> field_filter(const std::vector<std::string>& where) {
    json::object filter;
    for (const std::string& one : where) {
        const std::size_t equals = one.find('=');
        if (equals == std::string::npos || equals == 0)
            return fail(Code::invalid, fmt::format("--where takes FIELD=VALUE, such as "
                                                   "asset.type=mp4, not \"{}\"",
                                                   one));
        json::value& values = filter[one.substr(0, equals)];
        if (!values.is_array()) values = json::array();
        values.get_array().push_back(scalar(std::string_view(one).substr(equals + 1)));
    }
    return filter;
}

Result<json::object> header_fields(const std::vector<std::string>& headers) {
    json::object fields;
    for (const std::string& one : headers) {
        const std::size_t colon = one.find(':');
        if (colon == std::string::npos || colon == 0)
            return fail(Code::invalid,
                        fmt::format("--header takes \"Name: value\", not \"{}\"", one));
        fields[one.substr(0, colon)] = trim(std::string_view(one).substr(colon + 1));
    }
    return fields;
}

Result<double> seconds(std::string_view flag, std::string_view text) {
    const Result<Duration> span = read_span(text);
    if (!span) return fail(Code::invalid, fmt::format("{}: {}", flag, span.error().detail));
    return std::chrono::duration<double>(*span).count();
}

Result<json::array> delays(std::string_view text) {
    json::array all;
    if (text == "none") return all;
    for (;;) {
        const std::size_t comma = text.find(',');
        const Result<double> delay = seconds("--schedule", trim(text.substr(0, comma)));
        if (!delay) return fail(delay.error());
        all.push_back(*delay);
        if (comma == std::string_view::npos) return all;
        text.remove_prefix(comma + 1);
    }
}

Result<json::object> schedule(const EndpointSettings& settings) {
    json::object schedule;
    if (settings.delays) {
        Result<json::array> all = delays(*settings.delays);
        if (!all) return fail(std::move(all.error()));
        schedule["delays_seconds"] = std::move(*all);
    }
    if (settings.timeout) {
        const Result<double> timeout = seconds("--timeout", *settings.timeout);
        if (!timeout) return fail(timeout.error());
        schedule["timeout_seconds"] = *timeout;
    }
    if (settings.connect_timeout) {
        const Result<double> timeout = seconds("--connect-timeout", *settings.connect_timeout);
        if (!timeout) return fail(timeout.error());
        schedule["connect_timeout_seconds"] = *timeout;
    }
    if (settings.success) schedule["success"] = *settings.success;
    if (settings.jitter_percent) schedule["jitter_percent"] = *settings.jitter_percent;
    return schedule;
}

Result<json::object> tls(const EndpointSettings& settings) {
    json::object tls;
    for (const auto& [name, path] : {std::pair("authorities", &settings.authorities),
                                     std::pair("certificate", &settings.certificate),
                                     std::pair("private_key", &settings.private_key)}) {
        if (path->empty()) continue;
        std::ifstream file(*path);
        if (!file) return fail(Code::not_found, fmt::format("cannot read {}", *path));
        std::stringstream text;
        text << file.rdbuf();
        tls[name] = text.str();
    }
    return tls;
}

void add_which(CLI::App& command, EndpointSettings& settings) {
    constexpr const char* group = "Which events";
    const auto add = [&](const char* name, std::vector<std::string>& into, const char* help) {
        return command.add_option(name, into, help)
            ->allow_extra_args(false)
            ->take_all()
            ->group(group);
    };
    add("--type", settings.types, "Of this type, or of a pattern such as media.*; repeat for more")
        ->type_name("TYPE");
    add("--key", settings.keys, "With this key; repeat for more")->type_name("KEY");
    add("--where", settings.where,
        "Whose data has this value; repeat for other values and other members")
        ->type_name("FIELD=VALUE");
}

void add_how(CLI::App& command, EndpointSettings& settings) {
    constexpr const char* group = "How they are sent";
    const auto add = [&](const char* name, auto& into, const char* help, const char* type) {
        return command.add_option(name, into, help)->type_name(type)->group(group);
    };
    add("--dialect", settings.dialect,
        "standard, cloudevents_structured, cloudevents_binary or cloudevents_batched", "NAME");
    add("--schedule", settings.delays,
        "The pause before the second, third … send: 5s,5m,1h; none for a single one", "SPANS");
    add("--timeout", settings.timeout, "For a whole answer", "SPAN");
    add("--connect-timeout", settings.connect_timeout, "For look-up, connection and TLS", "SPAN");
    add("--jitter", settings.jitter_percent, "How much pauses vary by chance", "PERCENT");
    add("--success", settings.success, "Which answers count as taken", "RULE")
        ->check(CLI::IsMember({"any_answer", "exactly_200", "any_2xx"}));
    add("--guarantee", settings.guarantee, "How often an event may be sent", "RULE")
        ->check(CLI::IsMember({"at_least_once", "at_most_once"}));
    add("--in-flight-max", settings.in_flight_max, "So many at a time", "N");
    add("--rate", settings.rate_per_second, "So many a second; 0: as fast as it goes", "N");
    add("--header", settings.headers, "A field of each request; repeat for more", "'NAME: VALUE'")
        ->allow_extra_args(false)
        ->take_all();
    add("--origin", settings.origin,
        "Our DNS name; with it the receiver is asked by OPTIONS whether it wants to be called",
        "NAME");
    add("--tls-authorities", settings.authorities, "PEM; trusted besides the server's", "FILE");
    add("--tls-certificate", settings.certificate, "PEM; the server's own as a client", "FILE");
    add("--tls-key", settings.private_key, "PEM; what belongs to it", "FILE");
    add("--description", settings.description, "For people", "TEXT");
}

}  // namespace

void add_settings_flags(CLI::App& command, EndpointSettings& settings) {
    add_which(command, settings);
    add_how(command, settings);
}

Result<json::object> settings_body(const EndpointSettings& settings) {
    json::object body;
    if (!settings.types.empty()) body["types"] = texts(settings.types);
    if (!settings.keys.empty()) body["keys"] = texts(settings.keys);
    for (const auto& [name, value] :
         {std::pair("dialect", &settings.dialect), std::pair("description", &settings.description),
          std::pair("guarantee", &settings.guarantee), std::pair("origin", &settings.origin)})
        if (*value) body[name] = **value;
    if (settings.in_flight_max) body["in_flight_max"] = *settings.in_flight_max;
    if (settings.rate_per_second) body["rate_per_second"] = *settings.rate_per_second;
    Result<json::object> filter = field_filter(settings.where);
    Result<json::object> fields = header_fields(settings.headers);
    Result<json::object> pauses = schedule(settings);
    Result<json::object> trust = tls(settings);
    for (const auto& [name, part] : {std::pair("data", &filter), std::pair("headers", &fields),
                                     std::pair("schedule", &pauses), std::pair("tls", &trust)}) {
        if (!*part) return fail(part->error());
        if (!(*part)->empty()) body[name] = std::move(**part);
    }
    return body;
}

}  // namespace hookreel::app::commands
