#include "base/metrics.h"

#include <fmt/format.h>

namespace hookreel {

void Histogram::observe(double seconds) {
    std::size_t i = 0;
    while (i < bounds.size() && seconds > bounds[i])
        ++i;
    counts_[i].fetch_add(1, std::memory_order_relaxed);
    microseconds_.fetch_add(static_cast<std::uint64_t>(seconds * 1e6), std::memory_order_relaxed);
}

void MetricsText::head(std::string_view metric, std::string_view help, std::string_view type) {
    if (metric == last_name_) return;
    last_name_ = metric;
    text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", metric, help, metric, type);
}

void MetricsText::counter(std::string_view metric, std::string_view help, std::string_view labels,
                          std::uint64_t value) {
    head(metric, help, "counter");
    text_ += labels.empty() ? fmt::format("{} {}\n", metric, value)
                            : fmt::format("{}{{{}}} {}\n", metric, labels, value);
}

void MetricsText::counter(std::string_view metric, std::string_view help, std::string_view labels,
                          double value) {
    head(metric, help, "counter");
    text_ += labels.empty() ? fmt::format("{} {}\n", metric, value)
                            : fmt::format("{}{{{}}} {}\n", metric, labels, value);
}

void MetricsText::gauge(std::string_view metric, std::string_view help, std::string_view labels,
                        double value) {
    head(metric, help, "gauge");
    text_ += labels.empty() ? fmt::format("{} {}\n", metric, value)
                            : fmt::format("{}{{{}}} {}\n", metric, labels, value);
}

void MetricsText::histogram(std::string_view metric, std::string_view help, std::string_view labels,
                            const Histogram& histogram) {
    head(metric, help, "histogram");
    const std::string_view comma = labels.empty() ? "" : ",";
    std::uint64_t count = 0;
    for (std::size_t i = 0; i <= Histogram::bounds.size(); ++i) {
        count += histogram.counts_[i].load(std::memory_order_relaxed);
        const std::string bound =
            i < Histogram::bounds.size() ? fmt::format("{}", Histogram::bounds[i]) : "+Inf";
        text_ +=
            fmt::format("{}_bucket{{{}{}le=\"{}\"}} {}\n", metric, labels, comma, bound, count);
    }
    const std::string braces = labels.empty() ? "" : fmt::format("{{{}}}", labels);
    text_ += fmt::format("{}_sum{} {}\n{}_count{} {}\n", metric, braces,
                         histogram.microseconds_.load(std::memory_order_relaxed) / 1e6, metric,
                         braces, count);
}

}  // namespace hookreel
