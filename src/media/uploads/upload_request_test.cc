#include "media/uploads/upload_request.h"

#include <gtest/gtest.h>

namespace hookreel::media {
namespace {

UploadRequest named(std::string name) {
    UploadRequest request;
    request.type = "mp4";
    request.name = std::move(name);
    return request;
}

std::string name_of(std::string name) {
    return checked_request(named(std::move(name)))->name;
}

TEST(UploadRequest, TakesTheTypesOfTheSpecInAnyCase) {
    for (const std::string_view type : {"mp4", "MP4", "wmv", "mp3", "jpg"})
        EXPECT_TRUE(accepted_type(type)) << type;
    // What a playlist names would not come along with it; a pull gets it.
    EXPECT_FALSE(accepted_type("m3u8"));
    EXPECT_FALSE(accepted_type("MPD"));
    EXPECT_TRUE(checked_request({.type = "m3u8"}));
    EXPECT_TRUE(checked_request({.type = "mpd"}));
    for (const std::string_view type : {"", "exe", "html", "mp4/", "../mp4", "mp4\n", "svg"})
        EXPECT_FALSE(accepted_type(type)) << type;
}

TEST(UploadRequest, WritesExtensionsInLowerCase) {
    UploadRequest request = named("x");
    request.type = "WMV";
    request.cover_type = "JPG";
    const Result<UploadRequest> checked = checked_request(request);
    ASSERT_TRUE(checked);
    EXPECT_EQ(checked->type, "wmv");
    EXPECT_EQ(checked->cover_type, "jpg");
}

TEST(UploadRequest, SaysWhichFieldIsWrong) {
    UploadRequest request = named("x");
    request.type = "exe";
    EXPECT_TRUE(checked_request(request).error().detail.starts_with("type"));
    request = named("x");
    request.cover_type = "mp4";
    EXPECT_TRUE(checked_request(request).error().detail.starts_with("cover_type"));
    EXPECT_TRUE(checked_request(named("\xff")).error().detail.starts_with("name"));
}

TEST(UploadRequest, CleansTheName) {
    EXPECT_EQ(name_of("my clip"), "my clip");
    EXPECT_EQ(name_of("a\r\nb\x7f\tc\xc2\x85"), "abc");
    EXPECT_EQ(name_of(""), "untitled");
    EXPECT_EQ(name_of("\n \n"), "untitled");
}

TEST(UploadRequest, CutsTheNameBetweenCharacters) {
    std::string name;
    for (int i = 0; i < 100; ++i)
        name += "é片😀";
    const std::string cut = name_of(name);
    EXPECT_EQ(cut, name.substr(0, cut.size()));
    EXPECT_EQ(cut.size(), 21u * (2 + 3 + 4) + 2u);
    EXPECT_EQ(name_of(std::string(65, 'x')), std::string(64, 'x'));
}

}  // namespace
}  // namespace hookreel::media
