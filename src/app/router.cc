#include "app/router.h"

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

}  // namespace

Task<http::Response> route(const Parts& parts, http::Request& request) {
    const std::string_view path = request.head().path();
    if (path == "/" || path.empty()) co_return co_await parts.vod_api(request);
    if (path.starts_with("/cos/")) co_return co_await parts.objects(request);
    if (path.starts_with("/api/")) co_return co_await parts.native_api(request);
    if (path.starts_with("/media/")) co_return co_await parts.playback(request);
    if (path == "/healthz") co_return parts.healthz();
    if (path == "/readyz") co_return parts.readyz();
    if (path == "/metrics") co_return parts.metrics();
    co_return not_found();
}

}  // namespace hookreel::app
