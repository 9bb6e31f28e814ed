#include "api/health.h"

namespace hookreel::api {
namespace {

http::Response plain(int status, std::string text) {
    return {status,
            {{"Content-Type", "text/plain; charset=utf-8"}, {"Cache-Control", "no-store"}},
            std::move(text)};
}

}  // namespace

http::Response healthz() {
    return plain(200, "ok\n");
}

http::Response readyz(const store::Store& store) {
    const Result<void> health = store.health();
    if (!health) return plain(503, "not ready: " + health.error().detail + "\n");
    return plain(200, "ready\n");
}

http::Response metrics(const std::function<void(MetricsText&)>& write) {
    MetricsText text;
    write(text);
    return {200,
            {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"},
             {"Cache-Control", "no-store"}},
            text.take()};
}

}  // namespace hookreel::api
