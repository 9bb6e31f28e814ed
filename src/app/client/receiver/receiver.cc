#include "app/client/receiver/receiver.h"

#include <fmt/format.h>

#include <algorithm>

namespace hookreel::app::client {
namespace {

// A batch of 50 events of 1 MiB, and room for what is around them.
constexpr std::size_t body_bytes_max = 64u << 20;
// So many bodies may be held at once.
constexpr std::size_t connections_max = 64;
constexpr Duration stop_grace{500};

http::ServerOptions server_options(const ReceiverOptions& options) {
    http::ServerOptions server;
    server.address = options.address;
    server.port = options.port;
    server.limits.connections_max = connections_max;
    return server;
}

// Longer than the sender of that dialect waits: 5 s, and 20 s.
Duration too_late(Dialect dialect) {
    return dialect == Dialect::tencent_vod ? Duration(6'000) : Duration(21'000);
}

}  // namespace

Receiver::Receiver(Loop& loop, ReceiverOptions options, const Clock& clock, const Log& log,
                   ReceiverReports reports, Forwarder* forwarder)
    : options_(std::move(options)),
      clock_(clock),
      reports_(std::move(reports)),
      forwarder_(forwarder),
      server_(
          {&loop}, server_options(options_),
          [this](http::Request& request) { return take(request); }, log) {}

Result<void> Receiver::start() {
    return server_.start();
}

std::string Receiver::url() const {
    const bool any = options_.address == "0.0.0.0" || options_.address == "::";
    const std::string host = any ? "127.0.0.1" : options_.address;
    const bool v6 = host.find(':') != std::string::npos;
    return fmt::format("http://{}{}{}:{}/callback", v6 ? "[" : "", host, v6 ? "]" : "",
                       server_.port());
}

Task<void> Receiver::stop() {
    co_await server_.stop(stop_grace);
}

http::Response Receiver::permit(const http::RequestHead& head) {
    http::Response response{200, {{"Allow", "POST, OPTIONS"}}, std::string()};
    const std::string_view origin = head.headers.get("webhook-request-origin");
    if (origin.empty()) return response;
    response.headers.add("WebHook-Allowed-Origin", std::string(origin));
    response.headers.add("WebHook-Allowed-Rate", "*");
    if (reports_.on_handshake) reports_.on_handshake(origin);
    return response;
}

Task<http::Response> Receiver::forward(Callback callback) {
    Forwarded forwarded = co_await forwarder_->send(callback.head, callback.body);
    if (reports_.on_forwarded) reports_.on_forwarded(callback, forwarded);
    co_return std::move(forwarded.response);
}

Task<http::Response> Receiver::take(http::Request& request) {
    if (!forwarder_ && request.head().method == "OPTIONS") co_return permit(request.head());
    if (!forwarder_ && request.head().method != "POST")
        co_return http::Response{405, {{"Allow", "POST, OPTIONS"}}, "Callbacks come by POST.\n"};
    Result<std::string> body = co_await request.read_all(body_bytes_max);
    if (!body) {
        const int status = body.error().code == Code::too_large ? 413 : 400;
        co_return http::Response{status, {}, body.error().detail + "\n"};
    }
    Callback callback{.number = ++taken_,
                      .at = clock_.now(),
                      .head = request.head(),
                      .body = std::move(*body),
                      .reading = {},
                      .verdict = {}};
    callback.reading = read_callback(callback.head.headers, callback.body, body_bytes_max);
    callback.verdict = check_signature(options_.keys, callback.reading, callback.head.headers,
                                       callback.body, callback.at);
    if (reports_.on_callback) reports_.on_callback(callback);

    Duration wait = options_.delay;
    if (callback.number <= options_.fail_first)
        wait = std::max(wait, too_late(callback.reading.dialect));
    if (wait.count() > 0) co_await sleep_for(wait);
    if (forwarder_) co_return co_await forward(std::move(callback));
    co_return http::Response{options_.status, {{"Content-Type", "text/plain"}}, "ok\n"};
}

}  // namespace hookreel::app::client
