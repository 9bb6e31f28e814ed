// Whether the server lives, whether it takes commits, and its figures for Prometheus.
//
// /healthz answers 200 as long as the process serves. /readyz answers 200 when commits are being
// taken, else 503 with the reason. /metrics is the text that each component writes of itself.
// Threads: any.
#pragma once

#include <functional>
#include <string_view>

#include "base/metrics.h"
#include "http/message.h"
#include "store/store.h"

namespace hookreel::api {

http::Response healthz();
http::Response readyz(const store::Store& store);
// Calls `write` with the text under construction, and answers it.
http::Response metrics(const std::function<void(MetricsText&)>& write);

}  // namespace hookreel::api
