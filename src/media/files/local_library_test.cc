#include "media/files/local_library.h"

#include <gtest/gtest.h>

#include "store/memory/memory_store.h"

namespace hookreel::media {
namespace {

class LocalLibraryTest : public testing::Test {
 protected:
    ManualClock clock_{TimePoint{}};
    store::MemoryStore store_{clock_};
    LocalLibrary library_{store_, "/data/media"};
};

TEST_F(LocalLibraryTest, FindsTheFileBehindAPath) {
    EXPECT_EQ(library_.absolute("1500000001/37/3701925921299637010/f0.mp4"),
              "/data/media/1500000001/37/3701925921299637010/f0.mp4");
    EXPECT_EQ(library_.absolute("a/b.c/video_10_0001.ts"), "/data/media/a/b.c/video_10_0001.ts");
}

TEST_F(LocalLibraryTest, NoPathLeavesTheLibrary) {
    using namespace std::string_view_literals;
    for (const std::string_view path :
         {""sv, "/"sv, "/etc/passwd"sv, ".."sv, "."sv, "../x"sv, "a/../../x"sv, "a/./b"sv, "a//b"sv,
          "a/"sv, "a/.hidden"sv, "a\0b"sv, "a\\..\\b"sv, "a/..\0"sv, "a b"sv, "a%2e%2e"sv, "\xff"sv,
          "a/\n"sv})
        EXPECT_FALSE(library_.absolute(path)) << path;
    EXPECT_FALSE(library_.absolute(std::string(513, 'a')));
}

TEST_F(LocalLibraryTest, AFolderHoldsOneFileOfOneApplication) {
    EXPECT_EQ(library_folder(model::ApplicationId(15), model::FileId("3701925921299637010")),
              "15/37/3701925921299637010");
}

}  // namespace
}  // namespace hookreel::media
