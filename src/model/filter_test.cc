#include "model/filter.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace hookreel::model {
namespace {

// Whether the member `n` of the data passes a filter for the values.
bool passes(std::vector<std::string> values, std::string_view n) {
    EventFilter filter;
    filter.data.push_back({"a.n", std::move(values)});
    return matches(filter, "order.paid", "k", fmt::format(R"({{"a":{{"n":{}}}}})", n));
}

TEST(FieldFilter, ComparesNumbersByValueAndNotBySpelling) {
    for (const char* wanted : {"7", "7.0", "7e0", "0.7E1"})
        for (const char* given : {"7", "7.0", "70e-1"})
            EXPECT_TRUE(passes({wanted}, given)) << wanted << " and " << given;
    EXPECT_TRUE(passes({"0"}, "-0.0"));
    EXPECT_TRUE(passes({"1.5"}, "15e-1"));
    EXPECT_TRUE(passes({"10000000000000000000"}, "1e19"));
    EXPECT_TRUE(passes({"-9223372036854775808"}, "-9223372036854775808.0"));
    EXPECT_TRUE(passes({"1e300"}, "1.0e300"));
    EXPECT_FALSE(passes({"7"}, "7.5"));
    EXPECT_FALSE(passes({"-7"}, "7.0"));
    EXPECT_FALSE(passes({"9007199254740993"}, "9007199254740992.0"));
    EXPECT_FALSE(passes({"18446744073709551615"}, "18446744073709551616.0"));
}

TEST(FieldFilter, TellsANumberFromATextOfItsDigits) {
    EXPECT_FALSE(passes({"7"}, R"("7")"));
    EXPECT_FALSE(passes({R"("7")"}, "7.0"));
    EXPECT_FALSE(passes({"1"}, "true"));
    EXPECT_FALSE(passes({"0"}, "null"));
    EXPECT_TRUE(passes({"1", "null"}, "null"));
}

}  // namespace
}  // namespace hookreel::model
