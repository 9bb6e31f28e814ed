#include "app/callback_trouble.h"

#include <gtest/gtest.h>

namespace hookreel::app {
namespace {

TEST(CallbackTrouble, IsTheAddressThatTheRulesNeverAdmit) {
    http::AddressRules rules;
    for (const char* url : {"http://127.0.0.1:9000/x", "http://localhost/", "http://10.1.2.3/",
                            "http://[::1]:9000/", "http://169.254.169.254/latest"})
        EXPECT_NE(callback_trouble(rules, url), "") << url;
    EXPECT_NE(callback_trouble(rules, "http://10.1.2.3/").find("--allow-address 10.1.2.3"),
              std::string::npos);
    ASSERT_TRUE(rules.allow("127.0.0.0/8"));
    EXPECT_EQ(callback_trouble(rules, "http://127.0.0.1:9000/x"), "");
    EXPECT_EQ(callback_trouble(rules, "http://localhost:9000/x"), "");
}

TEST(CallbackTrouble, IsNotSeenInNamesAndPublicAddresses) {
    const http::AddressRules rules;
    for (const char* url : {"", "https://example.com/x", "http://93.184.216.34/"})
        EXPECT_EQ(callback_trouble(rules, url), "") << url;
}

}  // namespace
}  // namespace hookreel::app
