#include "app/receiver_handshake.h"

#include <algorithm>

#include "dialect/standard/sending/handshake.h"

namespace hookreel::app {
namespace {

namespace standard = dialect::standard;

// A caller of the API waits for it.
constexpr Duration answer_timeout{10'000};
constexpr std::size_t answer_bytes_max = 8192;

Result<http::ClientRequest> request_for(const model::Endpoint& endpoint) {
    Result<http::ClientRequest> request = standard::permission_request(endpoint);
    if (!request) return request;
    for (const model::Header& header : endpoint.headers)
        request->headers.add(header.name, header.value);
    if (endpoint.tls != model::EndpointTls())
        request->tls = std::make_shared<const http::ClientTls>(http::ClientTls{
            endpoint.tls.authorities, endpoint.tls.certificate, endpoint.tls.private_key});
    request->timeout = std::min(endpoint.schedule.timeout, answer_timeout);
    request->response_bytes_max = answer_bytes_max;
    return request;
}

}  // namespace

Task<Result<double>> ReceiverHandshake::ask(model::Endpoint endpoint) {
    Result<http::ClientRequest> request = request_for(endpoint);
    if (!request) co_return fail(std::move(request.error()));
    const Executor here = co_await asio::this_coro::executor;
    const auto place = std::ranges::find_if(places_, [&here](const delivery::Senders::Place& one) {
        return one.loop.get_executor() == here;
    });
    if (place == places_.end()) co_return fail(Code::internal, "asked on a foreign loop");
    Result<http::ClientResponse> answer = co_await place->transport.send(std::move(*request));
    if (!answer) co_return fail(std::move(answer.error()));
    co_return map(standard::permission(*answer, endpoint.origin),
                  [](standard::Permission given) { return given.rate_per_second; });
}

}  // namespace hookreel::app
