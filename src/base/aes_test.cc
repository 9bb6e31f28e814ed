#include "base/aes.h"

#include <gtest/gtest.h>

#include "base/digest.h"

namespace hookreel {
namespace {

std::string bytes(std::string_view digits) {
    return from_hex(digits).value();
}

// NIST SP 800-38A, F.2.1.
const std::string key = bytes("2b7e151628aed2a6abf7158809cf4f3c");
const std::string start = bytes("000102030405060708090a0b0c0d0e0f");
const std::string text = bytes(
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");

std::string encrypted(std::string_view whole) {
    AesCbcEncryptor encryptor({key, start});
    std::string out = encryptor.update(whole);
    return hex(out + encryptor.finish());
}

TEST(AesCbcEncryptor, EncryptsAsTheStandardSaysAndPads) {
    EXPECT_EQ(encrypted(text),
              "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"
              "73bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7"
              // The standard has no padding: these are of `openssl enc`.
              "8cb82807230e1321d3fae00d18cc2012");
    EXPECT_EQ(encrypted(text.substr(0, 5)), "fc4e79e80d8887716fa2f8580991cd24");
    EXPECT_EQ(encrypted(""), "c84af0b613435d5d9182801a9bd9320b");
}

TEST(AesCbcEncryptor, MakesTheSameOfPiecesOfAnySize) {
    for (const std::size_t size : {1u, 15u, 16u, 17u, 63u}) {
        AesCbcEncryptor encryptor({key, start});
        std::string out;
        for (std::size_t at = 0; at < text.size(); at += size) {
            out += encryptor.update(std::string_view(text).substr(at, size));
            EXPECT_LE(out.size(), at + size);
        }
        EXPECT_EQ(hex(out + encryptor.finish()), encrypted(text)) << size;
    }
}

}  // namespace
}  // namespace hookreel
