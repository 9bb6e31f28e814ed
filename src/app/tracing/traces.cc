#include "app/tracing/traces.h"

#include <cstdlib>

#include "base/random.h"

namespace hookreel::app {
namespace {

http::ClientOptions client_options(const TraceSettings& settings) {
    http::ClientOptions options;
    options.ca_file = settings.ca_file;
    for (const char* all : {"0.0.0.0/0", "::/0"})
        if (Result<void> fine = options.rules.allow(all); !fine) std::abort();
    return options;
}

}  // namespace

Traces::Traces(Loop& loop, TraceSettings settings, const Log& log)
    : client(loop, client_options(settings)),
      exporter(client, log, {.version = settings.version, .instance = random_uuid()},
               std::move(settings.exporter)) {}

}  // namespace hookreel::app
