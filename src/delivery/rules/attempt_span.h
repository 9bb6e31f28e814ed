// An attempt as a part of a distributed trace: what its request carries of it, and how it is shown.
//
// The names of attributes are those of the OpenTelemetry semantic conventions for HTTP clients and
// for messaging, as far as there are any. Pure, but for fresh ids.
#pragma once

#include <optional>
#include <span>

#include "base/span.h"
#include "delivery/rules/classify.h"
#include "http/client/client.h"
#include "model/endpoint.h"
#include "store/store.h"

namespace hookreel::delivery {

// The attempt to send these events, which share a request. Absent when nobody looks at it.
// `sink` is null when no traces are exported; then an event without a trace gets none.
//
// The request gets `traceparent`, with an id of this attempt's own, and `tracestate`.
std::optional<Span> begin_attempt(const SpanSink* sink, const model::Endpoint& endpoint,
                                  std::span<const store::Lease> leases,
                                  http::ClientRequest& request);

// What came of it.
void end_attempt(Span& span, const model::Schedule& schedule, const Answer& answer);

}  // namespace hookreel::delivery
