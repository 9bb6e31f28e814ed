// Why a request is refused, in the form of RFC 9457: a problem that a program can act on and a
// person can read. Values.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "http/message.h"

namespace hookreel::api {

// What is wrong with one field: "events[3].type", or the name of a parameter.
struct FieldError {
    std::string field;
    std::string detail;
    json::value limit = nullptr;  // The limit that it breaks, when there is one.
};

struct Problem {
    int status = 500;
    std::string_view kind;  // The last part of its type: "invalid-request".
    std::string detail;
    std::vector<FieldError> errors;
    http::Headers headers;
};

template <class T>
using Answer = std::expected<T, Problem>;

// A stranger's name for something as errors repeat it: at most 100 bytes, without half a character
// at the end. `name` is UTF-8.
std::string shown_name(std::string_view name);

// Builds the failing side of an Answer.
std::unexpected<Problem> refuse(int status, std::string_view kind, std::string detail);
// 400 for one field.
std::unexpected<Problem> refuse_field(FieldError error);
std::unexpected<Problem> refuse_fields(std::vector<FieldError> errors);
std::unexpected<Problem> not_found(std::string_view what);

// How an error of the parts below is told: not_found 404, conflict 409, too_large 413 and so on.
std::unexpected<Problem> refuse(const Error& error);

// The answer; `instance` names this one occurrence.
http::Response to_response(const Problem& problem, std::string_view instance);

}  // namespace hookreel::api
