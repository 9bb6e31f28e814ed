#include "app/router.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace hookreel::app {
namespace {

http::Response answered(std::string target) {
    http::RequestHead head;
    head.method = "GET";
    head.target = std::move(target);
    return starting(head);
}

TEST(Router, TellsTheNativeApiThatItIsStartingAsAProblem) {
    const http::Response response = answered("/api/v1/events?limit=1");
    EXPECT_EQ(response.status, 503);
    EXPECT_EQ(response.headers.get("Content-Type"), "application/problem+json");
    EXPECT_EQ(response.headers.get("Retry-After"), "1");
    const json::value body = parse_json(std::get<std::string>(response.body)).value();
    EXPECT_EQ(body.at("type").as_string(), "urn:hookreel:problem:unavailable");
    EXPECT_EQ(body.at("status").as_int64(), 503);
    EXPECT_TRUE(std::string_view(body.at("detail").as_string()).contains("starting"));
    EXPECT_TRUE(std::string_view(body.at("instance").as_string()).starts_with("urn:uuid:"));
}

TEST(Router, TellsOthersThatItIsStartingInAWord) {
    for (const char* target : {"/", "/readyz", "/cos/x", "/media/x.mp4"}) {
        const http::Response response = answered(target);
        EXPECT_EQ(response.status, 503);
        EXPECT_EQ(response.headers.get("Retry-After"), "1");
        EXPECT_EQ(std::get<std::string>(response.body), "starting\n") << target;
    }
}

}  // namespace
}  // namespace hookreel::app
