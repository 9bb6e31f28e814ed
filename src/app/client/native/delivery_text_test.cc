#include "app/client/native/delivery_text.h"

#include <gtest/gtest.h>

namespace hookreel::app::client {
namespace {

const Terminal plain(Screen{}, 1);
const TimePoint now = parse_time("2026-11-20T21:40:00Z").value();

json::object delivery(std::string_view state, int attempts = 1, std::string_view id = "17-3") {
    return {{"id", id},
            {"event", "ev"},
            {"type", "order.paid"},
            {"key", ""},
            {"queue", "e1"},
            {"endpoint", "e1"},
            {"time", "2026-11-20T21:39:00.000Z"},
            {"state", state},
            {"attempts", attempts},
            {"next_attempt", nullptr},
            {"held_by", nullptr},
            {"reason", ""}};
}

TEST(DeliveryText, HasAsManyCellsAsItsHead) {
    const Row row = delivery_row(delivery("delivered"), plain, now);
    ASSERT_EQ(row.size(), delivery_head().size());
    EXPECT_EQ(row[0], "17-3");
    EXPECT_EQ(row[1], "delivered");
    EXPECT_EQ(row[4], "e1");
    EXPECT_EQ(attempt_row({}, plain).size(), attempt_head().size());
}

TEST(DeliveryText, NamesTheQueueOfWhatIsPulled) {
    json::object pulled = delivery("waiting");
    pulled["endpoint"] = nullptr;
    pulled["queue"] = "reel";
    EXPECT_EQ(delivery_row(pulled, plain, now)[4], "reel");
}

TEST(DeliveryText, SaysWhyItIsWhereItIs) {
    json::object one = delivery("retrying");
    one["next_attempt"] = "2026-11-20T21:44:03.000Z";
    EXPECT_EQ(delivery_note(one, now), "next in 4 min 3 s");
    one["held_by"] = "breaker";
    EXPECT_EQ(delivery_note(one, now), "the breaker of its endpoint is open, next in 4 min 3 s");
    one["held_by"] = "in_flight";
    one["next_attempt"] = "2026-11-20T21:40:00.000Z";
    EXPECT_EQ(delivery_note(one, now), "as many as may be are under way to its endpoint");
    one["held_by"] = "key";
    one["next_attempt"] = nullptr;
    EXPECT_EQ(delivery_note(one, now), "an earlier event of its key goes first");
    one["state"] = "dead";
    one["reason"] = "answered 500\x1b[2J";
    EXPECT_EQ(delivery_note(one, now), "answered 500 [2J");
    EXPECT_EQ(delivery_note(delivery("delivered"), now), "");
}

TEST(DeliveryText, SaysOfARetryWhatHoldsIt) {
    json::object one = delivery("retrying");
    EXPECT_EQ(retry_text(one, now), "17-3  retrying  to e1");
    one["held_by"] = "paused";
    EXPECT_EQ(
        retry_text(one, now),
        "17-3  retrying  to e1  waits: its endpoint is paused; resume it by: hookreel endpoint "
        "resume e1");
    one["held_by"] = "rate";
    EXPECT_EQ(retry_text(one, now),
              "17-3  retrying  to e1  waits: the rate of its endpoint is used up");
}

TEST(DeliveryText, SaysWhatIsKnownOfOneThatIsNotTriedYet) {
    json::object one = delivery("waiting", 0);
    EXPECT_EQ(untried_text(one, {}, Duration(60'000), now), "it is still waiting after 1 min 0 s");
    one["held_by"] = "breaker";
    EXPECT_EQ(untried_text(one, {{"error", "connect: refused"}}, Duration(60'000), now),
              "it is still waiting after 1 min 0 s: the breaker of its endpoint is open\n"
              "  The last attempt at its endpoint: connect: refused");
}

TEST(DeliveryText, ToleratesDeliveriesOfAnyShape) {
    for (const char* text :
         {R"({})", R"({"id":7,"attempts":"x","time":[],"held_by":{}})", R"({"attempts":1e300})"}) {
        const json::object odd = parse_json(text).value().get_object();
        EXPECT_EQ(delivery_row(odd, plain, now).size(), delivery_head().size()) << text;
        EXPECT_FALSE(delivery_facts(odd, plain, now).empty()) << text;
        EXPECT_TRUE(exchange_lines(odd).empty()) << text;
    }
}

TEST(DeliveryText, ShowsAnAttemptWithItsExchange) {
    const json::object attempt = {{"number", 2},
                                  {"duration_ms", 340},
                                  {"outcome", "retry"},
                                  {"status", 500},
                                  {"error", "status 500"},
                                  {"request_head", "POST / HTTP/1.1\r\nHost: x\r\n\r\n"},
                                  {"response_head", "HTTP/1.1 500 No\r\n\r\n"},
                                  {"response_body", "no\x1b[31m!"}};
    const Row row = attempt_row(attempt, plain);
    EXPECT_EQ(row[2], "340 ms");
    EXPECT_EQ(row[4], "500");
    const std::vector<std::string> expected = {"  POST / HTTP/1.1", "  Host: x", "",
                                               "  HTTP/1.1 500 No", "",          "  no [31m!"};
    EXPECT_EQ(exchange_lines(attempt), expected);
}

TEST(DeliveryWatch, TellsWhatIsNewOrChangedOldestFirst) {
    DeliveryWatch watch;
    const auto ids = [](const std::vector<json::object>& found) {
        std::string all;
        for (const json::object& one : found)
            all += std::string(one.at("id").as_string()) + " ";
        return all;
    };
    EXPECT_EQ(ids(watch.news({delivery("waiting", 0, "b"), delivery("retrying", 1, "a")})), "a b ");
    EXPECT_EQ(ids(watch.news({delivery("waiting", 0, "b"), delivery("retrying", 1, "a")})), "");
    EXPECT_EQ(ids(watch.news({delivery("waiting", 0, "c"), delivery("delivered", 1, "b"),
                              delivery("retrying", 2, "a")})),
              "a b c ");
    EXPECT_EQ(ids(watch.news({delivery("waiting", 0, "c")})), "");
    EXPECT_EQ(ids(watch.news({delivery("waiting", 0, "c"), delivery("retrying", 2, "a")})), "a ");
}

}  // namespace
}  // namespace hookreel::app::client
