#include "media/files/file_head.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "media/files/file_io.h"

namespace hookreel::media {
namespace {

constexpr std::size_t head_bytes_max = 4096;

}  // namespace

Result<std::string> read_head(const std::string& path) {
    const Result<Descriptor> file = open_to_read(path);
    if (!file) return fail(file.error());
    std::string head(head_bytes_max, '\0');
    for (;;) {
        const ssize_t count = ::pread(file->number(), head.data(), head.size(), 0);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fail(Code::unavailable, "a file cannot be read");
        head.resize(static_cast<std::size_t>(count));
        return head;
    }
}

std::string_view picture_type(std::string_view head) {
    if (head.starts_with("\xff\xd8\xff")) return "jpg";
    if (head.starts_with("\x89PNG\r\n\x1a\n")) return "png";
    if (head.starts_with("GIF87a") || head.starts_with("GIF89a")) return "gif";
    return {};
}

bool looks_like_text(std::string_view head) {
    static constexpr std::string_view blanks = "\t\n\f\r";
    return std::ranges::all_of(
        head, [](char c) { return static_cast<unsigned char>(c) >= 0x20 || blanks.contains(c); });
}

}  // namespace hookreel::media
