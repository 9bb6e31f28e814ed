#include "media/ffmpeg/output_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "base/digest.h"
#include "base/random.h"

namespace hookreel::media {
namespace {

constexpr std::string_view work_name = ".work";
constexpr std::size_t text_bytes_max = 16 << 20;

std::unexpected<Error> fault(std::string_view what) {
    return fail(Code::unavailable, fmt::format("{}: {}", what, strerrordesc_np(errno)));
}

// Reads a whole file, for the hash and perhaps for its text, and syncs it.
Result<OutputFile> read_and_sync(const std::string& path, std::string* text) {
    Result<Descriptor> file = open_to_read(path);
    if (!file) return fail(std::move(file.error()));
    posix_fadvise(file->number(), 0, 0, POSIX_FADV_SEQUENTIAL);
    Hasher hasher(Algorithm::md5);
    OutputFile result;
    const auto buffer = std::make_unique<std::array<char, 256 * 1024>>();
    for (;;) {
        const ssize_t count = ::read(file->number(), buffer->data(), buffer->size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fault("read an output");
        if (count == 0) break;
        const std::string_view bytes(buffer->data(), static_cast<std::size_t>(count));
        hasher.update(bytes);
        result.size_bytes += bytes.size();
        if (text && text->size() + bytes.size() <= text_bytes_max) *text += bytes;
    }
    if (::fdatasync(file->number()) != 0) return fault("sync an output");
    result.md5 = hex(hasher.finish());
    return result;
}

}  // namespace

Result<WorkFolder> WorkFolder::create(const std::string& media_folder) {
    std::string path = fmt::format("{}/{}/{}", media_folder, work_name, random_hex(16));
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) return fail(Code::unavailable, "make a working folder: " + error.message());
    return WorkFolder(std::move(path));
}

void WorkFolder::clear(const std::string& media_folder) {
    std::error_code ignored;
    std::filesystem::remove_all(fmt::format("{}/{}", media_folder, work_name), ignored);
}

WorkFolder::~WorkFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

Result<OutputFile> settle_file(const std::string& path) {
    return read_and_sync(path, nullptr);
}

Result<OutputFolder> settle_folder(const std::string& path, const FolderContents& contents) {
    const Result<std::vector<std::string>> names = names_in(path);
    if (!names) return fail(names.error());
    OutputFolder folder;
    for (const std::string& name : *names) {
        const bool is_main = name == contents.main;
        const std::string file = fmt::format("{}/{}", path, name);
        if (!is_main && !contents.belongs(name)) {
            if (Result<void> removed = remove_all(file); !removed)
                return fail(std::move(removed.error()));
            continue;
        }
        const Result<OutputFile> settled =
            read_and_sync(file, is_main ? &folder.main_text : nullptr);
        if (!settled) return fail(settled.error());
        folder.size_bytes += settled->size_bytes;
        folder.sizes_bytes.emplace(name, settled->size_bytes);
        if (is_main) folder.main_md5 = settled->md5;
    }
    if (folder.main_md5.empty()) return fail(Code::not_found, "no playlist was written");
    if (Result<void> synced = sync_folder(path); !synced) return fail(std::move(synced.error()));
    return folder;
}

Result<std::string> read_text(const std::string& path) {
    std::string text;
    const Result<OutputFile> file = read_and_sync(path, &text);
    if (!file) return fail(file.error());
    if (file->size_bytes > text_bytes_max) return fail(Code::invalid, "a text of over 16 MiB");
    return text;
}

Result<void> write_text(const std::string& path, std::string_view text, Readers readers) {
    if (Result<void> removed = remove_all(path); !removed) return removed;
    Result<StagedFile> file = StagedFile::create(path, readers);
    if (!file) return fail(std::move(file.error()));
    if (Result<void> written = file->append(text); !written) return written;
    const Result<std::string> kept = file->keep(std::nullopt);
    if (!kept) return fail(kept.error());
    return {};
}

Result<void> move_folder(const Move& move) {
    const std::string parent = std::filesystem::path(move.to).parent_path().string();
    if (Result<void> made = make_folder(parent); !made) return made;
    // An exchange, so that a player never finds nothing; the old one goes with the work folder.
    if (::renameat2(AT_FDCWD, move.from.c_str(), AT_FDCWD, move.to.c_str(), RENAME_EXCHANGE) != 0) {
        if (errno == EINVAL || errno == ENOSYS) {  // Not on every file system.
            if (Result<void> removed = remove_all(move.to); !removed) return removed;
        } else if (errno != ENOENT) {
            return fault("exchange a folder");
        }
        if (::rename(move.from.c_str(), move.to.c_str()) != 0) return fault("move a folder");
    }
    return sync_folder(parent);
}

}  // namespace hookreel::media
