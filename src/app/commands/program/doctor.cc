#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <cstdio>
#include <memory>

#include "app/commands/frame/caller.h"
#include "app/commands/program/program.h"
#include "app/commands/program/setting_flags.h"
#include "app/doctor/clocks.h"
#include "app/doctor/media_programs.h"
#include "app/doctor/reach.h"
#include "app/doctor/storage.h"

namespace hookreel::app::commands {
namespace {

using doctor::Finding;
using doctor::Findings;
using doctor::Outcome;

constexpr const char* examples =
    "Examples:\n"
    "  hookreel doctor\n"
    "  hookreel doctor --config /etc/hookreel.toml        (as the server would see it)\n"
    "  hookreel doctor --url https://example.com/hook     (can that receiver be called?)\n"
    "  hookreel doctor --server http://127.0.0.1:8080     (also asks a running server)\n"
    "  hookreel doctor --json | jq '.findings[] | select(.outcome != \"ok\")'\n"
    "\n"
    "It takes all settings of the server. Run it as the user that runs the server. Nothing is\n"
    "changed, and no request is sent to the URL. The exit code is 1 when something failed.";

struct DoctorOptions {
    SettingFlags settings;
    std::vector<std::string> urls;
    std::string server;
    std::string name_server;
    Output output = Output::people;
};

void add(Findings& all, Findings more) {
    for (Finding& finding : more)
        all.push_back(std::move(finding));
}

void add_host(std::vector<std::string>& names, const std::string& host) {
    boost::system::error_code not_an_address;
    (void)asio::ip::make_address(host, not_an_address);
    if (not_an_address && std::ranges::find(names, host) == names.end()) names.push_back(host);
}

// The hosts that the settings name, but for those that are written as addresses.
std::vector<std::string> hosts_of(const Config& config) {
    std::vector<std::string> names;
    if (config.egress_proxy) add_host(names, config.egress_proxy->url.host);
    if (config.otlp_endpoint) add_host(names, config.otlp_endpoint->host);
    for (const auto& [kind, service] : config.external_services)
        if (const Result<http::Url> url = http::parse_url(service)) add_host(names, url->host);
    return names;
}

// What the settings name and has to be there.
Findings check_files(const Config& config) {
    Findings findings = {{"settings", Outcome::ok, "they make sense", ""}};
    if (!config.tls_certificate.empty()) {
        const auto context =
            http::TlsServerContext::load(config.tls_certificate, config.tls_private_key);
        const auto facts = http::read_certificate(config.tls_certificate);
        if (!context || !facts)
            findings.push_back({"own certificate", Outcome::failed,
                                context ? facts.error().detail : context.error().detail,
                                "see --tls-certificate and --tls-private-key"});
        else
            findings.push_back(
                doctor::judge_certificate("own certificate", *facts, SystemClock().now()));
    }
    if (has_unusable_links(config))
        findings.push_back({"links", Outcome::warning,
                            fmt::format("to media begin with http://{}:{}, which nobody can open",
                                        config.host, config.port),
                            "say with --public-url under which address callers reach the server"});
    if (config.ca_file.empty()) return findings;
    http::TlsClientOptions trust;
    trust.ca_file = config.ca_file;
    if (const auto context = http::TlsClientContext::make(trust); !context)
        findings.push_back(
            {"authorities", Outcome::failed, context.error().detail, "see --ca-file"});
    return findings;
}

doctor::Network network_of(Loop& loop, const Config& config, const DoctorOptions& options) {
    doctor::Network network{loop, {}, config.ca_file, options.name_server};
    for (const std::string& address : config.allowed_addresses)
        (void)network.rules.allow(address);  // The settings were read, so they are sound.
    return network;
}

Task<Findings> check_urls(doctor::Network& network, const Config& config,
                          const DoctorOptions& options) {
    Findings all;
    for (const std::string& url : options.urls) {
        if (config.egress_proxy) {
            all.push_back({"URL", Outcome::warning, url + " is reached through the proxy alone",
                           "ask the proxy whether it lets it pass"});
            continue;
        }
        add(all, co_await doctor::check_url(network, url));
    }
    co_return all;
}

Task<int> examine(Loop& loop, Config config, DoctorOptions options) {
    Findings all = check_files(config);
    add(all, doctor::check_data_folder(config.data_dir, config.disk_reserve_mib << 20));
    const Log silent(Level::error);
    const process::Sandbox sandbox(process::strictest_isolation(silent));
    add(all, co_await doctor::check_media_programs(sandbox, {}));
    all.push_back(doctor::judge_clock(SystemClock().now(), doctor::ask_kernel()));
    doctor::Network network = network_of(loop, config, options);
    doctor::Place place{config.host, config.port};
    if (!config.tls_certificate.empty()) place.scheme = http::Url::Scheme::https;
    add(all, co_await doctor::check_listening(network, std::move(place)));
    std::vector<std::string> names = hosts_of(config);
    if (!names.empty() || options.urls.empty())
        add(all, co_await doctor::check_names(network, std::move(names)));
    add(all, co_await check_urls(network, config, options));
    if (!options.server.empty()) add(all, co_await doctor::check_server(network, options.server));

    client::Terminal terminal;
    if (options.output == Output::json)
        terminal.line(json::serialize(doctor::to_json(all)));
    else
        for (const std::string& line : doctor::lines(all, terminal))
            terminal.line(line);
    co_return doctor::has_failed(all) ? 1 : 0;
}

int run_doctor(DoctorOptions options) {
    Result<Config> config = read_settings(options.settings);
    if (!config) {
        client::Terminal terminal;
        const Findings findings = {{"settings", Outcome::failed, config.error().detail,
                                    "see `hookreel serve --help`; nothing else was looked at"}};
        if (options.output == Output::json)
            terminal.line(json::serialize(doctor::to_json(findings)));
        else
            for (const std::string& line : doctor::lines(findings, terminal))
                terminal.line(line);
        return 1;
    }
    Loop loop(1);
    return run_task(loop, examine(loop, std::move(*config), std::move(options)));
}

}  // namespace

void add_doctor(CLI::App& program, Action& action) {
    CLI::App* command = program.add_subcommand(
        "doctor", "Look at all that a server stands on, and say what is wrong");
    command->footer(examples);
    const auto options = std::make_shared<DoctorOptions>();
    command->add_option("--url", options->urls, "Can this receiver be called? May be repeated")
        ->type_name("URL")
        ->allow_extra_args(false);
    command->add_option("--server", options->server, "Ask this running server as well")
        ->type_name("URL");
    command->add_option("--name-server", options->name_server, "Instead of the system's")
        ->type_name("HOST:PORT");
    add_output_flag(*command, options->output);
    add_setting_flags(*command, options->settings);
    command->callback([options, &action] { action = [options] { return run_doctor(*options); }; });
}

}  // namespace hookreel::app::commands
