#include "http/message.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "base/text.h"

namespace hookreel::http {

void Headers::set(std::string name, std::string value) {
    std::erase_if(fields_,
                  [&name](const auto& field) { return equal_ignoring_case(field.first, name); });
    add(std::move(name), std::move(value));
}

std::string_view Headers::get(std::string_view name) const {
    for (const auto& [field, value] : fields_)
        if (equal_ignoring_case(field, name)) return trim(value);
    return {};
}

std::vector<std::string_view> Headers::all(std::string_view name) const {
    std::vector<std::string_view> values;
    for (const auto& [field, value] : fields_)
        if (equal_ignoring_case(field, name)) values.push_back(value);
    return values;
}

bool Headers::has(std::string_view name) const {
    return std::ranges::any_of(
        fields_, [name](const auto& field) { return equal_ignoring_case(field.first, name); });
}

std::string_view RequestHead::path() const {
    return std::string_view(target).substr(0, target.find('?'));
}

std::string_view RequestHead::query() const {
    const auto mark = target.find('?');
    if (mark == std::string::npos) return {};
    return std::string_view(target).substr(mark + 1);
}

Task<Result<std::string>> ByteSource::read_all(std::size_t bytes_max) {
    constexpr std::size_t first_piece = 2 * 1024;
    std::string all;
    std::size_t filled = 0;
    for (;;) {
        // One byte more than the limit is asked for, so that a body of exactly the limit ends well.
        const auto room_max = std::max(bytes_max, bytes_max + 1);
        const auto room = std::min(std::max(first_piece, filled * 2), room_max);
        if (filled == all.size()) all.resize(room);
        const std::span<char> free(all.data() + filled, all.size() - filled);
        const auto count = co_await read(free);
        if (!count) co_return fail(count.error());
        if (*count == 0) break;
        filled += *count;
        if (filled > bytes_max)
            co_return fail(Code::too_large,
                           fmt::format("the body is over {}", human_bytes(bytes_max)));
    }
    all.resize(filled);
    co_return all;
}

namespace {

struct Reason {
    int status;
    std::string_view phrase;
};

// RFC 9110 section 15, as far as the house uses it; 460 is of tus 1.0.0.
constexpr auto reasons = std::to_array<Reason>({
    {100, "Continue"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {423, "Locked"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {460, "Checksum Mismatch"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {507, "Insufficient Storage"},
    {508, "Loop Detected"},
});

struct CloseDescriptor {
    void operator()(const int* descriptor) const {
        ::close(*descriptor);
        delete descriptor;
    }
};

std::unexpected<Error> file_error(const std::string& path) {
    const int number = errno;
    const auto code = number == ENOENT || number == ENOTDIR ? Code::not_found : Code::internal;
    return fail(code, fmt::format("{}: {}", path, std::generic_category().message(number)));
}

}  // namespace

Result<FileBody> open_file(const std::string& path) {
    // Without O_NONBLOCK the open of a named pipe would wait for its writer.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) return file_error(path);
    std::shared_ptr<const int> owner(new int(descriptor), CloseDescriptor{});
    struct stat status{};
    if (::fstat(descriptor, &status) != 0) return file_error(path);
    if (!S_ISREG(status.st_mode))
        return fail(Code::not_found, fmt::format("{}: not a regular file", path));
    return FileBody{std::move(owner), 0, static_cast<std::uint64_t>(status.st_size)};
}

std::uint64_t length(const MessageBody& body) {
    if (const auto* text = std::get_if<std::string>(&body)) return text->size();
    return std::get<FileBody>(body).length;
}

std::string_view reason(int status) {
    const auto found = std::ranges::lower_bound(reasons, status, {}, &Reason::status);
    return found != reasons.end() && found->status == status ? found->phrase : "Unknown";
}

}  // namespace hookreel::http
