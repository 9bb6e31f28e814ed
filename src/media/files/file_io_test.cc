#include "media/files/file_io.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "media/files/upload_fakes.h"

namespace hookreel::media {
namespace {

class FileIoTest : public testing::Test {
 protected:
    std::string in(std::string_view name) const { return folder_.path() + "/" + std::string(name); }
    void write(const std::string& path, std::string_view bytes) const {
        std::ofstream(path) << bytes;
    }

    fakes::TemporaryFolder folder_;
};

TEST_F(FileIoTest, AStagedFileIsGoneUnlessItIsKept) {
    {
        Result<StagedFile> file = StagedFile::create(in("a"));
        ASSERT_TRUE(file);
        ASSERT_TRUE(file->append("half"));
        EXPECT_EQ(folder_.file_count(), 1u);
    }
    EXPECT_EQ(folder_.file_count(), 0u);
    {
        Result<StagedFile> file = StagedFile::create(in("a"));
        ASSERT_TRUE(file->append("who"));
        StagedFile moved = std::move(*file);
        ASSERT_TRUE(moved.append("le"));
        EXPECT_EQ(moved.size_bytes(), 5u);
        EXPECT_EQ(*moved.keep(std::nullopt), digest(Algorithm::md5, "whole"));
    }
    EXPECT_EQ(fakes::read_file(in("a")), "whole");
}

TEST_F(FileIoTest, AStagedFileNeverOverwritesAnother) {
    write(in("a"), "old");
    EXPECT_EQ(StagedFile::create(in("a")).error().code, Code::conflict);
    EXPECT_EQ(fakes::read_file(in("a")), "old");
}

TEST_F(FileIoTest, CopiesAPieceOfAnotherFile) {
    write(in("source"), "0123456789");
    const Result<Descriptor> source = open_to_read(in("source"));
    Result<StagedFile> file = StagedFile::create(in("a"));
    ASSERT_TRUE(source && file);
    EXPECT_EQ(file->append_from(*source, 3, 4), 4u);
    EXPECT_EQ(file->append_from(*source, 8, 4), 2u);
    EXPECT_EQ(file->append_from(*source, 10, 4), 0u);
    ASSERT_TRUE(file->keep(std::nullopt));
    EXPECT_EQ(fakes::read_file(in("a")), "345689");
}

TEST_F(FileIoTest, OpensRegularFilesOnly) {
    write(in("file"), "x");
    std::filesystem::create_symlink(in("file"), in("link"));
    ASSERT_EQ(::mkfifo(in("pipe").c_str(), 0600), 0);
    EXPECT_TRUE(open_to_read(in("file")));
    for (const std::string_view name : {"link", "pipe", "missing", ".", "file/x"})
        EXPECT_EQ(open_to_read(in(name)).error().code, Code::not_found) << name;
}

TEST_F(FileIoTest, AMoveMayBeRepeated) {
    write(in("a"), "x");
    const Move move{in("a"), in("b/c/d")};
    EXPECT_TRUE(move_file(move));
    EXPECT_TRUE(move_file(move));
    EXPECT_EQ(fakes::read_file(in("b/c/d")), "x");
    const Move nothing{in("a"), in("e")};
    EXPECT_EQ(move_file(nothing).error().code, Code::not_found);
}

TEST_F(FileIoTest, ErrorsNameTheFileButNotItsFolder) {
    const Result<Descriptor> missing = open_to_read(in("missing"));
    EXPECT_NE(missing.error().detail.find("missing"), std::string::npos);
    EXPECT_EQ(missing.error().detail.find(folder_.path()), std::string::npos);
}

TEST_F(FileIoTest, WorkRunsBesideTheLoop) {
    Loop loop;
    FileThreads threads(1);
    const auto here = std::this_thread::get_id();
    auto work = [here] { return std::this_thread::get_id() != here; };
    EXPECT_TRUE(fakes::run(loop, threads.run(work)));
}

}  // namespace
}  // namespace hookreel::media
