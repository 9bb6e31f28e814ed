#include "http/message.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
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
        const auto room = std::min(std::max(first_piece, filled * 2), bytes_max + 1);
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
    switch (status) {
        case 100:
            return "Continue";
        case 200:
            return "OK";
        case 201:
            return "Created";
        case 202:
            return "Accepted";
        case 204:
            return "No Content";
        case 206:
            return "Partial Content";
        case 301:
            return "Moved Permanently";
        case 302:
            return "Found";
        case 303:
            return "See Other";
        case 304:
            return "Not Modified";
        case 307:
            return "Temporary Redirect";
        case 308:
            return "Permanent Redirect";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 406:
            return "Not Acceptable";
        case 408:
            return "Request Timeout";
        case 409:
            return "Conflict";
        case 410:
            return "Gone";
        case 411:
            return "Length Required";
        case 412:
            return "Precondition Failed";
        case 413:
            return "Content Too Large";
        case 414:
            return "URI Too Long";
        case 415:
            return "Unsupported Media Type";
        case 416:
            return "Range Not Satisfiable";
        case 417:
            return "Expectation Failed";
        case 422:
            return "Unprocessable Content";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 501:
            return "Not Implemented";
        case 502:
            return "Bad Gateway";
        case 503:
            return "Service Unavailable";
        case 504:
            return "Gateway Timeout";
        case 507:
            return "Insufficient Storage";
        default:
            return "Unknown";
    }
}

}  // namespace hookreel::http
