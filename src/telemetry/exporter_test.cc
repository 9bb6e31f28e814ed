#include "telemetry/exporter.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "http/server/server.h"

namespace hookreel::telemetry {
namespace {

using namespace std::chrono_literals;

http::ClientOptions client_options() {
    http::ClientOptions options;
    EXPECT_TRUE(options.rules.allow("127.0.0.1/32"));
    return options;
}

// An exporter and the collector that it sends to, on one loop.
struct Bench {
    Loop loop{1};
    Log log{Level::error, -1};
    http::Client client{loop, client_options()};
    std::vector<int> answers;          // In order; then 200.
    std::vector<std::string> batches;  // The names of their spans.
    http::Server server{{&loop},
                        http::ServerOptions{},
                        [this](http::Request& request) { return take(request); },
                        log};
    std::optional<Exporter> exporter;
    TaskGroup tending{loop.get_executor()};

    explicit Bench(ExporterOptions options = {.interval = 1ms, .retry_delay = 1ms}) {
        EXPECT_TRUE(server.start());
        options.endpoint.host = "127.0.0.1";
        options.endpoint.port = server.port();
        options.headers = {{"X-Key", "k"}};
        exporter.emplace(client, log, Source{}, options);
        tending.spawn(exporter->tend());
    }

    Task<http::Response> take(http::Request& request) {
        const Result<std::string> body = co_await request.read_all(1 << 20);
        EXPECT_EQ(request.head().target, "/v1/traces");
        EXPECT_EQ(request.head().headers.get("Content-Type"), "application/json");
        EXPECT_EQ(request.head().headers.get("X-Key"), "k");
        const json::value told = json::parse(*body);
        std::string names;
        for (const json::value& span :
             told.at_pointer("/resourceSpans/0/scopeSpans/0/spans").as_array())
            names += span.at("name").as_string();
        batches.push_back(names);
        http::Response response;
        if (batches.size() <= answers.size()) response.status = answers[batches.size() - 1];
        co_return response;
    }

    void add(std::string name) {
        exporter->add(begin_span({}, std::move(name), Span::Kind::internal));
    }

    std::string counted() const {
        MetricsText text;
        exporter->write_metrics(text);
        std::string lines = text.take();
        return lines.substr(lines.find("hookreel_otlp_spans_total{"));
    }

    // Ends all and waits for it.
    void stop() {
        asio::co_spawn(loop, end(), [](const std::exception_ptr& error) {
            if (error) std::rethrow_exception(error);
        });
        loop.run_for(60s);
    }
    Task<void> end() {
        tending.cancel();
        co_await tending.join();
        co_await exporter->stop(30s);
        co_await server.stop(0ms);
        client.close();
    }
};

std::string counts(int sent, int dropped) {
    return fmt::format(
        "hookreel_otlp_spans_total{{outcome=\"sent\"}} {}\n"
        "hookreel_otlp_spans_total{{outcome=\"dropped\"}} {}\n",
        sent, dropped);
}

TEST(Exporter, SendsInBatchesWhatIsLeftWhenItStops) {
    Bench bench({.batch_max = 2});
    for (const char* name : {"a", "b", "c"})
        bench.add(name);
    bench.stop();
    EXPECT_EQ(bench.batches, (std::vector<std::string>{"ab", "c"}));
    EXPECT_EQ(bench.counted(), counts(3, 0));
}

TEST(Exporter, TriesAgainWhatTheCollectorMayTakeLater) {
    Bench bench;
    bench.answers = {503, 429};
    bench.add("a");
    bench.loop.run_for(5ms);
    while (bench.counted() != counts(1, 0))
        bench.loop.run_one_for(1s);
    bench.stop();
    EXPECT_EQ(bench.batches, (std::vector<std::string>{"a", "a", "a"}));
    EXPECT_EQ(bench.counted(), counts(1, 0));
}

TEST(Exporter, DropsWhatTheCollectorRefuses) {
    Bench bench;
    bench.answers = {400};
    bench.add("a");
    while (bench.counted() != counts(0, 1))
        bench.loop.run_one_for(1s);
    bench.add("b");
    bench.stop();
    EXPECT_EQ(bench.batches, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(bench.counted(), counts(1, 1));
}

TEST(Exporter, DropsWhatFindsTheQueueFull) {
    Bench bench({.waiting_max = 2});
    for (const char* name : {"a", "b", "c", "d"})
        bench.add(name);
    bench.stop();
    EXPECT_EQ(bench.counted(), counts(2, 2));
    bench.add("late");
    EXPECT_EQ(bench.counted(), counts(2, 3));
}

TEST(Exporter, LeavesOutWhatIsNotSampled) {
    Bench bench;
    Span span = begin_span({}, "a", Span::Kind::internal);
    span.context.flags = 0;
    bench.exporter->add(std::move(span));
    bench.stop();
    EXPECT_TRUE(bench.batches.empty());
    EXPECT_EQ(bench.counted(), counts(0, 0));
}

}  // namespace
}  // namespace hookreel::telemetry
