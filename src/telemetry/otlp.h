// Spans in the JSON form of OTLP (opentelemetry-proto, ExportTraceServiceRequest): ids as hex
// digits, 64-bit numbers as strings, enums as numbers. Pure.
#pragma once

#include <span>
#include <string>

#include "base/span.h"

namespace hookreel::telemetry {

// Who sends them: attributes of the resource.
struct Source {
    std::string service_name = "hookreel";
    std::string version;
    std::string instance;  // Of this start of the server.
};

std::string trace_request(const Source& source, std::span<const Span> spans);

}  // namespace hookreel::telemetry
