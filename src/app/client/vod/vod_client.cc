#include "app/client/vod/vod_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "app/client/screen/terminal.h"
#include "dialect/tencent_vod/protocol/signature.h"

namespace hookreel::app::client {
namespace {

// PullEvents is held for up to 5 s; a commit of a large file is probed.
constexpr Duration call_timeout{60'000};
constexpr std::size_t answer_bytes_max = 16u << 20;

Code code_of(std::string_view api_code) {
    if (api_code.starts_with("ResourceNotFound")) return Code::not_found;
    if (api_code.starts_with("AuthFailure") || api_code.starts_with("UnauthorizedOperation"))
        return Code::denied;
    if (api_code.starts_with("ServiceUnavailable") || api_code.starts_with("RequestLimitExceeded"))
        return Code::unavailable;
    if (api_code.starts_with("InternalError") || api_code.starts_with("FailedOperation"))
        return Code::internal;
    return Code::invalid;
}

std::string_view text_of(const json::object& object, std::string_view name) {
    const json::value* found = object.if_contains(name);
    return found && found->is_string() ? std::string_view(found->get_string()) : std::string_view();
}

}  // namespace

VodClient::VodClient(http::Client& http, const Clock& clock, Account account)
    : http_(http), clock_(clock), account_(std::move(account)) {}

Task<Result<json::object>> VodClient::call(std::string action, json::object parameters) {
    if (account_.application.value() != 0) parameters["SubAppId"] = account_.application.value();
    dialect::tencent_vod::ApiCall call{.action = std::move(action),
                                       .host = account_.server.authority(),
                                       .body = json::serialize(parameters)};
    http::ClientRequest request;
    request.method = "POST";
    request.url = account_.server;
    request.url.target = "/";
    request.headers = dialect::tencent_vod::sign_tc3(call, account_.keys, clock_.now());
    request.body = std::move(call.body);
    request.timeout = call_timeout;
    request.response_bytes_max = answer_bytes_max;
    Result<http::ClientResponse> answer = co_await http_.send(std::move(request));
    if (!answer) co_return fail(std::move(answer.error()));
    warning_ = answer->headers.get("X-Hookreel-Warning");
    co_return read_answer(*answer);
}

Result<json::object> read_answer(const http::ClientResponse& answer) {
    const auto strange = [&](std::string_view what) {
        return fail(Code::protocol,
                    fmt::format("the answer is not one of the Tencent VOD API (status {}, {})",
                                answer.status, what));
    };
    if (answer.status == 503) return fail(Code::unavailable, "the server is not ready yet");
    if (answer.status != 200) {
        constexpr std::size_t said_max = 200;
        const std::string_view first = std::string_view(answer.body).substr(0, said_max);
        const std::string said = printable(first.substr(0, first.find('\n')));
        const bool is_text = answer.headers.get("Content-Type").starts_with("text/plain");
        return strange(is_text && !said.empty() ? said : "200 was expected");
    }
    Result<json::value> parsed = parse_json(answer.body);
    if (!parsed) return strange(parsed.error().detail);
    json::value* response =
        parsed->is_object() ? parsed->get_object().if_contains("Response") : nullptr;
    if (!response || !response->is_object()) return strange("no Response");
    json::object& fields = response->get_object();
    const json::value* error = fields.if_contains("Error");
    if (!error) return std::move(fields);
    if (!error->is_object()) return strange("an Error of the wrong shape");
    const std::string_view code = text_of(error->get_object(), "Code");
    const std::string_view message = text_of(error->get_object(), "Message");
    return fail(code_of(code), fmt::format("{}: {}", code, message));
}

std::string_view api_code(const Error& error) {
    const std::string_view detail = error.detail;
    const std::string_view code = detail.substr(0, detail.find(':'));
    if (code.empty() || !std::isupper(static_cast<unsigned char>(code.front()))) return {};
    const auto part_of_code = [](unsigned char c) { return std::isalnum(c) || c == '.'; };
    return std::ranges::all_of(code, part_of_code) ? code : std::string_view();
}

std::string advice(const Error& error, const Account& account) {
    const std::string server = account.server.authority();
    const std::string_view code = api_code(error);
    if (code == "AuthFailure.SignatureExpire")
        return "The clocks of this machine and of the server differ by more than 5 minutes: set "
               "them.";
    if (code.starts_with("AuthFailure") && account.keys.secret_id.empty())
        return "Give the key pair that `hookreel serve` printed at its first start: --secret-id "
               "and --secret-key, or HOOKREEL_SECRET_ID and HOOKREEL_SECRET_KEY.";
    if (code.starts_with("AuthFailure"))
        return "The key id or its secret key is not the server's. Use the pair that `hookreel "
               "serve` printed at its first start.";
    if (code == "InvalidParameterValue.MediaType")
        return "Say what the file is with --type, such as mp4, mov, mkv, wmv or mp3.";
    if (!code.empty()) return {};
    if (error.detail.starts_with("tls: "))
        return "Give the server's certificate authority with --ca-file, or write http:// if it "
               "does "
               "not serve https.";
    if (error.code == Code::network || error.code == Code::timed_out)
        return fmt::format(
            "Is `hookreel serve` running at {}? Name another server with --server "
            "or HOOKREEL_SERVER.",
            server);
    if (error.code == Code::protocol)
        return fmt::format("Something else than Hookreel seems to answer at {}.", server);
    return {};
}

}  // namespace hookreel::app::client
