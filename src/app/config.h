// The settings of `hookreel serve`, from four places: flag > environment > configuration file >
// default.
//
// One table holds every setting with its name, help and reader; flag (--data-dir), environment
// variable (HOOKREEL_DATA_DIR) and TOML key (data_dir) follow from the name. Pure: what is read is
// handed in as text.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"
#include "http/client/proxy.h"
#include "http/url.h"

namespace hookreel::app {

struct Config {
    std::string data_dir = "./data";
    std::string host = "127.0.0.1";  // Of `listen`.
    std::uint16_t port = 8080;       // 0: any free one.
    std::string secret_id;           // Empty: made at first start and kept.
    std::string secret_key;
    std::vector<std::string> allowed_addresses;  // CIDR
    std::string public_url;                      // Of media links; empty: the listening address.
    std::string media_key;  // Of links to media that end; empty: they are open.
    Duration media_link_life = std::chrono::days(7);
    std::string tls_certificate;  // PEM file; empty: no TLS.
    std::string tls_private_key;
    std::string api_token;  // Owner of the native API; empty: none.
    int api_rate = 0;       // Requests a second of one API token; 0: no limit.
    // Who does the work of which kind (model/external.h); "*": all other kinds.
    std::map<std::string, std::string, std::less<>> external_services;
    std::string external_secret;  // Signs what they are asked; empty: no signature.
    Duration external_time_limit = std::chrono::hours(1);  // Of one task.
    std::string ca_file;                                   // Extra authorities for outgoing https.
    std::optional<http::Proxy> egress_proxy;
    int threads = 0;        // Event loops; 0: one per core.
    int jobs = 0;           // Media jobs at a time; 0: half of the cores, at least one.
    int pulls_at_once = 4;  // Files that are fetched at a time.
    std::uint64_t disk_reserve_mib = 512;            // Uploads are refused when less is free.
    std::uint64_t application_quota_mib = 0;         // Of an application's files; 0: no limit.
    std::uint64_t upload_max_mib = 50'000ull << 10;  // Of one file; 48.8 TiB, as the original has.
    Duration disable_after = std::chrono::days(5);   // Of failing endpoints; 0: never.
    // Zero: for ever.
    Duration event_retention = std::chrono::days(7);     // Of the archive, and of event ids.
    Duration attempt_retention = std::chrono::days(14);  // Of attempts and dead letters.
    std::optional<http::Url> otlp_endpoint;              // Of a collector of traces.
    std::vector<std::pair<std::string, std::string>> otlp_headers;
    Level log_level = Level::info;
    // Of the VOD API, to try a client out: refuse parameters that are not in the interface, and
    // limit calls as the platform does.
    bool vod_strict = false;
    bool vod_rates = false;
};

// Links to media would name an address that means "all of this machine" and that nobody can open.
bool has_unusable_links(const Config& config);

struct Setting {
    std::string_view name;   // "data-dir"
    std::string_view value;  // What the flag takes, for --help: "DIR".
    std::string_view help;
    // In the environment the values of a `listed` one are separated by commas; there a `repeatable`
    // one has a single value, which may hold commas.
    enum class Count { once, repeatable, listed } count = Count::once;
    Result<void> (*read)(Config& config, std::string_view text);

    std::string flag() const;         // --data-dir
    std::string environment() const;  // HOOKREEL_DATA_DIR
    std::string toml_key() const;     // data_dir
};

std::span<const Setting> settings();

// What was given on the command line: values by setting name, in order.
using Flags = std::map<std::string, std::vector<std::string>, std::less<>>;
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

// A file of settings, as TOML.
struct ConfigFile {
    std::string path;  // For messages.
    std::string text;
};

// Errors: invalid, naming the place (flag, variable, or file with line), the setting and what it
// takes. Unknown keys of the file are errors, and so is a setting that is given twice but takes one
// value. `file` is absent when none was named.
Result<Config> read_config(const Flags& flags, const Environment& environment,
                           const std::optional<ConfigFile>& file);

}  // namespace hookreel::app
