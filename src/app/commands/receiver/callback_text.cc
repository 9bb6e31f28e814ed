#include "app/commands/receiver/callback_text.h"

#include <fmt/format.h>

#include "app/client/vod/event_text.h"
#include "base/digest.h"
#include "base/text.h"
#include "dialect/tencent_vod/protocol/json_text.h"

namespace hookreel::app::commands {
namespace {

using client::Callback;
using client::Dialect;
using client::Forwarded;
using client::Paint;
using client::Signature;
using client::Terminal;

// What is shown of a body that is no JSON.
constexpr std::size_t shown_bytes_max = 2000;

// "signature good (v1)", "signature wrong: …", "signature not checked: …".
std::string signature_text(const client::Verdict& verdict, const Terminal& terminal) {
    const std::string detail = client::printable(verdict.detail);
    if (verdict.signature == Signature::unchecked)
        return terminal.paint(Paint::dim, "signature not checked: " + detail);
    if (verdict.signature == Signature::good)
        return terminal.paint(Paint::green, fmt::format("signature good ({})", detail));
    return terminal.paint(Paint::red,
                          fmt::format("signature {}: {}", client::name(verdict.signature), detail));
}

std::string one_line(const client::ToldEvent& event) {
    std::string line = event.type.empty() ? "(no type)" : client::printable(event.type);
    if (!event.id.empty()) line += "  " + client::printable(event.id);
    if (!event.about.empty()) line += "  " + json::serialize(json::value(event.about));
    return line;
}

void print_events(const Callback& callback, Terminal& terminal) {
    const client::Reading& reading = callback.reading;
    if (reading.dialect == Dialect::tencent_vod) {
        for (const std::string& line : client::event_lines(reading.json->get_object(), terminal))
            terminal.line(line);
        return;
    }
    for (const client::ToldEvent& event : reading.events)
        terminal.line(terminal.paint(Paint::bold, one_line(event)));
    if (!reading.trouble.empty())
        terminal.line(terminal.paint(Paint::red, client::printable(reading.trouble)));
}

json::array told_events(const client::Reading& reading) {
    json::array all;
    for (const client::ToldEvent& event : reading.events) {
        json::object one = {{"type", event.type}};
        if (!event.id.empty()) one["id"] = event.id;
        if (!event.about.empty()) one["about"] = event.about;
        all.push_back(std::move(one));
    }
    return all;
}

// Names in lower case; values of one name with ", " between.
json::object field_object(const http::Headers& headers) {
    json::object fields;
    for (const auto& [name, value] : headers) {
        json::value& kept = fields[to_lower(name)];
        const std::string text = is_utf8(value) ? value : "(not UTF-8)";
        kept = kept.is_string() ? std::string(kept.get_string()) + ", " + text : text;
    }
    return fields;
}

json::object forwarded_object(const Forwarded& forwarded) {
    json::object object = {{"status", forwarded.response.status},
                           {"duration_ms", forwarded.took.count()}};
    if (!forwarded.trouble.empty()) object["error"] = forwarded.trouble;
    return object;
}

}  // namespace

void print_callback(const Callback& callback, Terminal& terminal) {
    terminal.line("");
    const std::string head = fmt::format("{}  callback {}  {}  ", client::clock_text(callback.at),
                                         callback.number, client::name(callback.reading.dialect));
    terminal.line(terminal.paint(Paint::dim, head) + signature_text(callback.verdict, terminal));
    print_events(callback, terminal);
    if (callback.reading.json)
        terminal.line(client::pretty(*callback.reading.json, terminal));
    else if (is_utf8(callback.body))
        terminal.line(json::serialize(json::value(callback.body.substr(0, shown_bytes_max))));
}

void print_forwarded(const Callback& callback, const Forwarded& forwarded, ForwardedTo to) {
    const std::string head = fmt::format("callback {} → {}: ", callback.number, to.target);
    const int status = forwarded.response.status;
    if (!forwarded.trouble.empty()) {
        to.terminal.line(to.terminal.paint(
            Paint::red, fmt::format("{}{}; answered {}", head, forwarded.trouble, status)));
        return;
    }
    const std::string answer =
        fmt::format("{} in {}", status, client::human_duration(forwarded.took));
    to.terminal.line(head + to.terminal.paint(status < 300 ? Paint::green : Paint::red, answer));
}

std::string callback_line(const Callback& callback, const Forwarded* forwarded) {
    json::object line = {{"number", callback.number},
                         {"received_at", rfc3339(callback.at)},
                         {"method", callback.head.method},
                         {"target", is_utf8(callback.head.target) ? callback.head.target : ""},
                         {"dialect", client::name(callback.reading.dialect)},
                         {"signature", client::name(callback.verdict.signature)},
                         {"signature_detail", callback.verdict.detail},
                         {"headers", field_object(callback.head.headers)},
                         {"events", told_events(callback.reading)}};
    if (!callback.reading.trouble.empty()) line["trouble"] = callback.reading.trouble;
    if (callback.reading.json)
        line["event"] = *callback.reading.json;
    else if (is_utf8(callback.body))
        line["body"] = callback.body;
    else
        line["body_base64"] = base64(callback.body);
    if (forwarded) line["forwarded"] = forwarded_object(*forwarded);
    return dialect::tencent_vod::write_json(line);
}

}  // namespace hookreel::app::commands
