#include "app/router.h"

#include "api/frame/problem.h"
#include "app/tracing/request_span.h"
#include "base/random.h"

namespace hookreel::app {
namespace {

http::Response not_found() {
    return {
        404,
        {{"Content-Type", "text/plain; charset=utf-8"}},
        "Nothing is served here. The platform's API is at /, the native API under /api/v1/ (see "
        "/api/v1/openapi.json), objects are under /cos/, media under /media/; see also "
        "/healthz, /readyz and /metrics.\n"};
}

// The pages for load balancers, probes and scrapers.
Task<http::Response> find_page(const Parts& parts, http::Request& request) {
    const std::string& method = request.head().method;
    const std::string_view path = request.head().path();
    const bool is_page = path == "/healthz" || path == "/readyz" || path == "/metrics";
    if (!is_page) co_return not_found();
    request.route = path;
    if (method != "GET" && method != "HEAD")
        co_return http::Response{
            405,
            {{"Content-Type", "text/plain; charset=utf-8"}, {"Allow", "GET, HEAD"}},
            "Only GET and HEAD.\n"};
    if (path == "/healthz") co_return parts.healthz();
    if (path == "/readyz") co_return parts.readyz();
    co_return co_await parts.metrics();
}

Task<http::Response> find_part(const Parts& parts, http::Request& request) {
    const std::string_view path = request.head().path();
    if (path == "/" || path.empty()) {
        request.route = "/";
        co_return co_await parts.vod_api(request);
    }
    if (path.starts_with("/cos/")) {
        request.route = "/cos/{object}";
        co_return co_await parts.objects(request);
    }
    if (path.starts_with("/api/")) co_return co_await parts.native_api(request);
    if (path.starts_with("/media/")) {
        request.route = "/media/{file}";
        co_return co_await parts.playback(request);
    }
    co_return co_await find_page(parts, request);
}

}  // namespace

http::Response starting(const http::RequestHead& head) {
    if (!head.path().starts_with("/api/"))
        return {503, {{"Retry-After", "1"}}, std::string("starting\n")};
    const std::unexpected<api::Problem> problem =
        api::refuse({Code::unavailable, "The server is starting; ask again."});
    http::Response response = api::to_response(problem.error(), "urn:uuid:" + random_uuid());
    response.headers.set("Cache-Control", "no-store");
    return response;
}

Task<http::Response> route(const Parts& parts, http::Request& request) {
    request.trace = trace_of(request.head());
    if (!parts.spans) co_return co_await find_part(parts, request);
    Span span = begin_request(request);
    http::Response response = co_await find_part(parts, request);
    end_request(span, request, response);
    parts.spans->add(std::move(span));
    co_return response;
}

}  // namespace hookreel::app
