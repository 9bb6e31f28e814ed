#include "media/files/text_filter.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace hookreel::media {
namespace {

TextFilter::Marks marks(std::string_view part) {
    TextFilter::Marks all;
    TextFilter::add_marks(all, part);
    return all;
}

TEST(TextFilter, NeverDeniesWhatIsThere) {
    TextFilter filter;
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < 1000; ++i) {
        texts.push_back(fmt::format("Über den Wolken {:05} – 雲の上", i * 7919 % 100'000));
        filter.add(i, texts.back());
    }
    ASSERT_EQ(filter.block_count(), 16u);
    for (std::size_t i = 0; i < texts.size(); ++i)
        for (std::size_t from = 0; from < texts[i].size(); from += 3)
            EXPECT_TRUE(filter.may_have(i / TextFilter::block_entries,
                                        marks(std::string_view(texts[i]).substr(from, 9))));
}

TEST(TextFilter, DeniesMostOfWhatIsNot) {
    TextFilter filter;
    for (std::size_t i = 0; i < 6'400; ++i)
        filter.add(i, fmt::format("summer holiday at the lake {:05}", i));
    int blocks = 0;
    for (std::size_t block = 0; block < filter.block_count(); ++block)
        blocks += filter.may_have(block, marks("zebra crossing"));
    EXPECT_EQ(blocks, 0);
    for (std::size_t block = 0; block < filter.block_count(); ++block)
        blocks += filter.may_have(block, marks("e 03200"));
    EXPECT_GE(blocks, 1);
    EXPECT_LT(blocks, 10);
}

TEST(TextFilter, KnowsNothingOfShortParts) {
    TextFilter filter;
    filter.add(0, "a");
    ASSERT_EQ(filter.block_count(), 1u);
    EXPECT_TRUE(filter.may_have(0, marks("zq")));
    EXPECT_FALSE(filter.may_have(0, marks("zqx")));
}

}  // namespace
}  // namespace hookreel::media
