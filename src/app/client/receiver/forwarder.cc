#include "app/client/receiver/forwarder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/random.h"
#include "base/text.h"

namespace hookreel::app::client {
namespace {

constexpr Duration timeout{30'000};
constexpr std::size_t answer_bytes_max = 4u << 20;

constexpr std::array<std::string_view, 11> fields_of_a_connection = {"Connection",
                                                                     "Keep-Alive",
                                                                     "Proxy-Connection",
                                                                     "Proxy-Authenticate",
                                                                     "Proxy-Authorization",
                                                                     "TE",
                                                                     "Trailer",
                                                                     "Transfer-Encoding",
                                                                     "Upgrade",
                                                                     "Expect",
                                                                     "HTTP2-Settings"};
constexpr std::array<std::string_view, 2> fields_made_anew = {"Host", "Content-Length"};

bool contains(std::span<const std::string_view> names, std::string_view name) {
    return std::ranges::any_of(
        names, [name](std::string_view one) { return equal_ignoring_case(one, name); });
}

std::vector<std::string_view> items(std::string_view list) {
    std::vector<std::string_view> all;
    for (;;) {
        const std::size_t comma = list.find(',');
        all.push_back(trim(list.substr(0, comma)));
        if (comma == std::string_view::npos) return all;
        list.remove_prefix(comma + 1);
    }
}

}  // namespace

http::Headers end_to_end(const http::Headers& headers) {
    std::vector<std::string_view> named;
    for (const std::string_view list : headers.all("Connection"))
        for (const std::string_view name : items(list))
            named.push_back(name);
    http::Headers kept;
    for (const auto& [name, value] : headers)
        if (!contains(fields_of_a_connection, name) && !contains(fields_made_anew, name) &&
            !contains(named, name))
            kept.add(name, value);
    return kept;
}

Forwarder::Forwarder(http::Client& client, http::Url target)
    : client_(client), target_(std::move(target)), via_("1.1 hookreel-" + random_hex(8)) {}

std::string Forwarder::target() const {
    const std::string_view scheme = target_.scheme == http::Url::Scheme::https ? "https" : "http";
    return fmt::format("{}://{}{}", scheme, target_.authority(), target_.target);
}

bool Forwarder::came_from_here(const http::Headers& headers) const {
    return std::ranges::any_of(headers.all("Via"), [this](std::string_view list) {
        const std::vector<std::string_view> passed = items(list);
        return std::ranges::find(passed, via_) != passed.end();
    });
}

Forwarded Forwarder::no_answer(int status, std::string trouble) const {
    http::Response response{
        status,
        {{"Content-Type", "text/plain; charset=utf-8"}},
        fmt::format("hookreel listen, on the way to {}: {}\n", target(), trouble)};
    return {std::move(response), {}, std::move(trouble)};
}

Task<Forwarded> Forwarder::send(http::RequestHead head, std::string body) {
    if (came_from_here(head.headers)) co_return no_answer(508, "it leads back to this receiver");
    http::ClientRequest request;
    request.method = std::move(head.method);
    request.url = target_;
    request.headers = end_to_end(head.headers);
    request.headers.add("Via", via_);
    request.body = std::move(body);
    request.timeout = timeout;
    request.response_bytes_max = answer_bytes_max;

    const auto begun = std::chrono::steady_clock::now();
    Result<http::ClientResponse> answer = co_await client_.send(std::move(request));
    const auto took =
        std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - begun);
    Forwarded forwarded;
    if (!answer)
        forwarded = no_answer(answer.error().code == Code::timed_out ? 504 : 502,
                              std::move(answer.error().detail));
    else if (!answer->body_is_whole)
        forwarded = no_answer(502, "its answer is larger than 4 MiB");
    else
        forwarded.response = {answer->status, end_to_end(answer->headers), std::move(answer->body)};
    forwarded.took = took;
    co_return forwarded;
}

}  // namespace hookreel::app::client
