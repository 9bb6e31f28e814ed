#include "app/client/native/names.h"

#include <gtest/gtest.h>

#include "app/client/native/fake_api_test.h"

namespace hookreel::app::client {
namespace {

constexpr const char* nothing = R"({"type":"urn:hookreel:problem:not-found","title":"Not Found",
    "status":404,"detail":"There is no such thing.","instance":"i"})";
constexpr const char* refused = R"({"type":"urn:hookreel:problem:forbidden","title":"Forbidden",
    "status":403,"detail":"The scope is missing.","instance":"i"})";

// What is said of the names when the API answers so, and whom it was asked for.
std::string told(ApiBench& bench, SearchNames names) {
    std::string said;
    const auto scene = [](ApiBench& b, SearchNames named, std::string& out) -> Task<void> {
        out = co_await unknown_name(b.native, std::move(named));
    };
    bench.run(scene(bench, std::move(names), said));
    return said;
}

TEST(SearchNames, NamesTheEndpointThatIsUnknown) {
    ApiBench bench;
    bench.api.expect(404, nothing);
    const std::string said = told(bench, {.endpoint = "ep_nope", .queue = "", .event = "e"});
    EXPECT_TRUE(said.starts_with("there is no endpoint ep_nope\n")) << said;
    EXPECT_TRUE(said.contains("hookreel endpoint list")) << said;
    ASSERT_EQ(bench.api.calls.size(), 1u);
    EXPECT_TRUE(bench.api.calls[0].target.starts_with("/api/v1/endpoints/ep_nope?"));
}

TEST(SearchNames, TakesTheQueueOfAnEndpointForTheEndpoint) {
    ApiBench bench;
    bench.api.expect(404, nothing);
    EXPECT_TRUE(told(bench, {.endpoint = "", .queue = "ep_nope", .event = ""})
                    .starts_with("there is no endpoint ep_nope"));
}

TEST(SearchNames, NamesTheQueueAndTheEventThatAreUnknown) {
    ApiBench queue;
    queue.api.expect(404, nothing);
    EXPECT_TRUE(told(queue, {.endpoint = "", .queue = "nope", .event = ""})
                    .starts_with("there is no queue nope"));
    ApiBench event;
    event.api.expect(200, R"({"id":"ep_1"})");
    event.api.expect(404, nothing);
    EXPECT_TRUE(told(event, {.endpoint = "ep_1", .queue = "", .event = "nope"})
                    .starts_with("there is no event nope"));
}

TEST(SearchNames, SaysNothingOfWhatIsKnownOrNotTold) {
    ApiBench bench;
    bench.api.expect(403, refused);
    EXPECT_EQ(told(bench, {.endpoint = "ep_1", .queue = "", .event = ""}), "");
    ApiBench own;
    EXPECT_EQ(told(own, {.endpoint = "", .queue = "reel", .event = ""}), "");
    EXPECT_TRUE(own.api.calls.empty());
}

}  // namespace
}  // namespace hookreel::app::client
