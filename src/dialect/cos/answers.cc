#include "dialect/cos/answers.h"

#include <fmt/format.h>

#include "base/text.h"
#include "dialect/cos/xml.h"
#include "media/files/quota.h"

namespace hookreel::dialect::cos {
namespace {

constexpr std::string_view declaration = "<?xml version='1.0' encoding='utf-8' ?>\n";

std::string in_quotes(std::string_view etag) {
    return fmt::format("\"{}\"", etag);
}

std::string key_element(const std::string& key, KeyForm form) {
    return element({"Key", form == KeyForm::url ? percent_encode(key) : key});
}

}  // namespace

Refusal refusal_of(const Error& error, const Wording& wording) {
    // Not for clients to repeat, as they do after a 503.
    if (media::is_over_quota(error))
        return {400, "EntityTooLarge", "The upload is too large: " + error.detail + "."};
    switch (error.code) {
        case Code::not_found:
            return wording.missing;
        case Code::invalid:
            return wording.wrong;
        case Code::denied:
            return {403, "AccessDenied", "Access denied: " + error.detail + "."};
        case Code::too_large:
            return {400, "EntityTooLarge", "The upload is too large: " + error.detail + "."};
        case Code::timed_out:
            return {400, "RequestTimeout", "The body came too slowly."};
        case Code::network:
        case Code::protocol:
            return {400, "IncompleteBody", "The body ended before its announced length."};
        case Code::conflict:
        case Code::unavailable:
        case Code::cancelled:
            return {503, "ServiceUnavailable",
                    "The server takes no bytes now; its disk may be full. Please try again."};
        case Code::lease_lost:
        case Code::internal:
            break;
    }
    return {500, "InternalError", "An internal error occurred."};
}

http::Response refused(const Refusal& refusal, std::string_view resource,
                       std::string_view request_id, TimePoint now) {
    http::Response response;
    response.status = refusal.status;
    response.headers.set("Content-Type", "application/xml");
    response.body = fmt::format(
        "{}<Error>{}{}{}{}{}</Error>\n", declaration, element({"Code", std::string(refusal.code)}),
        element({"Message", refusal.message}), element({"Resource", std::string(resource)}),
        element({"RequestId", std::string(request_id)}), element({"ServerTime", iso8601(now)}));
    return response;
}

http::Response document(std::string_view root, std::string_view elements) {
    http::Response response;
    response.headers.set("Content-Type", "application/xml");
    response.body = fmt::format("{}<{}>{}</{}>\n", declaration, root, elements, root);
    return response;
}

http::Response stored(const media::StoredObject& object) {
    http::Response response;
    response.headers.set("ETag", in_quotes(object.etag));
    return response;
}

http::Response multipart_started(const Place& place, const media::Multipart& multipart) {
    return document("InitiateMultipartUploadResult", element({"Bucket", place.bucket}) +
                                                         element({"Key", place.key}) +
                                                         element({"UploadId", multipart.id}));
}

http::Response multipart_completed(const Place& place, const media::StoredObject& object) {
    const std::string location =
        fmt::format("http://{}/cos/{}/{}", place.host, place.bucket, place.key);
    return document("CompleteMultipartUploadResult",
                    element({"Location", location}) + element({"Bucket", place.bucket}) +
                        element({"Key", place.key}) + element({"ETag", in_quotes(object.etag)}));
}

http::Response multipart_list(const Place& place, const UploadsQuery& query,
                              const std::vector<media::Multipart>& multiparts) {
    // A session has few: they are always one page.
    std::string elements =
        element({"Bucket", place.bucket}) + element({"Prefix", query.prefix}) +
        (query.form == KeyForm::url ? element({"EncodingType", "url"}) : std::string()) +
        element({"MaxUploads", "1000"}) + element({"IsTruncated", "false"});
    for (const media::Multipart& multipart : multiparts)
        elements +=
            fmt::format("<Upload>{}{}{}{}</Upload>", key_element(multipart.key, query.form),
                        element({"UploadId", multipart.id}), element({"StorageClass", "STANDARD"}),
                        element({"Initiated", iso8601(multipart.started)}));
    return document("ListMultipartUploadsResult", elements);
}

http::Response part_list(const Place& place, const PartsQuery& query,
                         const std::vector<media::Part>& parts) {
    std::string elements;
    int count = 0;
    int last = query.after;
    for (const media::Part& part : parts) {
        if (part.number <= query.after || count == query.count_max) continue;
        ++count;
        last = part.number;
        elements += fmt::format("<Part>{}{}{}{}</Part>",
                                element({"PartNumber", fmt::to_string(part.number)}),
                                element({"LastModified", iso8601(part.written)}),
                                element({"ETag", in_quotes(part.md5)}),
                                element({"Size", fmt::to_string(part.size_bytes)}));
    }
    const bool truncated = !parts.empty() && last < parts.back().number;
    std::string head =
        element({"Bucket", place.bucket}) + key_element(place.key, query.form) +
        (query.form == KeyForm::url ? element({"EncodingType", "url"}) : std::string()) +
        element({"UploadId", query.upload_id}) + element({"StorageClass", "STANDARD"}) +
        element({"PartNumberMarker", fmt::to_string(query.after)}) +
        (truncated ? element({"NextPartNumberMarker", fmt::to_string(last)}) : std::string()) +
        element({"MaxParts", fmt::to_string(query.count_max)}) +
        element({"IsTruncated", truncated ? "true" : "false"});
    return document("ListPartsResult", head + elements);
}

}  // namespace hookreel::dialect::cos
