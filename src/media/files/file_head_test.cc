#include "media/files/file_head.h"

#include <gtest/gtest.h>

#include "media/files/upload_fakes.h"

namespace hookreel::media {
namespace {

TEST(PictureType, IsToldByTheFirstBytes) {
    EXPECT_EQ(picture_type("\xff\xd8\xff\xe0"), "jpg");
    EXPECT_EQ(picture_type("\x89PNG\r\n\x1a\n..."), "png");
    EXPECT_EQ(picture_type("GIF89a"), "gif");
    for (const char* head : {"", "GIF", "<svg>", "BM", "\x89PNG"})
        EXPECT_EQ(picture_type(head), "") << head;
}

TEST(LooksLikeText, IsFalseForBytesThatNoTextHas) {
    for (const char* head : {"", "<html>\r\n", "{\"a\":\t1}", "\xe4\xb8\xad"})
        EXPECT_TRUE(looks_like_text(head)) << head;
    EXPECT_FALSE(looks_like_text(std::string_view("text\0", 5)));
    EXPECT_FALSE(looks_like_text("\x1a\x45\xdf\xa3"));
}

TEST(ReadHead, ReadsAsMuchAsThereIs) {
    const fakes::TemporaryFolder folder;
    const std::string path = folder.path() + "/file";
    EXPECT_EQ(read_head(path).error().code, Code::not_found);
    std::ofstream(path) << "head";
    EXPECT_EQ(read_head(path), "head");
    std::ofstream(path) << std::string(5000, 'x');
    EXPECT_EQ(read_head(path)->size(), 4096u);
}

}  // namespace
}  // namespace hookreel::media
