#include "media/pulls/pull_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "base/digest.h"

namespace hookreel::media {
namespace {

std::unexpected<Error> fault(std::string_view what) {
    return fail(Code::unavailable, fmt::format("{}: {}", what, strerrordesc_np(errno)));
}

}  // namespace

Result<PullFile> PullFile::open(const std::string& path, std::uint64_t keep_bytes) {
    Result<void> made = make_folder(path.substr(0, path.rfind('/')));
    if (!made) return fail(std::move(made.error()));
    Descriptor descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0640));
    if (descriptor.number() < 0) return fault("open a pull");
    struct stat status{};
    if (::fstat(descriptor.number(), &status) != 0) return fault("stat a pull");
    const std::uint64_t size = std::min(static_cast<std::uint64_t>(status.st_size), keep_bytes);
    PullFile file(std::move(descriptor), size);
    if (Result<void> cut = file.cut(size); !cut) return fail(std::move(cut.error()));
    return file;
}

Result<void> PullFile::append(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::pwrite(descriptor_.number(), bytes.data(), bytes.size(),
                                       static_cast<off_t>(size_bytes_));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fault("write a pull");
        size_bytes_ += static_cast<std::uint64_t>(count);
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
}

Result<void> PullFile::cut(std::uint64_t bytes) {
    if (::ftruncate(descriptor_.number(), static_cast<off_t>(bytes)) != 0)
        return fault("cut a pull");
    size_bytes_ = bytes;
    return {};
}

Result<void> PullFile::sync() {
    if (::fdatasync(descriptor_.number()) != 0) return fault("sync a pull");
    return {};
}

Result<std::string> PullFile::md5() const {
    Hasher hasher(Algorithm::md5);
    const auto buffer = std::make_unique<std::array<char, 256 * 1024>>();
    for (std::uint64_t offset = 0; offset < size_bytes_;) {
        const ssize_t count = ::pread(descriptor_.number(), buffer->data(), buffer->size(),
                                      static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return fault("read a pull");
        hasher.update({buffer->data(), static_cast<std::size_t>(count)});
        offset += static_cast<std::uint64_t>(count);
    }
    return hex(hasher.finish());
}

}  // namespace hookreel::media
