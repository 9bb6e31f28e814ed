// Sends spans to an OpenTelemetry collector over OTLP/HTTP.
//
// Spans wait in a queue with a bound and leave in batches, when there are enough or after a while.
// A batch that the collector does not take is tried again where OTLP says so, then dropped. Nobody
// ever waits for it: what finds the queue full is dropped, and every drop is counted. Threads:
// `add` any; the rest on the loop of the client. Durability: none.
#pragma once

#include <mutex>
#include <vector>

#include "base/async.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/span.h"
#include "http/client/client.h"
#include "telemetry/otlp.h"

namespace hookreel::telemetry {

struct ExporterOptions {
    // "https://collector.example:4318"; "/v1/traces" is added, as OTLP has it.
    http::Url endpoint;
    http::Headers headers;           // Sent with each batch, such as an API key.
    std::size_t waiting_max = 4096;  // Spans; what comes beyond is dropped.
    std::size_t batch_max = 512;     // Spans of one request.
    Duration interval{1'000};        // How long a span waits for more.
    Duration timeout{10'000};        // Of one request.
    int tries_max = 4;               // Of one batch.
    Duration retry_delay{1'000};     // Before the second try; then twice as long each time.
};

class Exporter final : public SpanSink {
 public:
    // `client` outlives this, as does the log.
    Exporter(http::Client& client, const Log& log, Source source, ExporterOptions options);

    void add(Span span) override;

    // Sends what comes, until it is cancelled.
    Task<void> tend();
    // After that: sends one last time what waits, for at most so long. Called once; what is left
    // then, and what comes later, is dropped.
    Task<void> stop(Duration grace);

    void write_metrics(MetricsText& text) const;

 private:
    enum class Taken { yes, no, later };

    // Returns what was not sent because the task was cancelled.
    Task<std::vector<Span>> send(std::vector<Span> batch);
    Task<Taken> send_once(const std::string& body);
    Task<void> send_rest();
    std::vector<Span> take_batch();
    void put_back(std::vector<Span> batch);

    http::Client& client_;
    const Log& log_;
    const Source source_;
    const ExporterOptions options_;

    std::mutex mutex_;
    std::vector<Span> waiting_;
    bool stopped_ = false;

    bool stopping_ = false;  // A batch is tried once.
    bool failing_ = false;   // Said once.
    Counter sent_, dropped_;
};

}  // namespace hookreel::telemetry
