#include "app/client/receiver/receiver.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.h"

namespace hookreel::app::client {
namespace {

constexpr std::size_t body_bytes_max = 4u << 20;
// Longer than the 5 s that a sender of VOD callbacks waits.
constexpr Duration too_late{6000};
constexpr Duration stop_grace{500};

http::ServerOptions server_options(const ReceiverOptions& options) {
    http::ServerOptions server;
    server.address = options.address;
    server.port = options.port;
    return server;
}

}  // namespace

std::string_view name(Signature signature) {
    switch (signature) {
        case Signature::unchecked:
            return "unchecked";
        case Signature::good:
            return "good";
        case Signature::missing:
            return "missing";
        case Signature::wrong:
            return "wrong";
        case Signature::expired:
            return "expired";
    }
    return "unchecked";
}

Signature check_signature(const json::object& event, std::string_view key, TimePoint now) {
    if (key.empty()) return Signature::unchecked;
    const json::value* sign = event.if_contains("Sign");
    const json::value* t = event.if_contains("T");
    if (!sign || !sign->is_string() || !t || !t->is_int64()) return Signature::missing;
    const std::string text = fmt::format("{}{}", key, t->get_int64());
    const std::string expected = hex(digest(Algorithm::md5, text));
    if (!constant_time_equal(expected, sign->get_string())) return Signature::wrong;
    return t->get_int64() < unix_seconds(now) ? Signature::expired : Signature::good;
}

Receiver::Receiver(Loop& loop, ReceiverOptions options, const Clock& clock, const Log& log,
                   OnCallback on_callback)
    : options_(std::move(options)),
      clock_(clock),
      on_callback_(std::move(on_callback)),
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

Task<http::Response> Receiver::take(http::Request& request) {
    if (request.head().method != "POST")
        co_return http::Response{405, {{"Allow", "POST"}}, "Callbacks come by POST.\n"};
    Result<std::string> body = co_await request.read_all(body_bytes_max);
    if (!body) co_return http::Response{400, {}, body.error().detail + "\n"};
    Callback callback{.number = ++taken_,
                      .at = clock_.now(),
                      .target = request.head().target,
                      .body = {},
                      .event = parse_json(*body)};
    callback.body = std::move(*body);
    if (callback.event && callback.event->is_object())
        callback.signature =
            check_signature(callback.event->get_object(), options_.sign_key, callback.at);
    on_callback_(callback);

    Duration wait = options_.delay;
    if (callback.number <= options_.fail_first) wait = std::max(wait, too_late);
    if (wait.count() > 0) co_await sleep_for(wait);
    co_return http::Response{options_.status, {{"Content-Type", "text/plain"}}, "ok\n"};
}

}  // namespace hookreel::app::client
