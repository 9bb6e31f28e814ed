// Counters and histograms that a component owns as plain members, and the Prometheus text that is
// made of them.
//
// There is no registry: whoever serves /metrics asks each component to write its own. Threads: any.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace hookreel {

class Counter {
 public:
    void add(std::uint64_t amount = 1) { value_.fetch_add(amount, std::memory_order_relaxed); }
    std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
    std::atomic<std::uint64_t> value_{0};
};

// Observations in seconds over fixed bounds from 0.1 ms, as a sync may take, to 10 min, as media
// work may.
class Histogram {
 public:
    static constexpr std::array<double, 18> bounds = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005,
                                                      0.01,   0.025,   0.05,   0.1,   0.25,   0.5,
                                                      1,      2.5,     5,      10,    60,     600};
    void observe(double seconds);

 private:
    friend class MetricsText;
    std::array<std::atomic<std::uint64_t>, bounds.size() + 1> counts_{};
    std::atomic<std::uint64_t> microseconds_{0};
};

// Builds the exposition text (format 0.0.4). Names follow hookreel_<what>_<unit>[_total]; `labels`
// is the inside of the braces, such as `outcome="delivered"`, or empty. The help line is written
// once per name, so samples of one name go together.
class MetricsText {
 public:
    void counter(std::string_view metric, std::string_view help, std::string_view labels,
                 std::uint64_t value);
    // One that is no whole number, such as seconds.
    void counter(std::string_view metric, std::string_view help, std::string_view labels,
                 double value);
    void gauge(std::string_view metric, std::string_view help, std::string_view labels,
               double value);
    void histogram(std::string_view metric, std::string_view help, std::string_view labels,
                   const Histogram& histogram);
    std::string take() { return std::move(text_); }

 private:
    void head(std::string_view metric, std::string_view help, std::string_view type);

    std::string text_;
    std::string last_name_;
};

}  // namespace hookreel
