#include "app/commands/receiver/callback_text.h"

#include <gtest/gtest.h>

namespace hookreel::app::commands {
namespace {

client::Callback callback(http::Headers headers, std::string body) {
    client::Callback made;
    made.number = 3;
    made.at = parse_time("2026-11-20T21:40:06.123Z").value();
    made.head.method = "POST";
    made.head.target = "/callback";
    made.head.headers = std::move(headers);
    made.body = std::move(body);
    made.reading = client::read_callback(made.head.headers, made.body, 1 << 20);
    made.verdict = {client::Signature::good, "v1"};
    return made;
}

json::object line_of(const client::Callback& made, const client::Forwarded* forwarded = nullptr) {
    const std::string line = callback_line(made, forwarded);
    EXPECT_FALSE(line.contains('\n'));
    return parse_json(line).value().get_object();
}

TEST(CallbackText, ForProgramsSaysAllInOneLine) {
    const json::object line =
        line_of(callback({{"Webhook-Id", "e1"}, {"X-Two", "1"}, {"x-two", "2"}},
                         R"({"type":"order.paid","id":"e1","key":"7","data":{"n":1.5}})"));
    EXPECT_EQ(line.at("number"), 3);
    EXPECT_EQ(line.at("received_at"), "2026-11-20T21:40:06.123Z");
    EXPECT_EQ(line.at("method"), "POST");
    EXPECT_EQ(line.at("dialect"), "standard");
    EXPECT_EQ(line.at("signature"), "good");
    EXPECT_EQ(line.at("signature_detail"), "v1");
    EXPECT_EQ(line.at("headers").at("x-two"), "1, 2");
    EXPECT_EQ(line.at("events"), json::parse(R"([{"type":"order.paid","id":"e1","about":"7"}])"));
    EXPECT_EQ(line.at("event").at("data").at("n"), 1.5);
    EXPECT_FALSE(line.contains("forwarded"));
}

TEST(CallbackText, ForProgramsKeepsAnyBody) {
    EXPECT_EQ(line_of(callback({}, "no json")).at("body"), "no json");
    EXPECT_EQ(line_of(callback({}, "\xff")).at("body_base64"), "/w==");
    EXPECT_EQ(line_of(callback({{"X-Odd", "\xff"}}, "")).at("headers").at("x-odd"), "(not UTF-8)");
}

TEST(CallbackText, ForProgramsSaysWhatBecameOfIt) {
    client::Forwarded forwarded;
    forwarded.response.status = 204;
    forwarded.took = Duration(12);
    const client::Callback made = callback({}, "{}");
    EXPECT_EQ(line_of(made, &forwarded).at("forwarded"),
              json::parse(R"({"status":204,"duration_ms":12})"));
    forwarded.trouble = "connect: refused";
    EXPECT_EQ(line_of(made, &forwarded).at("forwarded").at("error"), "connect: refused");
}

}  // namespace
}  // namespace hookreel::app::commands
