#include "api/resources/endpoint_json.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "api/resources/filter_json.h"
#include "base/text.h"
#include "http/client/client.h"
#include "http/url.h"
#include "model/headers.h"
#include "model/secrets.h"

namespace hookreel::api {
namespace {

double seconds(Duration duration) {
    return static_cast<double>(duration.count()) / 1000;
}

json::object schedule_json(const model::Schedule& schedule) {
    json::array delays;
    for (const Duration delay : schedule.delays)
        delays.push_back(number(seconds(delay)));
    json::object object;
    object["connect_timeout_seconds"] = number(seconds(schedule.connect_timeout));
    object["timeout_seconds"] = number(seconds(schedule.timeout));
    object["delays_seconds"] = std::move(delays);
    object["jitter_percent"] = schedule.jitter_percent;
    object["success"] = name(schedule.success);
    object["follows_answer"] = schedule.follows_answer == model::Switch::on;
    return object;
}

void read_schedule(const Fields& fields, model::Schedule& schedule) {
    schedule.connect_timeout =
        fields.seconds("connect_timeout_seconds").value_or(schedule.connect_timeout);
    schedule.timeout = fields.seconds("timeout_seconds").value_or(schedule.timeout);
    if (const json::array* delays = fields.array("delays_seconds")) {
        schedule.delays.clear();
        for (const json::value& delay : *delays)
            schedule.delays.push_back(
                Duration(static_cast<Duration::rep>(delay.to_number<double>() * 1000)));
    }
    schedule.jitter_percent =
        static_cast<int>(fields.integer_or("jitter_percent", schedule.jitter_percent));
    if (const auto success = fields.text("success"))
        schedule.success = parse_enum<model::Success>(*success).value();
    if (const auto follows = fields.boolean("follows_answer"))
        schedule.follows_answer = *follows ? model::Switch::on : model::Switch::off;
}

// Whether the rules can admit the address at all. A name is looked up when it is sent to.
Answer<void> check_url(const std::string& text, const http::AddressRules& rules) {
    const Result<http::Url> url = http::parse_url(text);
    if (!url) return refuse_field({"url", url.error().detail});
    boost::system::error_code error;
    auto address = boost::asio::ip::make_address(url->host, error);
    if (url->host == "localhost" || url->host.ends_with(".localhost"))
        address = boost::asio::ip::make_address("127.0.0.1", error);
    if (error || rules.permits(address)) return {};
    return refuse_field(
        {"url", fmt::format("leads to {}, where this server may not send to; start it with "
                            "--allow-address {} to allow that",
                            url->host, address.to_string())});
}

Answer<void> read_url(const Fields& fields, const Services& with, model::Endpoint& endpoint) {
    const std::optional<std::string> url = fields.text("url");
    if (!url) return {};
    if (Answer<void> fine = check_url(*url, with.settings.address_rules); !fine) return fine;
    endpoint.url = *url;
    return {};
}

Answer<void> read_dialect(const Fields& fields, const Services& with, model::Endpoint& endpoint) {
    const std::string wanted = fields.text_or("dialect", endpoint.dialect);
    const EndpointDialect* dialect =
        wanted.empty() ? &with.dialects.front() : find_dialect(with, wanted);
    if (!dialect) {
        std::string names;
        for (const EndpointDialect& one : with.dialects)
            names += (names.empty() ? "" : ", ") + one.name;
        return refuse_field({"dialect", "is none of this server's: " + names});
    }
    const bool is_new = endpoint.dialect.empty();
    endpoint.dialect = dialect->name;
    if (is_new || fields.is_null("schedule")) endpoint.schedule = dialect->schedule;
    if (const std::optional<Fields> schedule = fields.object("schedule"))
        read_schedule(*schedule, endpoint.schedule);
    return {};
}

Answer<void> read_headers(const Fields& fields, model::Endpoint& endpoint) {
    if (!fields.all().contains("headers")) return {};
    endpoint.headers.clear();
    const std::optional<Fields> headers = fields.object("headers");
    if (!headers) return {};
    for (const auto& [name, value] : headers->all()) {
        model::Header header{std::string(name), std::string(value.as_string())};
        if (const Result<void> fine = model::check_header(header); !fine)
            return refuse_field({"headers." + shown_name(header.name), fine.error().detail});
        const auto same = std::ranges::find_if(endpoint.headers, [&](const model::Header& other) {
            return equal_ignoring_case(other.name, header.name);
        });
        if (same != endpoint.headers.end())
            return refuse_field({"headers." + shown_name(header.name),
                                 fmt::format("is the same field as {}: names are compared without "
                                             "case",
                                             same->name)});
        endpoint.headers.push_back(std::move(header));
    }
    return {};
}

Answer<void> read_secrets(const Fields& fields, model::Endpoint& endpoint) {
    const json::array* given = fields.array("secrets");
    if (!given) return {};
    std::vector<model::Secret> secrets;
    for (std::size_t i = 0; i < given->size(); ++i) {
        const Fields one((*given)[i].as_object());
        model::Secret secret;
        secret.algorithm =
            parse_enum<model::Secret::Algorithm>(one.text_or("algorithm", "v1")).value();
        secret.value = one.text_or("secret", "");
        if (const auto key = model::signing_key(secret); !key)
            return refuse_field({fmt::format("secrets[{}].secret", i), key.error().detail});
        secrets.push_back(std::move(secret));
    }
    endpoint.secrets = std::move(secrets);
    return {};
}

Answer<void> read_tls(const Fields& fields, model::Endpoint& endpoint) {
    if (fields.is_null("tls")) endpoint.tls = {};
    const std::optional<Fields> tls = fields.object("tls");
    if (!tls) return {};
    endpoint.tls = {tls->text_or("authorities", ""), tls->text_or("certificate", ""),
                    tls->text_or("private_key", "")};
    const auto& [authorities, certificate, private_key] = endpoint.tls;
    if (certificate.empty() != private_key.empty())
        return refuse_field({"tls", "takes certificate and private_key together"});
    if (const Result<void> usable = http::check_tls({authorities, certificate, private_key});
        !usable)
        return refuse_field({"tls", usable.error().detail});
    return {};
}

constexpr std::string_view redacted_text = "***";

json::object headers_json(const model::Endpoint& endpoint, View view) {
    json::object headers;
    for (const model::Header& header : endpoint.headers)
        headers[header.name] = view == View::whole ? std::string_view(header.value) : redacted_text;
    return headers;
}

std::string redacted_url(const model::Endpoint& endpoint) {
    std::string url = shown_url(endpoint);
    if (url.size() < endpoint.url.size()) url.append("?").append(redacted_text);
    return url;
}

json::value tls_json(const model::EndpointTls& tls) {
    if (tls == model::EndpointTls()) return nullptr;
    return json::object{{"authorities", tls.authorities}, {"certificate", tls.certificate}};
}

}  // namespace

const EndpointDialect* find_dialect(const Services& with, std::string_view name) {
    const auto found = std::ranges::find(with.dialects, name, &EndpointDialect::name);
    return found == with.dialects.end() ? nullptr : &*found;
}

Answer<void> read_endpoint(const Fields& fields, const Services& with, model::Endpoint& endpoint) {
    if (Answer<void> fine = read_url(fields, with, endpoint); !fine) return fine;
    if (Answer<void> fine = read_dialect(fields, with, endpoint); !fine) return fine;
    if (Answer<void> fine = read_headers(fields, endpoint); !fine) return fine;
    if (Answer<void> fine = read_secrets(fields, endpoint); !fine) return fine;
    if (Answer<void> fine = check_filter(fields, with.catalogue); !fine) return fine;
    read_filter(fields, endpoint.filter);
    if (Answer<void> fine = read_tls(fields, endpoint); !fine) return fine;
    endpoint.origin = fields.text_or("origin", fields.is_null("origin") ? "" : endpoint.origin);
    endpoint.description = fields.text_or("description", endpoint.description);
    endpoint.order =
        parse_enum<model::Order>(fields.text_or("order", name(endpoint.order))).value();
    endpoint.guarantee =
        parse_enum<model::Guarantee>(fields.text_or("guarantee", name(endpoint.guarantee))).value();
    endpoint.in_flight_max =
        static_cast<int>(fields.integer_or("in_flight_max", endpoint.in_flight_max));
    endpoint.rate_per_second = fields.real("rate_per_second").value_or(endpoint.rate_per_second);
    if (fields.is_null("rate_per_second")) endpoint.rate_per_second = 0;
    return check_rate("rate_per_second", endpoint.rate_per_second);
}

View view_of(const Caller& caller) {
    return caller.scopes.has(Scope::endpoints_write) ? View::whole : View::redacted;
}

json::object endpoint_json(const model::Endpoint& endpoint, const model::Standing* standing,
                           View view) {
    using Breaker = model::Standing::Breaker;
    const Breaker breaker = standing ? standing->breaker : Breaker::closed;
    const TimePoint open_until = breaker == Breaker::open ? standing->until : never;
    json::object object;
    object["id"] = endpoint.id.text();
    object["application"] = endpoint.application.value();
    object["url"] = view == View::whole ? endpoint.url : redacted_url(endpoint);
    write_filter(endpoint.filter, object);
    object["dialect"] = endpoint.dialect;
    object["description"] = endpoint.description;
    object["order"] = name(endpoint.order);
    object["guarantee"] = name(endpoint.guarantee);
    object["in_flight_max"] = endpoint.in_flight_max;
    object["rate_per_second"] = number(endpoint.rate_per_second);
    object["schedule"] = schedule_json(endpoint.schedule);
    object["headers"] = headers_json(endpoint, view);
    object["tls"] = tls_json(endpoint.tls);
    object["origin"] =
        endpoint.origin.empty() ? json::value(nullptr) : json::value(endpoint.origin);
    object["state"] = name(endpoint.state);
    object["state_reason"] = endpoint.state_reason;
    object["failing_since"] = time_text(endpoint.failing_since);
    object["breaker"] = json::object{{"state", name(breaker)}, {"until", time_text(open_until)}};
    object["created"] = time_text(endpoint.created);
    object["updated"] = time_text(endpoint.updated);
    return object;
}

std::string shown_url(const model::Endpoint& endpoint) {
    return endpoint.url.substr(0, endpoint.url.find('?'));
}

std::string changed_members(const model::Endpoint& before, const model::Endpoint& after) {
    const json::object old = endpoint_json(before, nullptr, View::whole);
    const json::object now = endpoint_json(after, nullptr, View::whole);
    std::vector<std::string> names;
    for (const auto& [name, value] : now)
        if (name != "url" && name != "tls" && name != "updated" && old.at(name) != value)
            names.emplace_back(name);
    if (before.tls != after.tls) names.emplace_back("tls");
    if (before.secrets != after.secrets) names.emplace_back("secrets");
    if (before.url != after.url) names.push_back("url: " + shown_url(after));
    return fmt::format("{}", fmt::join(names, ", "));
}

std::string verification_key(const model::Secret& secret) {
    if (secret.algorithm == model::Secret::Algorithm::hmac_sha256) return secret.value;
    return model::public_key(secret).value_or("");
}

json::array secrets_json(const model::Endpoint& endpoint, TimePoint now) {
    json::array secrets;
    for (const model::Secret& secret : endpoint.secrets) {
        if (!model::is_live(secret, now)) continue;
        secrets.push_back(json::object{{"algorithm", name(secret.algorithm)},
                                       {"secret", secret.value},
                                       {"verification_key", verification_key(secret)},
                                       {"expires", time_text(secret.expires)}});
    }
    return secrets;
}

Answer<void> check_sent_to(const model::Endpoint& endpoint) {
    if (endpoint.state == model::EndpointState::enabled) return {};
    const std::string& reason = endpoint.state_reason;
    return refuse(409, "conflict",
                  fmt::format("The endpoint {} is {}{}; resume it first.", endpoint.id.text(),
                              name(endpoint.state),
                              reason.empty() ? std::string() : fmt::format(" ({})", reason)));
}

Answer<void> check_enabled(const model::Endpoint& endpoint) {
    if (endpoint.state != model::EndpointState::disabled) return {};
    return check_sent_to(endpoint);
}

Answer<store::Endpoints::Pointer> meant_endpoint(const Call& call) {
    store::Endpoints::Pointer found = call.with.endpoints.find(model::EndpointId(call.id()));
    const bool elsewhere =
        found && call.parameters().has("application") && found->application != call.application;
    if (!found || elsewhere || !call.caller.may_touch(found->application))
        return not_found("endpoint");
    return found;
}

}  // namespace hookreel::api
