#include "media/external/external_service.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_out.h"

namespace hookreel::media {
namespace {

constexpr Duration request_timeout{30'000};
constexpr std::size_t reply_bytes_max = 512 * 1024;
constexpr std::size_t message_bytes_max = 1'000;
constexpr std::int64_t ask_again_seconds_max = 600;

std::unexpected<Error> unfit(std::string_view why) {
    return fail(Code::invalid, fmt::format("its answer is not of the contract: {}", why));
}

const json::string* text_of(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value && value->is_string() ? &value->get_string() : nullptr;
}

std::optional<std::int64_t> number_of(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    if (!value || !value->is_number()) return std::nullopt;
    boost::system::error_code error;
    const auto number = value->to_number<std::int64_t>(error);
    if (error) return std::nullopt;
    return number;
}

// No half of a character is left at the cut.
std::string cut(std::string_view text) {
    if (text.size() <= message_bytes_max) return std::string(text);
    std::size_t end = message_bytes_max;
    while (end > 0 && (text[end] & 0xC0) == 0x80)
        --end;
    return std::string(text.substr(0, end));
}

Result<Reply> failed_reply(const json::object& answer) {
    Reply reply;
    reply.state = Reply::State::failed;
    const json::string* message = text_of(answer, "message");
    reply.message = message ? cut(*message) : "the external service failed";
    if (const json::string* code = text_of(answer, "error")) {
        const Result<model::Failure> failure = parse_enum<model::Failure>(std::string_view(*code));
        if (!failure || *failure == model::Failure::none)
            return unfit("`error` is no ErrCodeExt, and its message: " + reply.message);
        reply.failure = *failure;
    }
    return reply;
}

Result<Reply> processing_reply(const json::object& answer) {
    Reply reply;
    if (const auto progress = number_of(answer, "progress"))
        reply.progress = static_cast<int>(std::clamp<std::int64_t>(*progress, 0, 99));
    if (const auto seconds = number_of(answer, "ask_again_seconds"))
        reply.ask_again =
            std::chrono::seconds(std::clamp<std::int64_t>(*seconds, 1, ask_again_seconds_max));
    return reply;
}

}  // namespace

std::string question_text(const Question& question) {
    std::string text;
    JsonOut out(text);
    out.open('{').member("id", question.id).member("kind", question.kind);
    out.member("application", question.application.value()).name("input").raw(question.input);
    out.name("file");
    if (question.file) {
        const Question::File& file = *question.file;
        out.open('{').member("id", file.id).member("name", file.name).member("url", file.url);
        out.member("md5", file.md5).member("size_bytes", file.size_bytes);
        out.member("duration_seconds", file.duration_seconds).close('}');
    } else {
        out.null();
    }
    out.member("session_context", question.session_context);
    out.member("deadline", question.deadline).close('}');
    return text;
}

Result<Reply> read_reply(int status, std::string_view body) {
    const bool is_passing = status == 408 || status == 425 || status == 429;
    if (status >= 400 && status < 500 && !is_passing)
        return fail(Code::invalid, fmt::format("it refused with status {}", status));
    if (status != 200 && status != 202)
        return fail(Code::unavailable, fmt::format("it answered with status {}", status));
    const Result<json::value> parsed = parse_json(body);
    if (!parsed) return unfit(parsed.error().detail);
    const json::object* answer = parsed->if_object();
    const json::string* state = answer ? text_of(*answer, "status") : nullptr;
    if (!state) return unfit("it has no `status`");
    if (*state == "processing") return processing_reply(*answer);
    if (*state == "failed") return failed_reply(*answer);
    if (*state != "finished") return unfit("`status` is none of processing, finished, failed");
    const json::value* output = answer->if_contains("output");
    if (!output || !(output->is_object() || output->is_array()))
        return unfit("`output` is neither an object nor an array");
    Reply reply;
    reply.state = Reply::State::finished;
    reply.progress = 100;
    reply.output = json::serialize(*output);
    return reply;
}

const std::string* HttpExternalService::url_of(std::string_view kind) const {
    auto found = urls_.find(kind);
    if (found == urls_.end()) found = urls_.find("*");
    return found == urls_.end() ? nullptr : &found->second;
}

Task<Result<Reply>> HttpExternalService::ask(Question question) {
    const std::string* url = url_of(question.kind);
    if (!url) co_return fail(Code::not_found, "no external service does " + question.kind);
    Result<http::Url> target = http::parse_url(*url);
    if (!target) co_return fail(std::move(target.error()));
    Result<http::ClientRequest> request = write_(question.id, question_text(question));
    if (!request) co_return fail(std::move(request.error()));
    request->url = std::move(*target);
    request->timeout = request_timeout;
    request->response_bytes_max = reply_bytes_max;
    Result<http::ClientResponse> response = co_await client_.send(std::move(*request));
    if (!response) co_return fail(std::move(response.error()));
    if (!response->body_is_whole) co_return unfit("it is longer than 512 KiB");
    co_return read_reply(response->status, response->body);
}

}  // namespace hookreel::media
