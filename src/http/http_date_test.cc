#include "http/http_date.h"

#include <gtest/gtest.h>

namespace hookreel::http {
namespace {

TEST(HttpDate, IsWrittenAndRead) {
    const TimePoint time = from_unix_seconds(784'111'777);
    EXPECT_EQ(http_date(time), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), time);
    EXPECT_EQ(http_date(time + Duration(999)), "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(HttpDate, RefusesOtherForms) {
    for (const char* text :
         {"", "now", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
          "Mon, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 UTC",
          "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT",
          "Sun, 06 Nox 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:60 GMT"})
        EXPECT_FALSE(parse_http_date(text)) << text;
}

}  // namespace
}  // namespace hookreel::http
