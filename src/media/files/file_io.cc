#include "media/files/file_io.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace hookreel::media {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t copy_buffer_bytes = 256 * 1024;
// How much is written before the kernel is told to begin with it, so that the sync at the end of a
// large file does not have to do all of it.
constexpr std::uint64_t writeback_bytes = 8 * 1024 * 1024;

// The failure of the system call that just returned. The folder is left out: the detail may reach
// a log that others read.
[[nodiscard]] std::unexpected<Error> fail_errno(std::string_view verb, std::string_view path) {
    const int number = errno;
    const Code code = number == ENOENT    ? Code::not_found
                      : number == ELOOP   ? Code::not_found
                      : number == ENOTDIR ? Code::not_found
                      : number == EEXIST  ? Code::conflict
                                          : Code::unavailable;
    const std::string name = fs::path(path).filename().string();
    return fail(code,
                fmt::format("{} {}: {}", verb, name, std::generic_category().message(number)));
}

std::string parent_of(const std::string& path) {
    const std::string parent = fs::path(path).parent_path().string();
    return parent.empty() ? "." : parent;
}

}  // namespace

Descriptor::~Descriptor() {
    if (number_ >= 0) ::close(number_);
}

Result<StagedFile> StagedFile::create(std::string path, Readers readers) {
    const mode_t mode = readers == Readers::owner ? 0600 : 0640;
    Descriptor descriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    if (descriptor.number() < 0) return fail_errno("create", path);
    return StagedFile(std::move(path), std::move(descriptor));
}

StagedFile::~StagedFile() {
    if (!path_.empty()) ::unlink(path_.c_str());
}

Result<void> StagedFile::append(std::string_view bytes) {
    hasher_.update(bytes);
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor_.number(), bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return fail_errno("write", path_);
        bytes.remove_prefix(static_cast<std::size_t>(written));
        size_bytes_ += static_cast<std::uint64_t>(written);
    }
    if (size_bytes_ - writeback_begun_ >= writeback_bytes) {
        // A hint: the sync at the end reports what goes wrong.
        ::sync_file_range(descriptor_.number(), static_cast<off_t>(writeback_begun_),
                          static_cast<off_t>(size_bytes_ - writeback_begun_),
                          SYNC_FILE_RANGE_WRITE);
        writeback_begun_ = size_bytes_;
    }
    return {};
}

Result<std::size_t> StagedFile::append_from(const Descriptor& source, std::uint64_t offset,
                                            std::size_t bytes_max) {
    std::string buffer(std::min(copy_buffer_bytes, bytes_max), '\0');
    std::size_t copied = 0;
    while (copied < bytes_max) {
        const std::size_t wanted = std::min(buffer.size(), bytes_max - copied);
        const ssize_t got =
            ::pread(source.number(), buffer.data(), wanted, static_cast<off_t>(offset + copied));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail_errno("read a part for", path_);
        if (got == 0) break;
        Result<void> appended = append({buffer.data(), static_cast<std::size_t>(got)});
        if (!appended) return fail(std::move(appended.error()));
        copied += static_cast<std::size_t>(got);
    }
    return copied;
}

Result<std::string> StagedFile::keep(const std::optional<std::string>& wanted) {
    std::string md5 = hasher_.finish();
    if (wanted && *wanted != md5) return fail(Code::invalid, "the MD5 differs");
    if (::fdatasync(descriptor_.number()) != 0) return fail_errno("sync", path_);
    Result<void> synced = sync_folder(parent_of(path_));
    if (!synced) return fail(std::move(synced.error()));
    path_.clear();
    descriptor_ = Descriptor();
    return md5;
}

Result<GrowingFile> GrowingFile::open(std::string path, std::uint64_t size_bytes) {
    Result<void> made = make_folder(parent_of(path));
    if (!made) return fail(std::move(made.error()));
    const int flags = O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC;
    Descriptor descriptor(::open(path.c_str(), flags, 0640));
    if (descriptor.number() < 0) return fail_errno("open", path);
    struct stat status{};
    if (::fstat(descriptor.number(), &status) != 0) return fail_errno("stat", path);
    if (static_cast<std::uint64_t>(status.st_size) < size_bytes)
        return fail(Code::not_found, "a file is shorter than what was kept of it");
    if (::ftruncate(descriptor.number(), static_cast<off_t>(size_bytes)) != 0)
        return fail_errno("cut", path);
    Result<void> synced = sync_folder(parent_of(path));
    if (!synced) return fail(std::move(synced.error()));
    return GrowingFile(std::move(path), std::move(descriptor), size_bytes);
}

Result<void> GrowingFile::append(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor_.number(), bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return fail_errno("write", path_);
        bytes.remove_prefix(static_cast<std::size_t>(written));
        size_bytes_ += static_cast<std::uint64_t>(written);
    }
    return {};
}

Result<void> GrowingFile::sync() {
    if (::fdatasync(descriptor_.number()) != 0) return fail_errno("sync", path_);
    return {};
}

Result<std::size_t> add_to_hash(Hasher& hasher, const FileStretch& stretch) {
    Result<Descriptor> source = open_to_read(stretch.path);
    if (!source) return fail(std::move(source.error()));
    std::string buffer(std::min(copy_buffer_bytes, stretch.bytes_max), '\0');
    std::size_t added = 0;
    while (added < stretch.bytes_max) {
        const std::size_t wanted = std::min(buffer.size(), stretch.bytes_max - added);
        const ssize_t got = ::pread(source->number(), buffer.data(), wanted,
                                    static_cast<off_t>(stretch.offset + added));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail_errno("read", stretch.path);
        if (got == 0) break;
        hasher.update({buffer.data(), static_cast<std::size_t>(got)});
        added += static_cast<std::size_t>(got);
    }
    return added;
}

Result<Descriptor> open_to_read(const std::string& path) {
    // Without O_NONBLOCK a named pipe would hold the thread for ever.
    Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (descriptor.number() < 0) return fail_errno("open", path);
    struct stat status{};
    if (::fstat(descriptor.number(), &status) != 0) return fail_errno("stat", path);
    if (!S_ISREG(status.st_mode)) return fail(Code::not_found, "not a regular file");
    return descriptor;
}

Result<void> make_folder(const std::string& path) {
    if (::mkdir(path.c_str(), 0750) != 0 && errno != EEXIST) {
        const std::string parent = parent_of(path);
        if (errno != ENOENT || parent == path) return fail_errno("make folder", path);
        Result<void> above = make_folder(parent);
        if (!above) return above;
        if (::mkdir(path.c_str(), 0750) != 0 && errno != EEXIST)
            return fail_errno("make folder", path);
    }
    // Also when it was there: whoever made it may not have come to its sync.
    return sync_folder(parent_of(path));
}

Result<void> sync_folder(const std::string& path) {
    const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.number() < 0) return fail_errno("open", path);
    if (::fsync(folder.number()) != 0) return fail_errno("sync", path);
    return {};
}

Result<void> move_file(const Move& move) {
    Result<void> made = make_folder(parent_of(move.to));
    if (!made) return made;
    if (::rename(move.from.c_str(), move.to.c_str()) != 0) {
        if (errno != ENOENT) return fail_errno("move", move.from);
        struct stat status{};
        if (::lstat(move.to.c_str(), &status) != 0) return fail_errno("move", move.from);
    }
    return sync_folder(parent_of(move.to));
}

Result<void> remove_all(const std::string& path) {
    std::error_code error;
    fs::remove_all(path, error);
    if (error) return fail(Code::unavailable, "remove: " + error.message());
    return {};
}

Result<std::vector<std::string>> names_in(const std::string& path) {
    std::vector<std::string> names;
    std::error_code error;
    fs::directory_iterator entry(path, error);
    if (error == std::errc::no_such_file_or_directory) return names;
    for (; !error && entry != fs::directory_iterator(); entry.increment(error))
        names.push_back(entry->path().filename().string());
    if (error) return fail(Code::unavailable, "list a folder: " + error.message());
    return names;
}

Result<std::uint64_t> free_bytes(const std::string& path) {
    struct statvfs status{};
    if (::statvfs(path.c_str(), &status) != 0) return fail_errno("statvfs", path);
    return static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
}

}  // namespace hookreel::media
