#include "dialect/standard/sending/cloud_events.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "base/trace_context.h"
#include "dialect/standard/sending/sending_test.h"
#include "dialect/standard/signing/signature.h"

namespace hookreel::dialect::standard {
namespace {

using Mode = CloudEventsRenderer::Mode;

http::ClientRequest rendered(Mode mode, const store::Lease& lease = test_lease()) {
    return CloudEventsRenderer(mode).render(test_endpoint(), lease, test_now).value();
}

void expect_signed(const http::ClientRequest& request) {
    const Message message{request.headers.get("webhook-id"), test_now, body_of(request)};
    EXPECT_EQ(request.headers.get("webhook-signature"),
              signatures(test_endpoint().secrets, message).value());
}

TEST(CloudEvents, StructuredHaveAllInTheBody) {
    const http::ClientRequest request = rendered(Mode::structured);
    EXPECT_EQ(body_of(request),
              R"({"specversion":"1.0","id":"e1","source":"urn:hookreel:application:1500000001",)"
              R"("type":"order.paid","time":"2026-11-20T21:40:00.123Z","subject":"customer 7",)"
              R"("datacontenttype":"application/json","data":{"amount":12.5}})");
    EXPECT_EQ(request.headers.get("content-type"), "application/cloudevents+json; charset=utf-8");
    EXPECT_EQ(request.headers.get("webhook-id"), "e1");
    expect_signed(request);
}

TEST(CloudEvents, BinaryHaveTheirAttributesInTheHead) {
    const http::ClientRequest request = rendered(Mode::binary);
    EXPECT_EQ(body_of(request), R"({"amount":12.5})");
    EXPECT_EQ(request.headers.get("content-type"), "application/json");
    EXPECT_EQ(request.headers.get("ce-specversion"), "1.0");
    EXPECT_EQ(request.headers.get("ce-id"), "e1");
    EXPECT_EQ(request.headers.get("ce-source"), "urn:hookreel:application:1500000001");
    EXPECT_EQ(request.headers.get("ce-type"), "order.paid");
    EXPECT_EQ(request.headers.get("ce-time"), "2026-11-20T21:40:00.123Z");
    EXPECT_EQ(request.headers.get("ce-subject"), "customer%207");
    EXPECT_FALSE(request.headers.has("ce-datacontenttype"));
    expect_signed(request);
}

TEST(CloudEvents, WithoutAKeyHaveNoSubject) {
    const store::Lease lease = test_lease({"order.paid", "", "null"});
    EXPECT_FALSE(rendered(Mode::binary, lease).headers.has("ce-subject"));
    const http::ClientRequest request = rendered(Mode::structured, lease);
    EXPECT_FALSE(body_of(request).contains("subject"));
    EXPECT_TRUE(body_of(request).ends_with(R"("data":null})"));
}

// The example of the HTTP binding 1.0.2, 3.1.3.2.
TEST(CloudEvents, EncodeHeaderValuesAsTheBindingSays) {
    EXPECT_EQ(header_value("Euro € 😀"), "Euro%20%E2%82%AC%20%F0%9F%98%80");
    EXPECT_EQ(header_value("a\"b%c\r\nd\x7f~!"), "a%22b%25c%0D%0Ad%7F~!");
}

TEST(CloudEvents, BatchesAreArraysWithAnIdOfTheirOwn) {
    std::vector<store::Lease> leases = {test_lease(), test_lease({"a.b", "", "[1]"})};
    leases[1].event = model::EventId("e2");
    const CloudEventsRenderer renderer(Mode::batched);
    EXPECT_GT(renderer.batch_max(), 1u);
    const auto request = renderer.render_batch(test_endpoint(), leases, test_now).value();
    EXPECT_EQ(request.headers.get("content-type"),
              "application/cloudevents-batch+json; charset=utf-8");
    const json::array events = parse_json(body_of(request)).value().as_array();
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(events[0], parse_json(body_of(rendered(Mode::structured))).value());
    EXPECT_EQ(events[1].at("id"), "e2");
    EXPECT_EQ(events[1].at("data").at(0), 1);
    expect_signed(request);

    const auto again = renderer.render_batch(test_endpoint(), leases, test_now).value();
    EXPECT_EQ(again.headers.get("webhook-id"), request.headers.get("webhook-id"));
    const auto first = renderer.render_batch(test_endpoint(), {leases.data(), 1}, test_now).value();
    EXPECT_NE(first.headers.get("webhook-id"), request.headers.get("webhook-id"));
    EXPECT_EQ(parse_json(body_of(rendered(Mode::batched)))->as_array().size(), 1u);
}

TEST(CloudEvents, CarryTheTraceInWhichTheyHappened) {
    constexpr std::string_view first = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    constexpr std::string_view second = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
    std::vector<store::Lease> leases = {test_lease(), test_lease(), test_lease()};
    leases[0].trace = trace_text(read_trace({first}, {"a=1, b=2"}));
    leases[1].trace = trace_text(read_trace({second}, {}));
    const auto batch =
        CloudEventsRenderer(Mode::batched).render_batch(test_endpoint(), leases, test_now).value();
    const json::array events = parse_json(body_of(batch)).value().as_array();
    EXPECT_EQ(events[0].at("traceparent").as_string(), first);
    EXPECT_EQ(events[0].at("tracestate").as_string(), "a=1,b=2");
    EXPECT_EQ(events[1].at("traceparent").as_string(), second);
    EXPECT_FALSE(events[1].as_object().contains("tracestate"));
    EXPECT_FALSE(events[2].as_object().contains("traceparent"));

    const json::value structured =
        parse_json(body_of(rendered(Mode::structured, leases[0]))).value();
    EXPECT_EQ(structured.at("traceparent").as_string(), first);
    const http::ClientRequest binary = rendered(Mode::binary, leases[0]);
    EXPECT_EQ(binary.headers.get("ce-traceparent"), first);
    EXPECT_EQ(binary.headers.get("ce-tracestate"), "a=1,b=2");
    EXPECT_FALSE(rendered(Mode::binary, leases[2]).headers.has("ce-traceparent"));
}

TEST(CloudEvents, OtherModesNeverBatch) {
    EXPECT_EQ(CloudEventsRenderer(Mode::structured).batch_max(), 1u);
    EXPECT_EQ(CloudEventsRenderer(Mode::binary).batch_max(), 1u);
}

TEST(CloudEvents, RefuseABodyThatIsNotNeutral) {
    store::Lease lease = test_lease();
    lease.body = std::make_shared<const std::string>("{}");
    for (const Mode mode : {Mode::structured, Mode::binary, Mode::batched})
        EXPECT_FALSE(CloudEventsRenderer(mode).render(test_endpoint(), lease, test_now));
}

}  // namespace
}  // namespace hookreel::dialect::standard
