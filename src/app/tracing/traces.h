// Where spans go: an exporter to the collector, and a client of its own for it.
//
// The collector is the operator's choice, so it may be anywhere, and no proxy is between. Threads:
// as the exporter.
#pragma once

#include <string>

#include "http/client/client.h"
#include "telemetry/exporter.h"

namespace hookreel::app {

struct TraceSettings {
    std::string ca_file;
    std::string version;  // Of this server.
    telemetry::ExporterOptions exporter;
};

struct Traces {
    http::Client client;
    telemetry::Exporter exporter;

    // The log outlives this.
    Traces(Loop& loop, TraceSettings settings, const Log& log);
};

}  // namespace hookreel::app
