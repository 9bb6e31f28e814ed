#include "telemetry/otlp.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace hookreel::telemetry {
namespace {

TEST(Otlp, WritesSpansAsTheProtocolHasThem) {
    Span span;
    span.context = {.trace_id = "4bf92f3577b34da6a3ce929d0e0e4736",
                    .span_id = "00f067aa0ba902b7",
                    .flags = 1,
                    .state = "a=1"};
    span.parent_id = "1111111111111111";
    span.name = "POST";
    span.kind = Span::Kind::client;
    span.begin = SpanTime(std::chrono::nanoseconds(1'700'000'000'000'000'001));
    span.end = SpanTime(std::chrono::nanoseconds(1'700'000'000'000'000'002));
    span.add("http.request.method", "POST");
    span.add("http.response.status_code", 503);
    span.failed = true;
    const std::string text = trace_request({.version = "0.2", .instance = "i"}, {{span}});
    EXPECT_EQ(json::parse(text), json::parse(R"({"resourceSpans":[{
        "resource":{"attributes":[
            {"key":"service.name","value":{"stringValue":"hookreel"}},
            {"key":"service.version","value":{"stringValue":"0.2"}},
            {"key":"service.instance.id","value":{"stringValue":"i"}}]},
        "scopeSpans":[{"scope":{"name":"hookreel","version":"0.2"},"spans":[{
            "traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7",
            "traceState":"a=1","parentSpanId":"1111111111111111","flags":1,
            "name":"POST","kind":3,
            "startTimeUnixNano":"1700000000000000001","endTimeUnixNano":"1700000000000000002",
            "attributes":[
                {"key":"http.request.method","value":{"stringValue":"POST"}},
                {"key":"http.response.status_code","value":{"intValue":"503"}}],
            "status":{"code":2}}]}]}]})"));
}

TEST(Otlp, LeavesOutWhatARootSpanHasNot) {
    const Span root = begin_span({}, "work", Span::Kind::internal);
    const json::value told = json::parse(trace_request({}, {{root}}));
    const json::object& span = told.at_pointer("/resourceSpans/0/scopeSpans/0/spans/0").as_object();
    EXPECT_FALSE(span.contains("parentSpanId"));
    EXPECT_FALSE(span.contains("traceState"));
    EXPECT_EQ(span.at("status"), json::value(json::object()));
}

}  // namespace
}  // namespace hookreel::telemetry
