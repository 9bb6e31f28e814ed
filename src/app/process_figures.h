// What the process itself uses, under the names that all Prometheus clients give it.
#pragma once

#include "base/metrics.h"

namespace hookreel::app {

// Reads /proc; what cannot be read is left out.
void write_process_metrics(MetricsText& text);

}  // namespace hookreel::app
