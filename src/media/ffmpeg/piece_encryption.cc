#include "media/ffmpeg/piece_encryption.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "base/aes.h"
#include "media/files/file_io.h"

namespace hookreel::media {
namespace {

constexpr std::size_t buffer_bytes = 256 * 1024;

std::unexpected<Error> fault(std::string_view verb) {
    const Code code = errno == ENOENT || errno == ELOOP ? Code::not_found : Code::unavailable;
    return fail(code, fmt::format("{} a piece: {}", verb, strerrordesc_np(errno)));
}

// Opens a file that nobody else has by another name: a program that was taken over could have left
// a link.
Result<Descriptor> open_to_change(const std::string& path) {
    Descriptor file(::open(path.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (file.number() < 0) return fault("open");
    struct stat status{};
    if (::fstat(file.number(), &status) != 0) return fault("stat");
    if (!S_ISREG(status.st_mode) || status.st_nlink != 1)
        return fail(Code::not_found, "a piece is not a file of its own");
    if (status.st_size == 0) return fail(Code::invalid, "a piece is empty");
    return file;
}

Result<void> write_at(const Descriptor& file, std::uint64_t offset, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written =
            ::pwrite(file.number(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return fault("write");
        bytes.remove_prefix(static_cast<std::size_t>(written));
        offset += static_cast<std::uint64_t>(written);
    }
    return {};
}

// 128 bits, big-endian.
std::string start_of(std::uint64_t place) {
    std::string start(aes_block_bytes, '\0');
    for (std::size_t i = aes_block_bytes; place != 0; place >>= 8)
        start[--i] = static_cast<char>(place & 0xff);
    return start;
}

}  // namespace

Result<void> encrypt_piece(const std::string& path, const PieceKey& key) {
    Result<Descriptor> file = open_to_change(path);
    if (!file) return fail(std::move(file.error()));
    const std::string start = start_of(key.place);
    AesCbcEncryptor encryptor({key.key, start});
    const auto buffer = std::make_unique<std::array<char, buffer_bytes>>();
    std::uint64_t read_bytes = 0;
    std::uint64_t written_bytes = 0;  // Never more than were read, but for the last block.
    for (;;) {
        const ssize_t count =
            ::pread(file->number(), buffer->data(), buffer->size(), static_cast<off_t>(read_bytes));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fault("read");
        const std::string_view bytes(buffer->data(), static_cast<std::size_t>(count));
        const std::string out = count == 0 ? encryptor.finish() : encryptor.update(bytes);
        if (Result<void> written = write_at(*file, written_bytes, out); !written) return written;
        if (count == 0) return {};
        read_bytes += bytes.size();
        written_bytes += out.size();
    }
}

}  // namespace hookreel::media
