// A piece of work that is over, to be shown in a trace, and where such pieces go.
//
// Names of attributes are those of the OpenTelemetry semantic conventions, where there is one.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/trace_context.h"

namespace hookreel {

// Of the wall's clock; traces are looked at across machines.
using SpanTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::nanoseconds>;

struct Span {
    // The numbers are those of OTLP.
    enum class Kind { internal = 1, server = 2, client = 3, producer = 4 };
    using Value = std::variant<std::string, std::int64_t>;

    TraceContext context;   // Its own: with the id of this span.
    std::string parent_id;  // The span id of what it is a part of; empty: of nothing.
    std::string name;
    Kind kind = Kind::internal;
    SpanTime begin{};
    SpanTime end{};
    std::vector<std::pair<std::string_view, Value>> attributes;
    bool failed = false;

    void add(std::string_view key, Value value) { attributes.emplace_back(key, std::move(value)); }
};

inline SpanTime span_now() {
    return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
}

// Begins a span within that context.
inline Span begin_span(const TraceContext& parent, std::string name, Span::Kind kind) {
    Span span;
    span.context = child_of(parent);
    span.parent_id = parent.span_id;
    span.name = std::move(name);
    span.kind = kind;
    span.begin = span_now();
    return span;
}

// Threads: any. Never blocks and never fails: what cannot be taken is dropped and counted.
class SpanSink {
 public:
    virtual ~SpanSink() = default;
    // Takes a span that is over; `end` is set by this when it is not set. One of a trace that is
    // not sampled is left out.
    virtual void add(Span span) = 0;
};

}  // namespace hookreel
