#include "app/client/receiver/reading.h"

#include <gtest/gtest.h>

namespace hookreel::app::client {
namespace {

constexpr std::size_t bytes_max = 1 << 20;

Reading read(const http::Headers& headers, std::string_view body) {
    return read_callback(headers, body, bytes_max);
}

constexpr std::string_view cloud_event =
    R"({"specversion":"1.0","id":"e1","source":"urn:x","type":"order.paid","subject":"é"})";

TEST(Reading, KnowsTencentVodByItsBody) {
    const Reading reading = read({}, R"({"EventType":"NewFileUpload"})");
    EXPECT_EQ(reading.dialect, Dialect::tencent_vod);
    ASSERT_EQ(reading.events.size(), 1u);
    EXPECT_EQ(reading.events[0].type, "NewFileUpload");
    EXPECT_EQ(reading.trouble, "");
}

TEST(Reading, KnowsStandardWebhooksByTheirId) {
    const Reading reading =
        read({{"Webhook-Id", "e1"}}, R"({"type":"order.paid","id":"e1","key":"customer 7"})");
    EXPECT_EQ(name(reading.dialect), "standard");
    ASSERT_EQ(reading.events.size(), 1u);
    EXPECT_EQ(reading.events[0].about, "customer 7");
}

TEST(Reading, KnowsStructuredCloudEvents) {
    const Reading reading = read(
        {{"Content-Type", "Application/CloudEvents+JSON ; charset=utf-8"}, {"webhook-id", "e"}},
        cloud_event);
    EXPECT_EQ(name(reading.dialect), "cloudevents_structured");
    ASSERT_EQ(reading.events.size(), 1u);
    EXPECT_EQ(reading.events[0].type, "order.paid");
    EXPECT_EQ(reading.events[0].about, "é");
}

TEST(Reading, KnowsBinaryCloudEventsWhateverTheirData) {
    const http::Headers headers = {
        {"content-type", "text/plain"}, {"ce-specversion", "1.0"}, {"ce-id", "e1"},
        {"ce-source", "urn:x"},         {"ce-type", "order.paid"}, {"ce-subject", "a%20%C3%A9"}};
    const Reading reading = read(headers, "\xff");
    EXPECT_EQ(name(reading.dialect), "cloudevents_binary");
    ASSERT_EQ(reading.events.size(), 1u);
    EXPECT_EQ(reading.events[0].about, "a é");
    EXPECT_EQ(reading.trouble, "");
    EXPECT_FALSE(reading.json);
}

TEST(Reading, KnowsBatches) {
    const http::Headers headers = {{"content-type", "application/cloudevents-batch+json"}};
    const std::string two = "[" + std::string(cloud_event) + "," + std::string(cloud_event) + "]";
    EXPECT_EQ(name(read(headers, two).dialect), "cloudevents_batched");
    EXPECT_EQ(read(headers, two).events.size(), 2u);
    EXPECT_EQ(read(headers, "[]").trouble, "");
    const Reading one_bad = read(headers, "[" + std::string(cloud_event) + R"(,7,{"id":"e2"}])");
    EXPECT_EQ(one_bad.events.size(), 1u);
    EXPECT_EQ(one_bad.trouble, "not a CloudEvent: not an object");
    EXPECT_NE(read(headers, "{}").trouble, "");
}

TEST(Reading, SaysWhatACloudEventLacks) {
    const http::Headers headers = {{"content-type", "application/cloudevents+json"}};
    EXPECT_TRUE(read(headers, R"({"specversion":"0.3"})").trouble.contains("specversion"));
    EXPECT_TRUE(read(headers, R"({"specversion":"1.0"})").trouble.contains("id"));
    EXPECT_TRUE(read(headers, R"({"specversion":"1.0","id":7})").trouble.contains("id"));
    EXPECT_TRUE(
        read(headers, R"({"specversion":"1.0","id":"1","source":"s"})").trouble.contains("type"));
    EXPECT_TRUE(read({{"ce-specversion", "1.0"}}, "").trouble.contains("id"));
}

TEST(Reading, SaysWhyABodyIsNoEvent) {
    for (std::string_view body : {"", "not json", "[1]", "7", "\xff"}) {
        const Reading reading = read({}, body);
        EXPECT_EQ(reading.dialect, Dialect::unknown);
        EXPECT_TRUE(reading.trouble.starts_with("not an event: ")) << body;
        EXPECT_TRUE(reading.events.empty());
    }
    EXPECT_NE(read_callback({}, "{\"a\":1}", 3).trouble, "");
}

}  // namespace
}  // namespace hookreel::app::client
