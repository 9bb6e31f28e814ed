#include "dialect/cos/objects.h"

#include "base/digest.h"
#include "base/random.h"
#include "base/text.h"
#include "dialect/cos/answers.h"
#include "dialect/cos/signature.h"
#include "dialect/cos/xml.h"
#include "media/files/quota.h"

namespace hookreel::dialect::cos {
namespace {

constexpr std::size_t parameters_max = 64;
constexpr std::size_t key_bytes_max = 850;  // Tencent 436/13324.

// A request, taken apart.
struct Call {
    Place place;      // The key decoded, empty for the bucket itself.
    Form parameters;  // Of the query, without those of the signature.
    Form all_parameters;
    std::optional<std::string> md5;  // 16 raw bytes.
};

bool is_signature_parameter(std::string_view name) {
    return name.starts_with("q-") || name == "x-cos-security-token";
}

std::optional<std::string> parameter(const Call& call, std::string_view name) {
    for (const auto& [found, value] : call.parameters)
        if (found == name) return value;
    return std::nullopt;
}

// Whether the query has these parameters and no others.
bool has_only(const Call& call, std::initializer_list<std::string_view> names) {
    return call.parameters.size() == names.size() &&
           std::ranges::all_of(
               names, [&](std::string_view name) { return parameter(call, name).has_value(); });
}

// Names count without case in a signature, so two that differ in case alone would make it unclear
// what was signed.
bool has_repeated_name(const Form& parameters) {
    std::vector<std::string> names;
    for (const auto& [name, value] : parameters)
        names.push_back(to_lower(name));
    std::ranges::sort(names);
    return std::ranges::adjacent_find(names) != names.end();
}

Answer<std::optional<std::string>> read_md5(const http::Headers& headers) {
    if (!headers.has("Content-MD5")) return std::nullopt;
    Result<std::string> raw = from_base64(headers.get("Content-MD5"));
    if (!raw || raw->size() != 16)
        return refuse(400, "InvalidDigest", "The Content-MD5 you specified is not valid.");
    return std::move(*raw);
}

Answer<Call> read_call(const http::RequestHead& head) {
    Call call;
    std::string_view path = head.path();
    path.remove_prefix(std::min(path.size(), path_prefix.size()));
    const std::size_t slash = std::min(path.find('/'), path.size());
    call.place.bucket = path.substr(0, slash);
    call.place.host = head.headers.get("Host");
    Result<std::string> key = percent_decode(path.substr(std::min(path.size(), slash + 1)));
    Result<Form> parameters = parse_form(head.query());
    if (!key || key->size() > key_bytes_max || !parameters || parameters->size() > parameters_max)
        return refuse(400, "InvalidURI", "Couldn't parse the specified URI.");
    if (has_repeated_name(*parameters))
        return refuse(400, "InvalidArgument", "A parameter is given twice.");
    call.place.key = std::move(*key);
    call.all_parameters = std::move(*parameters);
    for (const auto& [name, value] : call.all_parameters)
        if (!is_signature_parameter(name)) call.parameters.emplace_back(name, value);
    Answer<std::optional<std::string>> md5 = read_md5(head.headers);
    if (!md5) return std::unexpected(std::move(md5.error()));
    call.md5 = std::move(*md5);
    return call;
}

KeyForm key_form(const Call& call) {
    return parameter(call, "encoding-type") == "url" ? KeyForm::url : KeyForm::plain;
}

// A number of the query; `fallback` when it is absent. Refused when it is out of its range.
struct NumberRule {
    std::string_view name;
    int least = 0;
    int most = 0;
    int fallback = 0;
};
Answer<int> number_of(const Call& call, const NumberRule& rule) {
    const std::optional<std::string> text = parameter(call, rule.name);
    if (!text || text->empty()) return rule.fallback;
    const Result<std::int64_t> number = parse_signed(*text);
    if (!number || *number < rule.least || *number > rule.most)
        return refuse(400, "InvalidArgument", std::string(rule.name) + " is not valid.");
    return static_cast<int>(*number);
}

Refusal no_such_upload() {
    return {404, "NoSuchUpload", "The specified multipart upload does not exist."};
}

// Of an operation on a multipart upload.
Wording upload_wording() {
    Wording wording;
    wording.missing = no_such_upload();
    return wording;
}

// One authenticated request being served.
class Exchange {
 public:
    Exchange(media::Uploads& uploads, http::Request& request, Call call, media::Upload upload)
        : uploads_(uploads),
          request_(request),
          call_(std::move(call)),
          upload_(std::move(upload)) {}

    Task<Answer<http::Response>> serve() {
        const std::string_view method = request_.head().method;
        if (call_.place.key.empty()) {
            if (method == "GET" && parameter(call_, "uploads")) co_return co_await list_uploads();
        } else if (method == "PUT" && !request_.head().headers.has("x-cos-copy-source")) {
            if (has_only(call_, {})) co_return co_await put_object();
            if (has_only(call_, {"partNumber", "uploadId"})) co_return co_await put_part();
        } else if (method == "HEAD") {
            co_return co_await head_object();
        } else if (method == "POST") {
            if (has_only(call_, {"uploads"})) co_return co_await start();
            if (has_only(call_, {"uploadId"})) co_return co_await complete();
        } else if (method == "GET" && parameter(call_, "uploadId")) {
            co_return co_await list_parts();
        } else if (method == "DELETE" && has_only(call_, {"uploadId"})) {
            co_return co_await abort();
        }
        co_return refuse(501, "NotImplemented", "This server takes uploads only.");
    }

    // What went wrong on our side, for the log.
    const std::optional<Error>& fault() const { return fault_; }

 private:
    std::unexpected<Refusal> refuse_for(const Error& error, const Wording& wording) {
        const bool is_ours = error.code == Code::unavailable || error.code == Code::internal;
        if (is_ours && !media::is_over_quota(error)) fault_ = error;
        return std::unexpected(refusal_of(error, wording));
    }
    static Refusal bad_digest() {
        return {400, "BadDigest", "The Content-MD5 you specified is not that of the body."};
    }
    std::string upload_id() const { return parameter(call_, "uploadId").value_or(""); }

    Task<Answer<http::Response>> put_object() {
        Result<media::StoredObject> object =
            co_await uploads_.put_object(upload_, call_.place.key, request_, call_.md5);
        if (!object) co_return refuse_for(object.error(), {Wording{}.missing, bad_digest()});
        co_return stored(*object);
    }

    Task<Answer<http::Response>> head_object() {
        Result<media::StoredObject> object =
            co_await uploads_.head_object(upload_, call_.place.key);
        if (!object) co_return refuse_for(object.error(), {});
        http::Response response = stored(*object);
        response.headers.set("Content-Length", fmt::to_string(object->size_bytes));
        co_return response;
    }

    Task<Answer<http::Response>> start() {
        Result<media::Multipart> multipart =
            co_await uploads_.start_multipart(upload_, call_.place.key);
        if (!multipart) co_return refuse_for(multipart.error(), {});
        co_return multipart_started(call_.place, *multipart);
    }

    Task<Answer<http::Response>> put_part() {
        const NumberRule rule{"partNumber", 1, static_cast<int>(complete_parts_max), 0};
        const Answer<int> number = number_of(call_, rule);
        if (!number) co_return std::unexpected(number.error());
        if (*number == 0) co_return refuse(400, "InvalidArgument", "partNumber is not valid.");
        std::string id = upload_id();
        Result<media::Part> part =
            co_await uploads_.put_part(upload_, std::move(id), *number, request_, call_.md5);
        if (!part) co_return refuse_for(part.error(), {no_such_upload(), bad_digest()});
        media::StoredObject object{part->size_bytes, part->md5, part->md5, part->written};
        co_return stored(object);
    }

    Task<Answer<http::Response>> list_uploads() {
        UploadsQuery query{parameter(call_, "prefix").value_or(""), key_form(call_)};
        Result<std::vector<media::Multipart>> multiparts =
            co_await uploads_.list_multiparts(upload_, query.prefix);
        if (!multiparts) co_return refuse_for(multiparts.error(), {});
        co_return multipart_list(call_.place, query, *multiparts);
    }

    Task<Answer<http::Response>> list_parts() {
        const Answer<int> after = number_of(call_, {"part-number-marker", 0, 10'000, 0});
        const Answer<int> count_max = number_of(call_, {"max-parts", 1, 1000, 1000});
        if (!after) co_return std::unexpected(after.error());
        if (!count_max) co_return std::unexpected(count_max.error());
        PartsQuery query{upload_id(), *after, *count_max, key_form(call_)};
        Result<std::vector<media::Part>> parts =
            co_await uploads_.list_parts(upload_, query.upload_id);
        if (!parts) co_return refuse_for(parts.error(), upload_wording());
        co_return part_list(call_.place, query, *parts);
    }

    Task<Answer<http::Response>> complete() {
        Result<std::string> xml = co_await request_.read_all(complete_bytes_max);
        if (!xml) co_return refuse_for(xml.error(), {});
        if (call_.md5 && *call_.md5 != digest(Algorithm::md5, *xml))
            co_return std::unexpected(bad_digest());
        Result<std::vector<CompletedPart>> completed = parse_complete(*xml);
        if (!completed)
            co_return refuse(400, "MalformedXML",
                             "The XML is not valid: " + completed.error().detail + ".");
        std::vector<media::Part> parts;
        for (CompletedPart& part : *completed) {
            if (!parts.empty() && part.number <= parts.back().number)
                co_return refuse(400, "InvalidPartOrder", "The parts are not in ascending order.");
            parts.push_back({part.number, 0, to_lower(part.etag), {}});
        }
        std::string id = upload_id();
        Result<media::StoredObject> object =
            co_await uploads_.complete_multipart(upload_, std::move(id), std::move(parts));
        if (!object)
            co_return refuse_for(
                object.error(),
                {no_such_upload(),
                 {400, "InvalidPart", "One or more of the parts could not be found."}});
        co_return multipart_completed(call_.place, *object);
    }

    Task<Answer<http::Response>> abort() {
        std::string id = upload_id();
        Result<void> aborted = co_await uploads_.abort_multipart(upload_, std::move(id));
        if (!aborted) co_return refuse_for(aborted.error(), upload_wording());
        http::Response response;
        response.status = 204;
        co_return response;
    }

    media::Uploads& uploads_;
    http::Request& request_;
    Call call_;
    media::Upload upload_;
    std::optional<Error> fault_;
};

Refusal signature_refusal(const Error& error) {
    if (error.code == Code::not_found) return {403, "AccessDenied", "Access Denied."};
    return {403, "AccessDenied", "The signature is not well-formed: " + error.detail + "."};
}

// The session whose keys signed the request. The texts for wrong clocks are those by which the
// official clients correct theirs.
Task<Answer<media::Upload>> authenticate(media::Uploads& uploads, const http::RequestHead& head,
                                         const Call& call, TimePoint now) {
    Result<Signature> signature = read_signature(head.headers, call.all_parameters);
    if (!signature) co_return std::unexpected(signature_refusal(signature.error()));
    switch (timeliness(*signature, now)) {
        case Timeliness::valid:
            break;
        case Timeliness::too_early:
            co_return refuse(403, "RequestTimeTooSkewed",
                             "The difference between the request time and the current time is "
                             "too large.");
        case Timeliness::expired:
            co_return refuse(403, "AccessDenied", "Request has expired");
    }
    Result<media::Upload> upload = co_await uploads.find_by_secret_id(signature->secret_id);
    if (!upload && upload.error().code != Code::not_found)
        co_return std::unexpected(refusal_of(upload.error(), {}));
    if (!upload)
        co_return refuse(403, "InvalidAccessKeyId",
                         "The access key id you provided does not exist or has expired.");
    const std::string path = "/" + call.place.key;
    const SignedRequest request{head.method, path, call.all_parameters, head.headers};
    if (!fits(*signature, request, upload->keys.secret_key))
        co_return refuse(403, "SignatureDoesNotMatch",
                         "The signature does not match the one that was calculated.");
    if (!constant_time_equal(signature->token, upload->token))
        co_return refuse(403, "AccessDenied", "The security token is missing or wrong.");
    if (call.place.bucket != upload->bucket)
        co_return refuse(404, "NoSuchBucket", "The specified bucket does not exist.");
    co_return std::move(*upload);
}

}  // namespace

Task<http::Response> ObjectEndpoint::handle(http::Request& request) {
    const std::string request_id = random_hex(16);
    const http::RequestHead& head = request.head();
    const std::string resource(head.path());
    const bool is_head = head.method == "HEAD";

    Answer<http::Response> answer = refuse(500, "InternalError", {});
    Answer<Call> call = read_call(head);
    if (!call) {
        answer = std::unexpected(call.error());
    } else {
        Answer<media::Upload> upload = co_await authenticate(uploads_, head, *call, clock_.now());
        if (!upload) {
            answer = std::unexpected(upload.error());
        } else if (request.content_length().value_or(0) > limits_.put_bytes_max) {
            answer = refuse(400, "EntityTooLarge", "The body is over the limit of one request.");
        } else {
            Exchange exchange(uploads_, request, std::move(*call), std::move(*upload));
            answer = co_await exchange.serve();
            if (exchange.fault())
                log_.error("an upload failed",
                           {{"request_id", request_id}, {"error", exchange.fault()->detail}});
        }
    }
    http::Response response =
        answer ? std::move(*answer) : refused(answer.error(), resource, request_id, clock_.now());
    if (!answer && is_head) response.body = std::string();
    response.headers.set("x-cos-request-id", request_id);
    co_return response;
}

}  // namespace hookreel::dialect::cos
