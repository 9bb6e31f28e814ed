// Which part of the server answers which path: one port serves them all.
#pragma once

#include <functional>

#include "base/span.h"
#include "http/request.h"

namespace hookreel::app {

struct Parts {
    http::Handler vod_api;     // POST / and GET /
    http::Handler objects;     // /cos/
    http::Handler playback;    // /media/
    http::Handler native_api;  // /api/
    std::function<http::Response()> healthz, readyz;
    std::function<Task<http::Response>()> metrics;
    SpanSink* spans = nullptr;  // Null: nobody looks at traces.
};

// What is answered before the parts stand: 503, in the form of the API that was called, as far as
// it has one.
http::Response starting(const http::RequestHead& head);

// Answers within the trace that the caller sent. Unknown paths are answered with 404 and what there
// is.
Task<http::Response> route(const Parts& parts, http::Request& request);

}  // namespace hookreel::app
