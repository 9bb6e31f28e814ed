#include "dialect/tencent_vod/events/callback.h"

#include <gtest/gtest.h>

#include "dialect/tencent_vod/events/render_event.h"

namespace hookreel::dialect::tencent_vod {
namespace {

store::Lease lease(std::string stored) {
    store::Lease result;
    result.body = std::make_shared<const std::string>(std::move(stored));
    return result;
}

TEST(Callback, IsAPostOfJson) {
    model::Endpoint endpoint;
    const auto request = CallbackRenderer().render(endpoint, lease("{\"A\":1}"), TimePoint{});
    ASSERT_TRUE(request);
    EXPECT_EQ(request->method, "POST");
    EXPECT_EQ(request->headers.get("Content-Type"), "application/json");
    EXPECT_EQ(std::get<std::string>(request->body), "{\"A\":1}");
}

TEST(Callback, IsSignedWhenThereIsAKey) {
    model::Endpoint endpoint;
    endpoint.url = "https://example.com/";
    endpoint.secrets = {{.value = "abcDEF0123456789abcDEF0123456789"}};
    const auto request = CallbackRenderer().render(endpoint, lease("{\"A\":1}"),
                                                   from_unix_seconds(1772439000 - 600));
    ASSERT_TRUE(request);
    EXPECT_EQ(std::get<std::string>(request->body),
              "{\"A\":1,\"Sign\":\"71cdd8298da0e1c9dbc4cb7d3f34cd62\",\"T\":1772439000}");
}

}  // namespace
}  // namespace hookreel::dialect::tencent_vod
