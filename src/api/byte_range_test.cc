#include "api/byte_range.h"

#include <gtest/gtest.h>

namespace hookreel::api {
namespace {

RangeChoice part(std::uint64_t offset, std::uint64_t length) {
    return ByteRange{offset, length};
}

TEST(ByteRange, TakesOneRangeOfEachForm) {
    EXPECT_EQ(choose_range("bytes=0-0", 100), part(0, 1));
    EXPECT_EQ(choose_range("bytes=10-19", 100), part(10, 10));
    EXPECT_EQ(choose_range("bytes=10-", 100), part(10, 90));
    EXPECT_EQ(choose_range("bytes=-10", 100), part(90, 10));
    EXPECT_EQ(choose_range("Bytes= 10-19 ", 100), part(10, 10));
}

TEST(ByteRange, EndsAtTheEndOfTheFile) {
    EXPECT_EQ(choose_range("bytes=90-1000", 100), part(90, 10));
    EXPECT_EQ(choose_range("bytes=99-", 100), part(99, 1));
    EXPECT_EQ(choose_range("bytes=-1000", 100), part(0, 100));
    EXPECT_EQ(choose_range("bytes=0-18446744073709551615", 100), part(0, 100));
    EXPECT_EQ(choose_range("bytes=0-99999999999999999999", 100), part(0, 100));
    EXPECT_EQ(choose_range("bytes=-99999999999999999999", 100), part(0, 100));
}

TEST(ByteRange, CannotBeginBehindTheEnd) {
    const RangeChoice none = Unsatisfiable{};
    EXPECT_EQ(choose_range("bytes=100-", 100), none);
    EXPECT_EQ(choose_range("bytes=100-200", 100), none);
    EXPECT_EQ(choose_range("bytes=99999999999999999999-", 100), none);
    EXPECT_EQ(choose_range("bytes=-0", 100), none);
    EXPECT_EQ(choose_range("bytes=0-", 0), none);
    EXPECT_EQ(choose_range("bytes=-1", 0), none);
}

TEST(ByteRange, IsIgnoredWhenItIsNotUnderstoodOrSeveral) {
    const RangeChoice whole = WholeFile{};
    for (const char* header :
         {"", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=20-10", "bytes=1-2,4-5",
          "bytes=1-2, -1", "items=1-2", "bytes=--1", "bytes=1--2", "bytes=+1-2", "bytes=1 - 2"})
        EXPECT_EQ(choose_range(header, 100), whole) << header;
}

}  // namespace
}  // namespace hookreel::api
