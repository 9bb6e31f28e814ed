#include "api/playback.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "api/byte_range.h"
#include "api/signed_manifest.h"
#include "base/clock.h"
#include "base/text.h"
#include "http/http_date.h"
#include "media/files/stream_key.h"

namespace hookreel::api {
namespace {

struct TypeOfExtension {
    std::string_view extension;
    std::string_view type;
};
constexpr std::array<TypeOfExtension, 48> types = {{
    {"3gp", "video/3gpp"},
    {"aac", "audio/aac"},
    {"ac3", "audio/ac3"},
    {"amr", "audio/amr"},
    {"ape", "audio/x-ape"},
    {"asf", "video/x-ms-asf"},
    {"asx", "video/x-ms-asf"},
    {"avi", "video/x-msvideo"},
    {"bmp", "image/bmp"},
    {"dat", "video/mpeg"},
    {"f4v", "video/mp4"},
    {"flac", "audio/flac"},
    {"flv", "video/x-flv"},
    {"gif", "image/gif"},
    {"jpeg", "image/jpeg"},
    {"jpg", "image/jpeg"},
    {"m3u8", "application/vnd.apple.mpegurl"},
    {"m4a", "audio/mp4"},
    {"m4s", "video/iso.segment"},
    {"m4v", "video/mp4"},
    {"mkv", "video/x-matroska"},
    {"mov", "video/quicktime"},
    {"mp3", "audio/mpeg"},
    {"mp4", "video/mp4"},
    {"mpd", "application/dash+xml"},
    {"mp4v", "video/mp4"},
    {"mpe", "video/mpeg"},
    {"mpeg", "video/mpeg"},
    {"mpg", "video/mpeg"},
    {"mxf", "application/mxf"},
    {"ogg", "audio/ogg"},
    {"ogv", "video/ogg"},
    {"opus", "audio/ogg"},
    {"png", "image/png"},
    {"qt", "video/quicktime"},
    {"ra", "audio/vnd.rn-realaudio"},
    {"ram", "audio/x-pn-realaudio"},
    {"rm", "application/vnd.rn-realmedia"},
    {"rmvb", "application/vnd.rn-realmedia-vbr"},
    {"ts", "video/mp2t"},
    {"vob", "video/mpeg"},
    {"vtt", "text/vtt; charset=utf-8"},
    {"wav", "audio/wav"},
    {"webm", "video/webm"},
    {"webp", "image/webp"},
    {"wm", "video/x-ms-wm"},
    {"wma", "audio/x-ms-wma"},
    {"wmv", "video/x-ms-wmv"},
}};

// An open file with what its validators are made of.
struct OpenFile {
    http::FileBody body;
    TimePoint modified{};  // To the second, as headers have it.
    std::string etag;
};

Result<OpenFile> open(const std::string& path) {
    Result<http::FileBody> body = http::open_file(path);
    if (!body) return fail(std::move(body.error()));
    struct stat status{};
    if (::fstat(*body->descriptor, &status) != 0) return fail(Code::internal, "fstat");
    OpenFile file;
    file.etag = fmt::format("\"{:x}-{:x}{:08x}\"", body->length, status.st_mtim.tv_sec,
                            status.st_mtim.tv_nsec);
    file.modified = from_unix_seconds(status.st_mtim.tv_sec);
    file.body = std::move(*body);
    return file;
}

// If-Match and If-None-Match: "*" or a list. Ours are strong, so a weak one never matches strongly.
enum class Comparison { strong, weak };
bool lists(std::string_view header, std::string_view etag, Comparison comparison) {
    if (trim(header) == "*") return true;
    while (!header.empty()) {
        const std::string_view piece = header.substr(0, header.find(','));
        header.remove_prefix(std::min(header.size(), piece.size() + 1));
        std::string_view candidate = trim(piece);
        if (comparison == Comparison::weak && candidate.starts_with("W/"))
            candidate.remove_prefix(2);
        if (candidate == etag) return true;
    }
    return false;
}

// RFC 9110, section 13.2.2: these come before all others.
bool is_another(const http::Headers& headers, const OpenFile& file) {
    if (headers.has("If-Match"))
        return !lists(headers.get("If-Match"), file.etag, Comparison::strong);
    const Result<TimePoint> since = http::parse_http_date(headers.get("If-Unmodified-Since"));
    return since && file.modified > *since;
}

bool is_unchanged(const http::Headers& headers, const OpenFile& file) {
    if (headers.has("If-None-Match"))
        return lists(headers.get("If-None-Match"), file.etag, Comparison::weak);
    const Result<TimePoint> since = http::parse_http_date(headers.get("If-Modified-Since"));
    return since && file.modified <= *since;
}

// Whether a range may be answered: there is no If-Range, or it names what we have, compared
// strongly.
bool range_applies(const http::Headers& headers, const OpenFile& file) {
    if (!headers.has("If-Range")) return true;
    const std::string_view condition = headers.get("If-Range");
    if (condition.starts_with('"')) return condition == file.etag;
    const Result<TimePoint> since = http::parse_http_date(condition);
    return since && *since == file.modified;
}

// Seconds that a cache may keep a file: the film itself never changes, what tasks made of it may be
// made anew under its name.
std::int64_t kept_for(std::string_view path) {
    constexpr std::int64_t long_time = 86'400;
    constexpr std::int64_t short_time = 60;
    const std::string_view name = path.substr(path.rfind('/') + 1);
    return name.starts_with("f0.") ? long_time : short_time;
}

http::Response plain(int status, std::string text) {
    http::Response response;
    response.status = status;
    response.headers.set("Content-Type", "text/plain; charset=utf-8");
    response.body = std::move(text);
    return response;
}

// The whole text of a file that is short. Errors: too_large, internal.
Result<std::string> text_of(const OpenFile& file) {
    if (file.body.length > manifest_bytes_max) return fail(Code::too_large, "a long manifest");
    std::string text(file.body.length, '\0');
    for (std::size_t at = 0; at < text.size();) {
        const ssize_t got = ::pread(*file.body.descriptor, text.data() + at, text.size() - at,
                                    static_cast<off_t>(at));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return fail(Code::internal, "a manifest cannot be read");
        at += static_cast<std::size_t>(got);
    }
    return text;
}

http::Response answer(const http::RequestHead& head, OpenFile file, std::string_view path) {
    const std::uint64_t file_bytes = file.body.length;
    http::Response response;
    response.headers.set("ETag", file.etag);
    response.headers.set("Last-Modified", http::http_date(file.modified));
    response.headers.set("Accept-Ranges", "bytes");
    if (is_another(head.headers, file)) {
        response.status = 412;
        return response;
    }
    if (is_unchanged(head.headers, file)) {
        response.status = 304;
        return response;
    }
    // A range is defined for GET alone.
    const RangeChoice range = head.method == "GET" && range_applies(head.headers, file)
                                  ? choose_range(head.headers.get("Range"), file_bytes)
                                  : RangeChoice(WholeFile{});
    if (std::holds_alternative<Unsatisfiable>(range)) {
        response.status = 416;
        response.headers.set("Content-Range", fmt::format("bytes */{}", file_bytes));
        return response;
    }
    if (const auto* part = std::get_if<ByteRange>(&range)) {
        response.status = 206;
        response.headers.set("Content-Range",
                             fmt::format("bytes {}-{}/{}", part->offset,
                                         part->offset + part->length - 1, file_bytes));
        file.body.offset = part->offset;
        file.body.length = part->length;
    }
    response.headers.set("Content-Type", std::string(content_type(path)));
    response.body = std::move(file.body);
    return response;
}

// Whole, and for whoever asked alone: without validators, so that no 304 says what it is.
http::Response key_answer(std::string key) {
    http::Response response;
    response.headers.set("Content-Type", "application/octet-stream");
    response.headers.set("Cache-Control", "no-store");
    response.body = std::move(key);
    return response;
}

// Any page may show what it has the address of: the address, or the link in it, is the secret.
void allow_every_origin(http::Headers& headers) {
    headers.set("Access-Control-Allow-Origin", "*");
    headers.set("Access-Control-Expose-Headers", "Content-Length, Content-Range, ETag");
    headers.set("X-Content-Type-Options", "nosniff");
}

}  // namespace

std::string_view content_type(std::string_view path) {
    const std::size_t dot = path.rfind('.');
    const std::string extension = dot == path.npos ? "" : to_lower(path.substr(dot + 1));
    const auto found = std::ranges::find(types, extension, &TypeOfExtension::extension);
    return found == types.end() ? "application/octet-stream" : found->type;
}

// The answer to GET and HEAD.
Task<http::Response> Playback::give(const http::RequestHead& head) {
    std::string_view raw = head.path();
    const Result<LinkGuard::Pass> pass = guard_.admit(head);
    if (!pass) co_return plain(403, pass.error().detail + "\n");
    raw.remove_prefix(std::min(raw.size(), media_prefix.size()));
    // A link is to a folder as it is written: a slash in disguise would lead into those within it.
    if (to_lower(raw).contains("%2f")) co_return plain(404, "No such file.\n");
    const Result<std::string> path = percent_decode(raw);
    const Result<std::string> absolute =
        path ? library_.absolute(*path) : Result<std::string>(fail(path.error()));
    if (!absolute) co_return plain(404, "No such file.\n");
    std::string text;
    const bool is_key = media::is_stream_key(*path);
    const bool has_links = pass->needs_links && is_manifest(*path);
    auto work = [&]() -> Result<OpenFile> {
        Result<OpenFile> file = open(*absolute);
        if (!file || !(has_links || is_key)) return file;
        Result<std::string> read = text_of(*file);
        if (!read) return fail(std::move(read.error()));
        text = std::move(*read);
        return file;
    };
    Result<OpenFile> file = co_await threads_.run(work);
    if (!file) co_return plain(404, "No such file.\n");
    if (is_key) co_return key_answer(std::move(text));
    http::Response response;
    if (has_links) {
        response.body = with_queries(
            *path, text, [&](std::string_view folder) { return guard_.query(*pass, folder); });
        response.headers.set("Content-Type", std::string(content_type(*path)));
    } else {
        response = answer(head, std::move(*file), *path);
    }
    response.headers.set("Cache-Control",
                         fmt::format("{}, max-age={}", pass->needs_links ? "private" : "public",
                                     std::min(pass->cache_seconds, kept_for(*path))));
    co_return response;
}

Task<http::Response> Playback::handle(http::Request& request) {
    const http::RequestHead& head = request.head();
    http::Response response;
    if (head.method == "OPTIONS") {
        response.status = 204;
        response.headers.set("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS");
        response.headers.set("Access-Control-Allow-Headers",
                             "Range, If-Range, If-Match, If-None-Match");
        response.headers.set("Access-Control-Max-Age", "86400");
    } else if (head.method != "GET" && head.method != "HEAD") {
        response = plain(405, "Only GET and HEAD.\n");
        response.headers.set("Allow", "GET, HEAD, OPTIONS");
    } else {
        response = co_await give(head);
    }
    allow_every_origin(response.headers);
    co_return response;
}

}  // namespace hookreel::api
