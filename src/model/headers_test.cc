#include "model/headers.h"

#include <gtest/gtest.h>

namespace hookreel::model {
namespace {

TEST(Headers, MayBeAnyFieldThatIsNotOurs) {
    for (const Header& header :
         {Header{"Authorization", "Bearer x.y=="}, Header{"x-tenant", ""}, Header{"X_1", "a\tb"}})
        EXPECT_TRUE(check_header(header)) << header.name;
}

TEST(Headers, RefuseNamesOfTheConnectionAndTheDialect) {
    for (const char* name :
         {"Host", "content-length", "Content-Type", "Transfer-Encoding", "CONNECTION", "Expect",
          "User-Agent", "Webhook-Signature", "webhook-anything", "ce-id", "CE-x", "traceparent",
          "Proxy-Authorization"})
        EXPECT_FALSE(check_header({name, "x"})) << name;
}

TEST(Headers, RefuseWhatBreaksTheRequest) {
    for (const Header& header :
         {Header{"", "x"}, Header{"a b", "x"}, Header{"a:", "x"}, Header{"a\r\nb", "x"},
          Header{"\xC3\xA9", "x"}, Header{std::string(129, 'a'), "x"}, Header{"a", "x\r\ny: z"},
          Header{"a", "x\n"}, Header{"a", std::string(1, '\0')}, Header{"a", "\x7f"},
          Header{"a", "\xC3\xA9"}, Header{"a", std::string(4097, 'x')}})
        EXPECT_FALSE(check_header(header)) << header.name;
}

TEST(Headers, AreAtMostThirtyTwo) {
    EXPECT_TRUE(check_headers(std::vector<Header>(32, {"a", "b"})));
    EXPECT_FALSE(check_headers(std::vector<Header>(33, {"a", "b"})));
    EXPECT_FALSE(check_headers({{"a", "b"}, {"Host", "b"}}));
}

}  // namespace
}  // namespace hookreel::model
