#include "delivery/rules/attempt_span.h"

#include <gtest/gtest.h>

namespace hookreel::delivery {
namespace {

constexpr std::string_view parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

class NoSink final : public SpanSink {
 public:
    void add(Span) override {}
};

struct Scene {
    NoSink sink;
    model::Endpoint endpoint;
    store::Lease lease;
    http::ClientRequest request;

    Scene() {
        endpoint.id = model::EndpointId("ep_1");
        endpoint.dialect = "standard";
        lease.event = model::EventId("e1");
        lease.type = "order.paid";
        lease.attempt = 2;
        lease.trace = std::string(parent) + "a=1";
        request.method = "POST";
        request.url = {http::Url::Scheme::https, "example.com", 8443, "/hook?token=1"};
    }
    std::optional<Span> begin(const SpanSink* to) {
        return begin_attempt(to, endpoint, std::span(&lease, 1), request);
    }
};

std::string text(const Span& span, std::string_view name) {
    for (const auto& [key, value] : span.attributes)
        if (key == name)
            return std::holds_alternative<std::string>(value)
                       ? std::get<std::string>(value)
                       : std::to_string(std::get<std::int64_t>(value));
    return "none";
}

TEST(AttemptSpan, PassesTheTraceOnWithAnIdOfItsOwn) {
    Scene scene;
    EXPECT_FALSE(scene.begin(nullptr));
    const std::string first(scene.request.headers.get("traceparent"));
    EXPECT_TRUE(first.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-"));
    EXPECT_NE(first, parent);
    EXPECT_EQ(scene.request.headers.get("tracestate"), "a=1");
    scene.begin(nullptr);
    EXPECT_NE(scene.request.headers.get("traceparent"), first);
    EXPECT_EQ(scene.request.headers.size(), 2u);
}

TEST(AttemptSpan, AddsNothingWhereThereIsNoTraceAndNobodyLooks) {
    Scene scene;
    scene.lease.trace.clear();
    EXPECT_FALSE(scene.begin(nullptr));
    EXPECT_EQ(scene.request.headers.size(), 0u);
    const std::optional<Span> root = scene.begin(&scene.sink);
    ASSERT_TRUE(root);
    EXPECT_EQ(root->parent_id, "");
    EXPECT_EQ(scene.request.headers.get("traceparent"), traceparent(root->context));
}

TEST(AttemptSpan, IsShownByTheNamesOfTheConventions) {
    Scene scene;
    std::optional<Span> span = scene.begin(&scene.sink);
    ASSERT_TRUE(span);
    EXPECT_EQ(span->parent_id, "00f067aa0ba902b7");
    EXPECT_EQ(span->name, "POST");
    EXPECT_EQ(span->kind, Span::Kind::client);
    EXPECT_EQ(text(*span, "url.full"), "https://example.com:8443/hook");
    EXPECT_EQ(text(*span, "server.port"), "8443");
    EXPECT_EQ(text(*span, "http.request.resend_count"), "1");
    EXPECT_EQ(text(*span, "messaging.message.id"), "e1");
    EXPECT_EQ(text(*span, "messaging.destination.name"), "ep_1");
    end_attempt(*span, {.success = model::Success::any_2xx},
                http::ClientResponse{.status = 503, .headers = {}, .body = {}});
    EXPECT_EQ(text(*span, "http.response.status_code"), "503");
    EXPECT_EQ(text(*span, "error.type"), "503");
    EXPECT_TRUE(span->failed);
}

TEST(AttemptSpan, NamesTheClassOfAnErrorWithoutAnAnswer) {
    Scene scene;
    std::optional<Span> span = scene.begin(&scene.sink);
    end_attempt(*span, {}, fail(Code::network, "dns: no such name"));
    EXPECT_EQ(text(*span, "error.type"), "dns");
    EXPECT_EQ(text(*span, "http.response.status_code"), "none");
}

}  // namespace
}  // namespace hookreel::delivery
