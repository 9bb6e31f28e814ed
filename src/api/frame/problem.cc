#include "api/frame/problem.h"

namespace hookreel::api {
namespace {

struct Kind {
    int status;
    std::string_view kind;
};

Kind kind_of(Code code) {
    switch (code) {
        case Code::invalid:
            return {400, "invalid-request"};
        case Code::not_found:
            return {404, "not-found"};
        case Code::conflict:
            return {409, "conflict"};
        case Code::lease_lost:
            return {409, "lease-lost"};
        case Code::too_large:
            return {413, "too-large"};
        case Code::denied:
            return {403, "forbidden"};
        case Code::timed_out:
            return {408, "timed-out"};
        case Code::protocol:
        case Code::network:
            return {400, "invalid-request"};
        case Code::unavailable:
        case Code::cancelled:
            return {503, "unavailable"};
        case Code::internal:
            break;
    }
    return {500, "internal"};
}

}  // namespace

std::string shown_name(std::string_view name) {
    constexpr std::size_t bytes_max = 100;
    if (name.size() <= bytes_max) return std::string(name);
    std::size_t end = bytes_max;
    while (end > 0 && (name[end] & 0xc0) == 0x80)
        --end;
    return std::string(name.substr(0, end)) + "…";
}

std::unexpected<Problem> refuse(int status, std::string_view kind, std::string detail) {
    return std::unexpected(Problem{status, kind, std::move(detail), {}, {}});
}

std::unexpected<Problem> refuse_fields(std::vector<FieldError> errors) {
    std::string detail = errors.front().field + " " + errors.front().detail;
    if (errors.size() > 1) detail += fmt::format(" (and {} more)", errors.size() - 1);
    return std::unexpected(
        Problem{400, "invalid-request", std::move(detail), std::move(errors), {}});
}

std::unexpected<Problem> refuse_field(FieldError error) {
    std::vector<FieldError> errors;
    errors.push_back(std::move(error));
    return refuse_fields(std::move(errors));
}

std::unexpected<Problem> not_found(std::string_view what) {
    return refuse(404, "not-found", fmt::format("There is no such {}.", what));
}

std::unexpected<Problem> refuse(const Error& error) {
    const Kind kind = kind_of(error.code);
    std::unexpected<Problem> refused = refuse(kind.status, kind.kind, error.detail);
    if (kind.status == 503) refused.error().headers.set("Retry-After", "1");
    return refused;
}

http::Response to_response(const Problem& problem, std::string_view instance) {
    json::object body;
    body["type"] = fmt::format("urn:hookreel:problem:{}", problem.kind);
    body["title"] = http::reason(problem.status);
    body["status"] = problem.status;
    body["detail"] = problem.detail;
    body["instance"] = instance;
    if (!problem.errors.empty()) {
        json::array errors;
        for (const FieldError& error : problem.errors) {
            json::object one{{"field", error.field}, {"detail", error.detail}};
            if (!error.limit.is_null()) one["limit"] = error.limit;
            errors.push_back(std::move(one));
        }
        body["errors"] = std::move(errors);
    }
    http::Response response{problem.status, problem.headers, json::serialize(body)};
    response.headers.set("Content-Type", "application/problem+json");
    return response;
}

}  // namespace hookreel::api
