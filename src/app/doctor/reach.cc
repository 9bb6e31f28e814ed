#include "app/doctor/reach.h"

#include <fmt/format.h>

#include <boost/asio/ip/tcp.hpp>
#include <memory>

#include "app/doctor/clocks.h"
#include "base/text.h"
#include "http/client/client.h"
#include "http/client/resolver.h"
#include "http/server/server.h"
#include "http/stream.h"

namespace hookreel::app::doctor {
namespace {

using http::Addresses;
using http::Url;

constexpr Duration step_time{5'000};
constexpr auto days_wanted = std::chrono::days(14);
constexpr std::size_t answer_bytes_max = 1000;

// Cancels what is under way on the stream when the time is over.
class Deadline {
 public:
    Deadline(const Executor& executor, std::shared_ptr<http::Stream> stream) : timer_(executor) {
        timer_.expires_after(step_time);
        timer_.async_wait([stream = std::move(stream)](const boost::system::error_code& error) {
            if (!error) stream->cancel();
        });
    }
    ~Deadline() { timer_.cancel(); }

 private:
    Timer timer_;
};

std::string text_of(const boost::system::error_code& error) {
    return error == asio::error::operation_aborted ? "no answer in 5 s" : error.message();
}

Finding name_finding(std::string name, const Result<Addresses>& found, bool may_not_exist) {
    if (found)
        return {
            "look-up", Outcome::ok,
            fmt::format("{} has {} address{}", name, found->size(), found->size() == 1 ? "" : "es"),
            ""};
    if (may_not_exist && found.error().code == Code::network)
        return {"look-up", Outcome::ok, "the name servers answer", ""};
    if (found.error().code == Code::network)
        return {"look-up", Outcome::failed, fmt::format("{}: {}", name, found.error().detail),
                "is the name right, and known to the name servers of this machine?"};
    return {"look-up", may_not_exist ? Outcome::warning : Outcome::failed,
            fmt::format("no name server answers: {}", found.error().detail),
            "see /etc/resolv.conf; receivers that are named cannot be called"};
}

struct Permitted {
    Addresses addresses;
    Finding finding;
};
Permitted permitted(const http::AddressRules& rules, const Addresses& found) {
    Permitted result;
    std::string refused;
    for (const asio::ip::address& address : found)
        if (rules.permits(address))
            result.addresses.push_back(address);
        else
            refused += (refused.empty() ? "" : ", ") + address.to_string();
    if (refused.empty())
        result.finding = {"address rules", Outcome::ok, "all addresses may be called", ""};
    else
        result.finding = {"address rules",
                          result.addresses.empty() ? Outcome::failed : Outcome::warning,
                          refused + " is closed to callbacks",
                          "if that is meant, run the server with --allow-address and this address"};
    return result;
}

// The first address that takes a connection; null when none does.
struct Connected {
    std::shared_ptr<http::Stream> stream;
    Finding finding;
};
Task<Connected> connect(Addresses addresses, std::uint16_t port) {
    const Executor executor = co_await asio::this_coro::executor;
    std::string trouble;
    for (const asio::ip::address& address : addresses) {
        const asio::ip::tcp::endpoint endpoint(address, port);
        auto stream = std::make_shared<http::Stream>(http::Socket(executor));
        const Deadline deadline(executor, stream);
        const auto begun = std::chrono::steady_clock::now();
        const auto [error] = co_await stream->socket().async_connect(endpoint, use_result);
        if (error) {
            trouble += fmt::format("{}{}: {}", trouble.empty() ? "" : "; ", address.to_string(),
                                   text_of(error));
            continue;
        }
        stream->socket().non_blocking(true);
        const auto took =
            std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - begun);
        const std::string found =
            fmt::format("{} port {} answers in {} ms", address.to_string(), port, took.count());
        co_return Connected{std::move(stream), {"connection", Outcome::ok, found, ""}};
    }
    co_return Connected{nullptr,
                        {"connection", Outcome::failed, trouble,
                         "is the receiver running, and open to this machine?"}};
}

Task<Findings> check_tls(Network& network, std::string host, std::shared_ptr<http::Stream> stream) {
    http::TlsClientOptions options;
    options.ca_file = network.ca_file;
    Result<http::TlsClientContext> context = http::TlsClientContext::make(options);
    if (!context)
        co_return Findings{{"TLS", Outcome::failed, context.error().detail, "see --ca-file"}};
    const Executor executor = co_await asio::this_coro::executor;
    const Deadline deadline(executor, stream);
    http::TlsSessions sessions;
    http::TlsConnection connection = context->connect(host, sessions);
    const Result<void> started = co_await stream->start_tls(std::move(connection));
    if (!started) {
        const bool late = started.error().code == Code::cancelled;
        co_return Findings{{"TLS", Outcome::failed,
                            late ? "no answer in 5 s" : started.error().detail,
                            "the receiver needs a certificate for this name, with its chain, from "
                            "an authority of this system or of --ca-file"}};
    }
    Findings findings = {{"TLS", Outcome::ok, "the chain is trusted and made for " + host, ""}};
    if (const auto facts = stream->peer_certificate())
        findings.push_back(judge_certificate("certificate", *facts, SystemClock().now()));
    stream->cancel();
    co_return findings;
}

// What the server at that address says of itself.
Task<Result<http::ClientResponse>> ask_readiness(Network& network, Url url) {
    http::ClientOptions options;
    options.ca_file = network.ca_file;
    options.name_servers = network.name_servers;
    (void)options.rules.allow("0.0.0.0/0");  // Whoever asks names their own server.
    (void)options.rules.allow("::/0");
    http::Client client(network.loop, std::move(options));
    http::ClientRequest request;
    request.url = std::move(url);
    request.url.target = "/readyz";
    request.timeout = step_time;
    request.response_bytes_max = answer_bytes_max;
    Result<http::ClientResponse> answer = co_await client.send(std::move(request));
    client.close();
    co_return answer;
}

// Whether that is how /readyz answers, and not a page of some other server.
bool is_readiness(const http::ClientResponse& answer) {
    const std::string_view said = answer.body;
    if (answer.status == 200) return said.starts_with("ready");
    return answer.status == 503 && (said.starts_with("not ready") || said.starts_with("starting"));
}

}  // namespace

Finding judge_certificate(std::string_view subject, const http::CertificateFacts& facts,
                          TimePoint now) {
    const auto left = std::chrono::floor<std::chrono::days>(facts.expires - now);
    const std::string found = fmt::format("{} days left, until {}, by {}", left.count(),
                                          iso8601(facts.expires), facts.issuer);
    if (facts.expires <= now)
        return {std::string(subject), Outcome::failed, "expired at " + iso8601(facts.expires),
                "renew it"};
    if (left < days_wanted) return {std::string(subject), Outcome::warning, found, "renew it soon"};
    return {std::string(subject), Outcome::ok, found, ""};
}

Task<Findings> check_names(Network& network, std::vector<std::string> names) {
    http::Resolver resolver(network.loop, network.name_servers);
    const bool probes = names.empty();
    if (probes) names.emplace_back("hookreel-doctor.invalid");
    Findings findings;
    for (std::string& name : names) {
        const Result<Addresses> found = co_await resolver.resolve(name, step_time);
        findings.push_back(name_finding(std::move(name), found, probes));
    }
    co_return findings;
}

Task<Findings> check_url(Network& network, std::string text) {
    const Result<Url> url = http::parse_url(text);
    if (!url)
        co_return Findings{{"URL", Outcome::failed, url.error().detail,
                            "an address such as https://example.com/hook"}};
    http::Resolver resolver(network.loop, network.name_servers);
    const Result<Addresses> found = co_await resolver.resolve(url->host, step_time);
    Findings findings = {name_finding(url->host, found, false)};
    if (!found) co_return findings;
    Permitted open = permitted(network.rules, *found);
    findings.push_back(std::move(open.finding));
    if (open.addresses.empty()) co_return findings;
    Connected connected = co_await connect(std::move(open.addresses), url->port);
    findings.push_back(std::move(connected.finding));
    if (!connected.stream) co_return findings;
    if (url->scheme == Url::Scheme::http) {
        findings.push_back({"TLS", Outcome::warning, "not encrypted: events can be read on the way",
                            "use https, unless the network is yours alone"});
        co_return findings;
    }
    Findings tls = co_await check_tls(network, url->host, std::move(connected.stream));
    findings.insert(findings.end(), tls.begin(), tls.end());
    co_return findings;
}

Task<Findings> check_server(Network& network, std::string text) {
    Result<Url> url = http::parse_url(text);
    if (!url)
        co_return Findings{{"server", Outcome::failed, url.error().detail,
                            "an address such as http://127.0.0.1:8080"}};
    const Result<http::ClientResponse> answer = co_await ask_readiness(network, std::move(*url));
    if (!answer)
        co_return Findings{{"server", Outcome::failed, answer.error().detail,
                            fmt::format("is `hookreel serve` running at {}?", text)}};
    std::string said = is_utf8(answer->body) ? std::string(trim(answer->body)) : "";
    Findings findings;
    if (answer->status == 200)
        findings.push_back({"server", Outcome::ok, std::move(said), ""});
    else
        findings.push_back({"server", Outcome::failed,
                            fmt::format("/readyz answers {}: {}", answer->status, said),
                            "its log says more; mostly the disk is full or does not sync"});
    findings.push_back(
        judge_peer_clock("the server", answer->headers.get("Date"), SystemClock().now()));
    co_return findings;
}

Task<Findings> check_listening(Network& network, Place place) {
    const bool v6 = place.address.contains(':');
    const std::string at =
        fmt::format("{}:{}", v6 ? "[" + place.address + "]" : place.address, place.port);
    const Result<void> free = http::try_to_listen(place.address, place.port);
    if (free) co_return Findings{{"listening", Outcome::ok, "one can listen at " + at, ""}};
    if (free.error().code != Code::conflict)
        co_return Findings{{"listening", Outcome::failed, free.error().detail, "see --listen"}};
    const bool has_tls = place.scheme == Url::Scheme::https;
    Result<Url> url = http::parse_url(fmt::format("{}://{}/", has_tls ? "https" : "http", at));
    if (!url)
        co_return Findings{{"listening", Outcome::failed, url.error().detail, "see --listen"}};
    const Result<http::ClientResponse> answer = co_await ask_readiness(network, std::move(*url));
    if (answer && is_readiness(*answer))
        co_return Findings{{"listening", Outcome::ok, "a server runs at " + at + " already", ""}};
    // A certificate is seldom made for the address, so such a server cannot be told from others.
    co_return Findings{{"listening", has_tls ? Outcome::warning : Outcome::failed,
                        at + " is in use" + (has_tls ? "" : " by another program"),
                        "unless it is this server that runs: end what listens there, or choose "
                        "another address with --listen"}};
}

}  // namespace hookreel::app::doctor
