#include "app/config.h"

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <ranges>

#include "base/text.h"
#include "http/client/address_rules.h"
#include "http/url.h"
#include "model/external.h"
#include "model/media_link.h"
#include "model/secrets.h"

namespace hookreel::app {
namespace {

Result<void> read_text(std::string& into, std::string_view text) {
    into = text;
    return {};
}

Result<void> read_listen(Config& config, std::string_view text) {
    const std::size_t colon = text.rfind(':');
    const Result<std::uint64_t> port = colon == std::string_view::npos
                                           ? fail(Code::invalid, "")
                                           : parse_unsigned(text.substr(colon + 1));
    std::string_view host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    if (!port || *port > 65535 || host.empty())
        return fail(Code::invalid, "takes HOST:PORT, such as 127.0.0.1:8080 or [::1]:0");
    config.host = host;
    config.port = static_cast<std::uint16_t>(*port);
    return {};
}

Result<void> read_allowed_address(Config& config, std::string_view text) {
    http::AddressRules rules;
    if (Result<void> fine = rules.allow(text); !fine) return fine;
    config.allowed_addresses.emplace_back(text);
    return {};
}

Result<void> read_public_url(Config& config, std::string_view text) {
    const Result<http::Url> url = http::parse_url(text);
    if (!url) return fail(url.error());
    config.public_url = text;
    while (config.public_url.ends_with('/'))
        config.public_url.pop_back();
    return {};
}

Result<void> read_media_key(Config& config, std::string_view text) {
    if (Result<void> fine = model::check_link_key(text); !fine) return fine;
    config.media_key = text;
    return {};
}

Result<void> read_otlp_endpoint(Config& config, std::string_view text) {
    Result<http::Url> url = http::parse_url(text);
    if (!url) return fail(std::move(url.error()));
    config.otlp_endpoint = std::move(*url);
    return {};
}

Result<void> read_otlp_header(Config& config, std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || trim(text.substr(0, colon)).empty())
        return fail(Code::invalid, "takes NAME: VALUE");
    config.otlp_headers.emplace_back(trim(text.substr(0, colon)), trim(text.substr(colon + 1)));
    return {};
}

Result<void> read_egress_proxy(Config& config, std::string_view text) {
    Result<http::Proxy> proxy = http::parse_proxy(text);
    if (!proxy) return fail(std::move(proxy.error()));
    config.egress_proxy = std::move(*proxy);
    return {};
}

// Reads a whole number from `least` to `most` into an int.
template <int Config::* member, int most, unsigned least = 0>
Result<void> read_count(Config& config, std::string_view text) {
    const Result<std::uint64_t> number = parse_unsigned(text);
    if (!number || *number < least || *number > most)
        return fail(Code::invalid, fmt::format("takes {} to {}", least, most));
    config.*member = static_cast<int>(*number);
    return {};
}

template <std::string Config::* member>
Result<void> read_string(Config& config, std::string_view text) {
    return read_text(config.*member, text);
}

// A Bearer token is visible ASCII without blanks (RFC 6750, section 2.1).
Result<void> read_api_token(Config& config, std::string_view text) {
    const auto fits = [](char c) { return c > ' ' && c < 0x7f; };
    if (text.empty() || text.size() > 256 || !std::ranges::all_of(text, fits))
        return fail(Code::invalid, "takes 1 to 256 visible characters without blanks");
    config.api_token = text;
    return {};
}

Result<void> read_external_service(Config& config, std::string_view text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos)
        return fail(Code::invalid, "takes KIND=URL, such as *=http://127.0.0.1:9100/work");
    const std::string_view kind = text.substr(0, equals);
    const bool is_known = model::find_external_kind(kind) || model::is_external_part(kind);
    if (kind != "*" && !is_known) {
        std::string kinds;
        for (const model::ExternalKind& known : model::external_kinds)
            kinds += fmt::format(", {}", known.name);
        for (const std::string_view known : model::external_parts)
            kinds += fmt::format(", {}", known);
        return fail(Code::invalid, "there is no such kind; there are *" + kinds);
    }
    if (Result<http::Url> url = http::parse_url(text.substr(equals + 1)); !url)
        return fail(std::move(url.error()));
    config.external_services.insert_or_assign(std::string(kind),
                                              std::string(text.substr(equals + 1)));
    return {};
}

Result<void> read_external_secret(Config& config, std::string_view text) {
    const Result<std::string> key = model::signing_key({.value = std::string(text)});
    if (!key) return fail(key.error());
    config.external_secret = text;
    return {};
}

constexpr std::uint64_t mib_max = 1ull << 40;

Result<void> read_reserve(Config& config, std::string_view text) {
    const Result<std::uint64_t> number = parse_unsigned(text);
    if (!number || *number > mib_max) return fail(Code::invalid, "takes a number of MiB");
    config.disk_reserve_mib = *number;
    return {};
}

Result<void> read_quota(Config& config, std::string_view text) {
    const Result<std::uint64_t> number = parse_unsigned(text);
    if (!number || *number > mib_max)
        return fail(Code::invalid, "takes a number of MiB, or 0 for no limit");
    config.application_quota_mib = *number;
    return {};
}

Result<void> read_upload_max(Config& config, std::string_view text) {
    const Result<std::uint64_t> number = parse_unsigned(text);
    if (!number || *number == 0 || *number > mib_max)
        return fail(Code::invalid, "takes a number of MiB, at least 1");
    config.upload_max_mib = *number;
    return {};
}

// A number with its unit: 90s, 30m, 12h, 5d; 0, which stands for never, needs none.
template <Duration Config::* member>
Result<void> read_time(Config& config, std::string_view text) {
    constexpr std::string_view units = "smhd";
    constexpr std::array<Duration, 4> lengths = {std::chrono::seconds(1), std::chrono::minutes(1),
                                                 std::chrono::hours(1), std::chrono::days(1)};
    const std::size_t unit = text.empty() ? std::string_view::npos : units.find(text.back());
    const bool has_unit = unit != std::string_view::npos;
    const Result<std::uint64_t> number =
        parse_unsigned(has_unit ? text.substr(0, text.size() - 1) : text);
    if (!number || *number > 1'000'000 || (!has_unit && *number != 0))
        return fail(Code::invalid, "takes a time such as 90s, 30m, 12h or 5d, or 0 for never");
    config.*member = has_unit ? lengths[unit] * static_cast<int>(*number) : Duration(0);
    return {};
}

Result<void> read_link_life(Config& config, std::string_view text) {
    Result<void> read = read_time<&Config::media_link_life>(config, text);
    if (read && config.media_link_life == Duration(0))
        return fail(Code::invalid, "takes a time such as 12h or 5d");
    return read;
}

template <bool Config::* member>
Result<void> read_choice(Config& config, std::string_view text) {
    const bool is_yes = equal_ignoring_case(text, "yes");
    if (!is_yes && !equal_ignoring_case(text, "no")) return fail(Code::invalid, "takes yes or no");
    config.*member = is_yes;
    return {};
}

Result<void> read_log_level(Config& config, std::string_view text) {
    constexpr std::array<std::string_view, 4> levels = {"debug", "info", "warning", "error"};
    for (std::size_t i = 0; i < levels.size(); ++i)
        if (levels[i] == text) return config.log_level = static_cast<Level>(i), Result<void>{};
    return fail(Code::invalid, "takes debug, info, warning or error");
}

using enum Setting::Count;
constexpr std::array<Setting, 31> all_settings = {{
    {"data-dir", "DIR", "where everything is kept (default ./data)", once,
     read_string<&Config::data_dir>},
    {"listen", "HOST:PORT", "where to serve (default 127.0.0.1:8080; port 0: any free one)", once,
     read_listen},
    {"secret-id", "ID", "key id of the default application (default: made at first start)", once,
     read_string<&Config::secret_id>},
    {"secret-key", "KEY", "secret key that belongs to --secret-id", once,
     read_string<&Config::secret_key>},
    {"api-token", "TOKEN", "owner token of the native API under /api/v1 (default: none)", once,
     read_api_token},
    {"api-rate", "N", "requests a second of one API token (default 0: no limit)", once,
     read_count<&Config::api_rate, 1'000'000>},
    {"allow-address", "CIDR", "admit callback addresses that the rules refuse, such as 127.0.0.0/8",
     listed, read_allowed_address},
    {"public-url", "URL", "base of media links in events (default: the listening address)", once,
     read_public_url},
    {"media-key", "KEY", "give media only to signed links; 8 to 20 letters and digits", once,
     read_media_key},
    {"media-link-life", "TIME", "how long links to media in answers and events last (default 7d)",
     once, read_link_life},
    {"tls-certificate", "FILE", "serve https with this PEM certificate chain", once,
     read_string<&Config::tls_certificate>},
    {"tls-private-key", "FILE", "the key of --tls-certificate", once,
     read_string<&Config::tls_private_key>},
    {"ca-file", "FILE", "extra certificate authorities for outgoing https, PEM", once,
     read_string<&Config::ca_file>},
    {"egress-proxy", "URL",
     "send callbacks through this http proxy: http://[USER:PASSWORD@]HOST:PORT", once,
     read_egress_proxy},
    {"threads", "N", "event loops (default 0: one per core)", once,
     read_count<&Config::threads, 256>},
    {"jobs", "N", "media jobs at a time (default 0: half of the cores)", once,
     read_count<&Config::jobs, 256>},
    {"pulls-at-once", "N", "files that PullUpload fetches at a time (default 4)", once,
     read_count<&Config::pulls_at_once, 256, 1>},
    {"disk-reserve", "MIB", "refuse uploads when less disk is free (default 512)", once,
     read_reserve},
    {"application-quota", "MIB",
     "refuse more files of an application whose files take so much (default 0: no limit)", once,
     read_quota},
    {"upload-max", "MIB", "refuse uploads of a file that is larger (default 51200000)", once,
     read_upload_max},
    {"disable-after", "TIME", "disable an endpoint that fails for so long (default 5d; 0: never)",
     once, read_time<&Config::disable_after>},
    {"external-service", "KIND=URL",
     "who does work of a kind that this server does not, such as analyze_content; * for all",
     listed, read_external_service},
    {"external-secret", "SECRET", "signs what external services are asked: whsec_...", once,
     read_external_secret},
    {"external-time-limit", "TIME", "how long one external task may take (default 1h)", once,
     read_time<&Config::external_time_limit>},
    {"event-retention", "TIME",
     "keep events for replay and search for so long (default 7d; 0: for ever)", once,
     read_time<&Config::event_retention>},
    {"attempt-retention", "TIME",
     "keep attempts and dead letters so long (default 14d; 0: for ever)", once,
     read_time<&Config::attempt_retention>},
    {"otlp-endpoint", "URL",
     "send traces to this OpenTelemetry collector, as http://127.0.0.1:4318 (default: none)", once,
     read_otlp_endpoint},
    {"otlp-header", "NAME:VALUE", "a header for the collector, such as an API key", repeatable,
     read_otlp_header},
    {"vod-strict", "YES|NO",
     "refuse parameters of the VOD API that are not in the interface (default no)", once,
     read_choice<&Config::vod_strict>},
    {"vod-rates", "YES|NO",
     "limit calls of the VOD API as the platform does, to try a client out (default no)", once,
     read_choice<&Config::vod_rates>},
    {"log-level", "LEVEL", "debug, info, warning or error (default info)", once, read_log_level},
}};

std::string respelled(std::string_view setting, char dash) {
    std::string out(setting);
    std::ranges::replace(out, '-', dash);
    return out;
}

// Without the user and password of a URL, which are not for terminals and logs.
std::string shown(std::string_view text) {
    const std::size_t begin = text.find("://");
    const std::size_t end = text.rfind('@');
    if (begin == std::string_view::npos || end == std::string_view::npos || end < begin)
        return std::string(text);
    return fmt::format("{}...{}", text.substr(0, begin + 3), text.substr(end));
}

Result<void> read_at(const Setting& setting, Config& config, std::string_view text,
                     std::string_view place) {
    Result<void> read = setting.read(config, text);
    if (!read)
        return fail(Code::invalid,
                    fmt::format("{}: \"{}\": {}", place, shown(text), read.error().detail));
    return {};
}

// The values of one TOML node as text: a string, number or array of such.
std::optional<std::vector<std::string>> values_of(const toml::node& node) {
    if (const auto* text = node.as_string()) return std::vector{text->get()};
    if (const auto* number = node.as_integer()) return std::vector{fmt::to_string(number->get())};
    const auto* array = node.as_array();
    if (!array) return std::nullopt;
    std::vector<std::string> all;
    for (const toml::node& element : *array) {
        const auto* text = element.as_string();
        if (!text) return std::nullopt;
        all.push_back(text->get());
    }
    return all;
}

Result<void> read_toml(Config& config, const ConfigFile& file) {
    const toml::parse_result parsed = toml::parse(file.text);
    if (!parsed)
        return fail(Code::invalid,
                    fmt::format("{}:{}: {}", file.path, parsed.error().source().begin.line,
                                parsed.error().description()));
    for (const auto& [key, node] : parsed.table()) {
        const std::string place =
            fmt::format("{}:{}: {}", file.path, key.source().begin.line, key.str());
        const auto setting = std::ranges::find_if(
            all_settings, [&](const Setting& s) { return s.toml_key() == key.str(); });
        if (setting == all_settings.end()) return fail(Code::invalid, place + ": unknown setting");
        const auto values = values_of(node);
        if (!values || (setting->count == Setting::Count::once && values->size() != 1))
            return fail(Code::invalid, fmt::format("{}: takes {}", place, setting->value));
        for (const std::string& value : *values)
            if (Result<void> fine = read_at(*setting, config, value, place); !fine) return fine;
    }
    return {};
}

std::vector<std::string> between_commas(std::string_view text) {
    std::vector<std::string> values;
    for (const auto part : std::views::split(text, ','))
        if (const std::string_view value = trim(std::string_view(part)); !value.empty())
            values.emplace_back(value);
    return values;
}

}  // namespace

std::string Setting::flag() const {
    return "--" + std::string(name);
}
std::string Setting::environment() const {
    std::string out = "HOOKREEL_" + respelled(name, '_');
    for (char& c : out)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return out;
}
std::string Setting::toml_key() const {
    return respelled(name, '_');
}

bool has_unusable_links(const Config& config) {
    return config.public_url.empty() && (config.host == "0.0.0.0" || config.host == "::");
}

std::span<const Setting> settings() {
    return all_settings;
}

Result<Config> read_config(const Flags& flags, const Environment& environment,
                           const std::optional<ConfigFile>& file) {
    Config config;
    if (file)
        if (Result<void> fine = read_toml(config, *file); !fine) return fail(fine.error());
    for (const Setting& setting : all_settings) {
        std::vector<std::string> values;
        std::string place = setting.flag();
        if (const auto given = flags.find(setting.name);
            given != flags.end() && !given->second.empty()) {
            values = given->second;
        } else if (const auto text = environment(setting.environment())) {
            place = setting.environment();
            values = setting.count == Setting::Count::listed ? between_commas(*text)
                                                             : std::vector{*text};
        }
        if (values.empty()) continue;
        if (values.size() > 1 && setting.count == Setting::Count::once)
            return fail(Code::invalid, fmt::format("{} is given {} times, but takes one {}", place,
                                                   values.size(), setting.value));
        if (setting.name == "allow-address") config.allowed_addresses.clear();
        if (setting.name == "otlp-header") config.otlp_headers.clear();
        if (setting.name == "external-service") config.external_services.clear();
        for (const std::string& value : values)
            if (Result<void> fine = read_at(setting, config, value, place); !fine)
                return fail(fine.error());
    }
    if (config.secret_id.empty() != config.secret_key.empty())
        return fail(Code::invalid,
                    "--secret-id and --secret-key go together: give both or neither");
    if (config.tls_certificate.empty() != config.tls_private_key.empty())
        return fail(Code::invalid, "--tls-certificate and --tls-private-key go together");
    return config;
}

}  // namespace hookreel::app
