#include "app/doctor/storage.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>

#include "base/text.h"
#include "media/files/file_io.h"

namespace hookreel::app::doctor {
namespace {

namespace files = std::filesystem;

// A commit waits for a sync: slower than that is felt by callers.
constexpr Duration slow_sync{50};
constexpr std::size_t sample_bytes = 4096;

std::string why() {
    return std::strerror(errno);
}

// The folder itself, or the nearest one above it that exists.
std::string existing(const std::string& folder) {
    std::error_code error;
    files::path path = files::absolute(folder, error);
    while (!files::exists(path, error) && path.has_parent_path() && path != path.parent_path())
        path = path.parent_path();
    return path.string();
}

Finding check_file_system(const std::string& path) {
    struct statfs system{};
    if (::statfs(path.c_str(), &system) != 0)
        return {"file system", Outcome::warning, "cannot be asked: " + why(), "look at the mount"};
    switch (static_cast<unsigned long>(system.f_type)) {
        case TMPFS_MAGIC:
            return {"file system", Outcome::warning, "tmpfs: it is gone after a restart",
                    "keep the data folder on a disk"};
        case NFS_SUPER_MAGIC:
        case SMB_SUPER_MAGIC:
            return {"file system", Outcome::warning,
                    "a network file system: its locks and syncs are not always kept",
                    "keep the data folder on a local disk"};
        default:
            return {"file system", Outcome::ok, "local", ""};
    }
}

// Writes and syncs a file and the folder's entry, as a commit does. Errors: why it does not work.
Result<Duration> sync_sample(const std::string& folder) {
    std::string path = folder + "/.doctor-XXXXXX";
    const int file = ::mkstemp(path.data());
    if (file < 0) return fail(Code::unavailable, "cannot be written: " + why());
    const std::string sample(sample_bytes, 'd');
    const auto begun = std::chrono::steady_clock::now();
    const bool written =
        ::write(file, sample.data(), sample.size()) == static_cast<ssize_t>(sample.size());
    const bool synced = written && ::fsync(file) == 0;
    const std::string trouble =
        synced ? "" : (written ? "a sync failed: " : "a write failed: ") + why();
    const auto took =
        std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - begun);
    ::close(file);
    ::unlink(path.c_str());
    if (!synced) return fail(Code::unavailable, trouble);
    return took;
}

Findings check_writing(const std::string& folder) {
    const Result<Duration> took = sync_sample(folder);
    if (!took)
        return {{"data folder", Outcome::failed, fmt::format("{} {}", folder, took.error().detail),
                 "give the folder to the user that runs the server: chown, chmod 700"}};
    Findings findings = {{"data folder", Outcome::ok, folder + " can be written", ""}};
    if (*took > slow_sync)
        findings.push_back({"sync", Outcome::warning,
                            fmt::format("{} ms; each answer waits for one", took->count()),
                            "use a faster disk, or one with a cache that survives a power cut"});
    else
        findings.push_back({"sync", Outcome::ok, fmt::format("{} ms", took->count()), ""});
    return findings;
}

// Whether a folder can be made in that one: makes one and takes it away again. Rights alone do not
// tell: some file systems have them and take nothing.
Result<void> make_sample(const std::string& folder) {
    std::string path = folder + "/.doctor-XXXXXX";
    if (::mkdtemp(path.data()) == nullptr) return fail(Code::unavailable, why());
    ::rmdir(path.c_str());
    return {};
}

Finding check_making(const std::string& folder, const std::string& place) {
    const Result<void> made = make_sample(place);
    if (made) return {"data folder", Outcome::ok, folder + " will be made by the server", ""};
    return {"data folder", Outcome::failed,
            fmt::format("{} cannot be made in {}: {}", folder, place, made.error().detail),
            "make it for the user that runs the server; see --data-dir"};
}

// How many files and folders in it others may read.
std::size_t open_entries(const std::string& folder) {
    std::size_t count = 0;
    std::error_code error;
    for (const files::directory_entry& entry : files::directory_iterator(folder, error)) {
        struct stat status{};
        if (::lstat(entry.path().c_str(), &status) == 0 && !S_ISLNK(status.st_mode) &&
            (status.st_mode & 077) != 0)
            ++count;
    }
    return count;
}

Finding check_rights(const std::string& folder) {
    struct stat status{};
    if (::stat(folder.c_str(), &status) != 0)
        return {"rights", Outcome::warning, folder + " cannot be asked: " + why(), "look at it"};
    return judge_rights({folder, status.st_mode & 0777u, open_entries(folder)});
}

}  // namespace

Finding judge_space(std::uint64_t free_bytes, std::uint64_t reserve_bytes) {
    const std::string found = fmt::format("{} free, {} of it are the reserve",
                                          human_bytes(free_bytes), human_bytes(reserve_bytes));
    if (free_bytes < reserve_bytes)
        return {"free space", Outcome::failed, found,
                "make room, or lower --disk-reserve: uploads are refused"};
    if (free_bytes < 2 * reserve_bytes)
        return {"free space", Outcome::warning, found, "make room before uploads are refused"};
    return {"free space", Outcome::ok, found, ""};
}

Finding judge_rights(const Rights& rights) {
    constexpr unsigned others_enter = 011;
    constexpr unsigned others_write = 022;
    const bool is_entered = (rights.mode & others_enter) != 0 && rights.open_entries > 0;
    if (!is_entered && (rights.mode & others_write) == 0)
        return {"rights", Outcome::ok, "other users can read nothing in it", ""};
    return {"rights", Outcome::warning,
            fmt::format("{} is open to other users (mode {:04o}), and {} entries in it; it holds "
                        "secret keys",
                        rights.folder, rights.mode, rights.open_entries),
            fmt::format("chmod go= {}", rights.folder)};
}

Findings check_data_folder(const std::string& folder, std::uint64_t reserve_bytes) {
    const std::string place = existing(folder);
    std::error_code error;
    if (!files::is_directory(place, error))
        return {{"data folder", Outcome::failed, place + " is no folder", "see --data-dir"}};
    const bool exists = files::exists(folder, error);
    Findings findings = exists ? check_writing(place) : Findings{check_making(folder, place)};
    if (exists) findings.push_back(check_rights(place));
    findings.push_back(check_file_system(place));
    const Result<std::uint64_t> free = media::free_bytes(place);
    if (free)
        findings.push_back(judge_space(*free, reserve_bytes));
    else
        findings.push_back(
            {"free space", Outcome::failed, free.error().detail, "look at the disk"});
    return findings;
}

}  // namespace hookreel::app::doctor
