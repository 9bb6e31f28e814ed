#include "telemetry/exporter.h"

#include <algorithm>
#include <iterator>

#include "base/cancellation.h"

namespace hookreel::telemetry {
namespace {

constexpr std::string_view traces_path = "/v1/traces";

// What OTLP/HTTP says may be tried again; every other refusal is final.
bool may_come_later(int status) {
    return status == 429 || status == 502 || status == 503 || status == 504;
}

http::Url traces_url(http::Url base) {
    while (base.target.ends_with('/'))
        base.target.pop_back();
    base.target += traces_path;
    return base;
}

Task<void> cut_after(TaskGroup& group, Duration grace) {
    co_await sleep_for(grace);
    group.cancel();
}

ExporterOptions with_path(ExporterOptions options) {
    options.endpoint = traces_url(std::move(options.endpoint));
    return options;
}

}  // namespace

Exporter::Exporter(http::Client& client, const Log& log, Source source, ExporterOptions options)
    : client_(client),
      log_(log),
      source_(std::move(source)),
      options_(with_path(std::move(options))) {}

void Exporter::add(Span span) {
    if (!span.context.is_sampled()) return;
    if (span.end == SpanTime{}) span.end = span_now();
    {
        const std::lock_guard lock(mutex_);
        if (!stopped_ && waiting_.size() < options_.waiting_max) {
            waiting_.push_back(std::move(span));
            return;
        }
    }
    dropped_.add();
}

std::vector<Span> Exporter::take_batch() {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() <= options_.batch_max) return std::exchange(waiting_, {});
    const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(options_.batch_max);
    std::vector<Span> batch(std::move_iterator(waiting_.begin()), std::move_iterator(end));
    waiting_.erase(waiting_.begin(), end);
    return batch;
}

void Exporter::put_back(std::vector<Span> batch) {
    const std::lock_guard lock(mutex_);
    std::ranges::move(waiting_, std::back_inserter(batch));
    waiting_ = std::move(batch);
}

Task<void> Exporter::tend() {
    co_await asio::this_coro::throw_if_cancelled(false);
    for (;;) {
        std::vector<Span> batch = take_batch();
        const bool is_full = batch.size() == options_.batch_max;
        if (!batch.empty()) {
            std::vector<Span> left = co_await send(std::move(batch));
            put_back(std::move(left));
        }
        if (!is_full) co_await sleep_for(options_.interval);
        const bool cancelled = is_cancelled(co_await asio::this_coro::cancellation_state);
        if (cancelled) co_return;
    }
}

Task<std::vector<Span>> Exporter::send(std::vector<Span> batch) {
    co_await asio::this_coro::throw_if_cancelled(false);
    const std::string body = trace_request(source_, batch);
    Duration delay = options_.retry_delay;
    for (int tried = 1;; ++tried) {
        const Taken taken = co_await send_once(body);
        if (taken == Taken::yes) {
            sent_.add(batch.size());
            failing_ = false;
            co_return std::vector<Span>{};
        }
        const bool cancelled = is_cancelled(co_await asio::this_coro::cancellation_state);
        if (cancelled) co_return batch;
        if (taken == Taken::no || tried >= options_.tries_max || stopping_) break;
        co_await sleep_for(delay);
        delay *= 2;
    }
    dropped_.add(batch.size());
    co_return std::vector<Span>{};
}

Task<Exporter::Taken> Exporter::send_once(const std::string& body) {
    http::ClientRequest request;
    request.method = "POST";
    request.url = options_.endpoint;
    request.headers = options_.headers;
    request.headers.add("Content-Type", "application/json");
    request.body = body;
    request.timeout = options_.timeout;
    const Result<http::ClientResponse> answer = co_await client_.send(std::move(request));
    if (answer && answer->status >= 200 && answer->status < 300) co_return Taken::yes;
    if (!failing_)
        log_.warning("the collector does not take our spans",
                     {{"reason",
                       answer ? fmt::format("status {}", answer->status) : answer.error().detail}});
    failing_ = true;
    co_return !answer || may_come_later(answer->status) ? Taken::later : Taken::no;
}

Task<void> Exporter::send_rest() {
    for (std::vector<Span> batch = take_batch(); !batch.empty(); batch = take_batch()) {
        std::vector<Span> left = co_await send(std::move(batch));
        if (left.empty()) continue;
        put_back(std::move(left));
        co_return;
    }
}

Task<void> Exporter::stop(Duration grace) {
    stopping_ = true;
    const Executor executor = co_await asio::this_coro::executor;
    TaskGroup last(executor);
    last.spawn(send_rest());
    TaskGroup cutter(executor);
    cutter.spawn(cut_after(last, grace));
    co_await last.join();
    cutter.cancel();
    co_await cutter.join();
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    dropped_.add(waiting_.size());
    waiting_.clear();
}

void Exporter::write_metrics(MetricsText& text) const {
    constexpr std::string_view name = "hookreel_otlp_spans_total";
    constexpr std::string_view help = "Spans for the collector, by what came of them.";
    text.counter(name, help, R"(outcome="sent")", sent_.value());
    text.counter(name, help, R"(outcome="dropped")", dropped_.value());
}

}  // namespace hookreel::telemetry
