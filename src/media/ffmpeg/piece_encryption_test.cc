#include "media/ffmpeg/piece_encryption.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "base/aes.h"
#include "media/files/upload_fakes.h"

namespace hookreel::media {
namespace {

const std::string key = "0123456789abcdef";

class PieceEncryptionTest : public testing::Test {
 protected:
    std::string add(const std::string& name, std::string_view bytes) {
        const std::string path = folder_.path() + "/" + name;
        std::ofstream(path, std::ios::binary) << bytes;
        return path;
    }

    fakes::TemporaryFolder folder_;
};

std::string encrypted(std::string_view text, std::string_view start) {
    AesCbcEncryptor encryptor({key, start});
    std::string out = encryptor.update(text);
    return out + encryptor.finish();
}

TEST_F(PieceEncryptionTest, EncryptsTheWholeOfAPieceOfAnySizeWithItsPlace) {
    for (const std::size_t size : {1u, 16u, 188u, 256u * 1024, 600'001u}) {
        std::string bytes(size, 'x');
        for (std::size_t i = 0; i < size; i += 97)
            bytes[i] = static_cast<char>(i);
        const std::string path = add("a.ts", bytes);
        ASSERT_TRUE(encrypt_piece(path, {key, 0x0102}));
        EXPECT_TRUE(fakes::read_file(path) == encrypted(bytes, std::string(14, '\0') + "\x01\x02"))
            << size;
    }
}

TEST_F(PieceEncryptionTest, TouchesOnlyAFileOfItsOwn) {
    const std::string film = add("film.mp4", "film");
    std::filesystem::create_symlink(film, folder_.path() + "/link.ts");
    std::filesystem::create_hard_link(film, folder_.path() + "/same.ts");
    ASSERT_EQ(::mkfifo((folder_.path() + "/pipe.ts").c_str(), 0600), 0);
    for (const char* name : {"link.ts", "same.ts", "pipe.ts", "none.ts"}) {
        const Result<void> done = encrypt_piece(folder_.path() + "/" + name, {key, 0});
        ASSERT_FALSE(done) << name;
        EXPECT_EQ(done.error().code, Code::not_found) << name;
    }
    EXPECT_EQ(fakes::read_file(film), "film");
    EXPECT_EQ(encrypt_piece(add("empty.ts", ""), {key, 0}).error().code, Code::invalid);
}

}  // namespace
}  // namespace hookreel::media
