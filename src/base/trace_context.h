// The place of a piece of work in a distributed trace, as W3C Trace Context has it
// (https://www.w3.org/TR/trace-context/, level 1; what level 2 adds is kept).
//
// Values and pure functions, but for fresh ids. What is malformed is as good as absent, as the
// recommendation wants it: a trace that nobody can continue begins anew.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hookreel {

struct TraceContext {
    std::string trace_id;    // 32 lower-case hex digits; empty: there is no trace.
    std::string span_id;     // 16 of them: the piece of work.
    std::uint8_t flags = 0;  // Of traceparent: bit 0 says that the trace is recorded.
    std::string state;       // The field tracestate, at most 512 bytes; may be empty.

    bool exists() const { return !trace_id.empty(); }
    bool is_sampled() const { return (flags & 1) != 0; }
    bool operator==(const TraceContext&) const = default;
};

// The fields of those names of a message, in their order. A traceparent that is missing, malformed
// or there twice is none; a malformed tracestate is left out.
TraceContext read_trace(const std::vector<std::string_view>& traceparents,
                        const std::vector<std::string_view>& tracestates);

// The field traceparent of version 00. The context exists.
std::string traceparent(const TraceContext& context);

// As it is stored with events: traceparent with tracestate behind it; empty for none.
std::string trace_text(const TraceContext& context);
TraceContext parse_trace_text(std::string_view text);

// A piece of work within that one: the same trace with a new span id. When there is no trace, one
// begins, which is recorded.
TraceContext child_of(const TraceContext& parent);

}  // namespace hookreel
