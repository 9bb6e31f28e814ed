// A request that came, as a part of a distributed trace. The names of attributes are those of the
// OpenTelemetry semantic conventions for HTTP servers. Pure, but for fresh ids.
#pragma once

#include "base/span.h"
#include "http/request.h"

namespace hookreel::app {

// The trace that the caller sent with the request, if any.
TraceContext trace_of(const http::RequestHead& head);

// The answering of the request, within its trace, which it becomes a part of.
Span begin_request(http::Request& request);
void end_request(Span& span, const http::Request& request, const http::Response& response);

}  // namespace hookreel::app
