#include "app/client/vod/file_upload.h"

#include <fmt/format.h>

#include "app/client/vod/event_text.h"
#include "base/text.h"
#include "dialect/cos/signature.h"

namespace hookreel::app::client {
namespace {

// How long the signature of one object lasts: as long as the largest upload may take.
constexpr auto signature_lifetime = std::chrono::hours(24);
constexpr Duration put_timeout = std::chrono::hours(24);

// What ApplyUpload hands out.
struct Session {
    std::string key;
    std::string bucket;
    std::string path;  // Of the object, with a leading slash.
    model::KeyPair keys;
    std::string token;
};

Result<Session> read_session(const json::object& applied) {
    Session session{
        .key = std::string(find_text(applied, {"VodSessionKey"})),
        .bucket = std::string(find_text(applied, {"StorageBucket"})),
        .path = std::string(find_text(applied, {"MediaStoragePath"})),
        .keys = {std::string(find_text(applied, {"TempCertificate", "SecretId"})),
                 std::string(find_text(applied, {"TempCertificate", "SecretKey"}))},
        .token = std::string(find_text(applied, {"TempCertificate", "Token"})),
    };
    if (session.key.empty() || session.bucket.empty() || !session.path.starts_with('/') ||
        session.keys.secret_id.empty())
        return fail(Code::protocol, "ApplyUpload answered without a session, a path or keys");
    return session;
}

// "/a%20b/c": each segment encoded, slashes kept.
std::string encoded_path(std::string_view path) {
    std::string encoded;
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('/'), path.size());
        encoded += percent_encode(path.substr(0, end));
        if (end < path.size()) encoded += '/';
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return encoded;
}

http::ClientRequest put_request(const VodClient& client, const Session& session,
                                http::FileBody body) {
    http::ClientRequest request;
    request.method = "PUT";
    request.url = client.account().server;
    request.url.target = "/cos/" + percent_encode(session.bucket) + encoded_path(session.path);
    request.timeout = put_timeout;

    const http::Headers signed_headers = {{"Host", request.url.authority()}};
    const TimePoint now = client.clock().now();
    const dialect::cos::SignOptions options{session.keys, now, now + signature_lifetime};
    const dialect::cos::Form no_parameters;
    const dialect::cos::SignedRequest signing{"PUT", session.path, no_parameters, signed_headers};
    request.headers = {{"Authorization", dialect::cos::sign(signing, options)},
                       {"x-cos-security-token", session.token},
                       {"Content-Type", "application/octet-stream"}};
    request.body = std::move(body);
    return request;
}

// What stands between <name> and </name>, cut to what fits on a line.
std::string element(std::string_view xml, std::string_view name) {
    constexpr std::size_t shown_max = 200;
    const std::string opening = fmt::format("<{}>", name);
    const std::size_t begin = xml.find(opening);
    const std::size_t end = xml.find(fmt::format("</{}>", name));
    if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) return {};
    const std::string_view text = xml.substr(begin + opening.size(), end - begin - opening.size());
    return std::string(text.substr(0, shown_max));
}

// The object store tells what is wrong as <Code>…</Code> and <Message>…</Message> in XML.
Error refused(const http::ClientResponse& answer) {
    std::string why = fmt::format("status {}", answer.status);
    for (const std::string_view name : {"Code", "Message"})
        if (const std::string said = element(answer.body, name); !said.empty())
            why += (name == "Code" ? ", " : ": ") + said;
    return {answer.status >= 500 ? Code::unavailable : Code::denied,
            fmt::format("the server did not take the bytes ({})", why)};
}

}  // namespace

std::string extension_of(std::string_view path) {
    const std::string_view file = path.substr(path.rfind('/') + 1);
    const std::size_t dot = file.rfind('.');
    if (dot == std::string_view::npos || dot == 0) return {};
    return to_lower(file.substr(dot + 1));
}

std::string stem_of(std::string_view path) {
    const std::string_view file = path.substr(path.rfind('/') + 1);
    const std::size_t dot = file.rfind('.');
    return std::string(dot == std::string_view::npos || dot == 0 ? file : file.substr(0, dot));
}

Task<Result<UploadedFile>> upload_file(VodClient& client, UploadOrder order) {
    Result<http::FileBody> body = http::open_file(order.path);
    if (!body) co_return fail(std::move(body.error()));
    if (body->length == 0) co_return fail(Code::invalid, order.path + " is empty");
    if (order.type.empty()) order.type = extension_of(order.path);
    if (order.type.empty())
        co_return fail(Code::invalid, order.path + " has no extension: name its type with --type");
    if (order.name.empty()) order.name = stem_of(order.path);

    json::object wanted = {{"MediaType", order.type}, {"MediaName", order.name}};
    const Result<json::object> applied = co_await client.call("ApplyUpload", std::move(wanted));
    if (!applied) co_return fail(applied.error());
    const Result<Session> session = read_session(*applied);
    if (!session) co_return fail(session.error());

    http::ClientRequest put = put_request(client, *session, std::move(*body));
    put.on_sent = std::move(order.on_sent);
    const Result<http::ClientResponse> answer = co_await client.http().send(std::move(put));
    if (!answer) co_return fail(answer.error());
    if (answer->status != 200) co_return fail(refused(*answer));

    json::object finished = {{"VodSessionKey", session->key}};
    const Result<json::object> committed =
        co_await client.call("CommitUpload", std::move(finished));
    if (!committed) co_return fail(committed.error());
    co_return UploadedFile{std::string(find_text(*committed, {"FileId"})),
                           std::string(find_text(*committed, {"MediaUrl"}))};
}

}  // namespace hookreel::app::client
