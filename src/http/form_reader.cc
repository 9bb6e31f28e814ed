#include "http/form_reader.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace hookreel::http {
namespace {

constexpr std::size_t buffer_bytes = 64 * 1024;
constexpr std::size_t read_bytes = 16 * 1024;

// A parameter of a header, such as filename="a.mp4".
struct Parameter {
    std::string name;
    std::string value;
    std::string_view rest;  // Of the header, behind it.
};

// Reads `name=token` or `name="text"`. Errors: invalid.
Result<Parameter> read_parameter(std::string_view rest) {
    const std::size_t equals = rest.find('=');
    if (equals == rest.npos) return fail(Code::invalid, "a parameter without a value");
    Parameter parameter{to_lower(trim(rest.substr(0, equals))), {}, {}};
    rest.remove_prefix(equals + 1);
    if (!rest.starts_with('"')) {
        const std::size_t end = std::min(rest.find(';'), rest.size());
        parameter.value = trim(rest.substr(0, end));
        parameter.rest = rest.substr(end);
        return parameter;
    }
    std::size_t at = 1;
    for (; at < rest.size() && rest[at] != '"'; ++at) {
        // Some clients escape a quote; a backslash before anything else is meant as it is.
        if (rest[at] == '\\' && at + 1 < rest.size() && rest[at + 1] == '"') ++at;
        parameter.value += rest[at];
    }
    if (at >= rest.size()) return fail(Code::invalid, "a quote is not closed");
    parameter.rest = rest.substr(at + 1);
    return parameter;
}

// The parameters behind the first word of a header.
Result<std::vector<Parameter>> read_parameters(std::string_view text) {
    std::vector<Parameter> parameters;
    for (std::size_t next = text.find(';'); next != text.npos; next = text.find(';')) {
        text = trim(text.substr(next + 1));
        if (text.empty()) break;
        Result<Parameter> parameter = read_parameter(text);
        if (!parameter) return fail(std::move(parameter.error()));
        text = trim(parameter->rest);
        if (!text.empty() && !text.starts_with(';'))
            return fail(Code::invalid, "words behind a parameter");
        parameters.push_back(std::move(*parameter));
    }
    return parameters;
}

std::string_view first_word(std::string_view header) {
    return trim(header.substr(0, header.find(';')));
}

// Browsers write quotes and line ends of names so (WHATWG HTML, multipart form data).
std::string unescaped(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, char>, 3> escapes = {
        {{"%22", '"'}, {"%0D", '\r'}, {"%0A", '\n'}}};
    std::string plain;
    while (!text.empty()) {
        const auto found = std::ranges::find_if(
            escapes, [&](const auto& escape) { return text.starts_with(escape.first); });
        plain += found == escapes.end() ? text.front() : found->second;
        text.remove_prefix(found == escapes.end() ? 1 : found->first.size());
    }
    return plain;
}

Result<FormPart> read_disposition(std::string_view header) {
    if (!equal_ignoring_case(first_word(header), "form-data"))
        return fail(Code::protocol, "a part that is no form-data");
    Result<std::vector<Parameter>> parameters = read_parameters(header);
    if (!parameters) return fail(Code::protocol, parameters.error().detail);
    FormPart part;
    bool has_name = false;
    for (const Parameter& parameter : *parameters) {
        if (parameter.name == "name") {
            part.name = unescaped(parameter.value);
            has_name = true;
        } else if (parameter.name == "filename") {
            part.filename = unescaped(parameter.value);
        }
    }
    if (!has_name) return fail(Code::protocol, "a part without a name");
    return part;
}

// The lines of a part's head, without the empty one at its end.
Result<FormPart> read_head(std::string_view head) {
    std::optional<FormPart> part;
    while (!head.empty()) {
        const std::string_view line = head.substr(0, head.find("\r\n"));
        head.remove_prefix(std::min(head.size(), line.size() + 2));
        const std::size_t colon = line.find(':');
        if (colon == line.npos) return fail(Code::protocol, "a line of a part is no header");
        if (!equal_ignoring_case(trim(line.substr(0, colon)), "Content-Disposition")) continue;
        if (part) return fail(Code::protocol, "a part with two dispositions");
        Result<FormPart> read = read_disposition(line.substr(colon + 1));
        if (!read) return read;
        part = std::move(*read);
    }
    if (!part) return fail(Code::protocol, "a part without a disposition");
    return std::move(*part);
}

}  // namespace

Result<std::string> form_boundary(std::string_view content_type) {
    if (!equal_ignoring_case(first_word(content_type), "multipart/form-data"))
        return fail(Code::invalid, "no multipart/form-data");
    Result<std::vector<Parameter>> parameters = read_parameters(content_type);
    if (!parameters) return fail(std::move(parameters.error()));
    const auto found = std::ranges::find(*parameters, "boundary", &Parameter::name);
    const auto fits = [](char c) { return c >= ' ' && c < 0x7f; };
    if (found == parameters->end() || found->value.empty() ||
        found->value.size() > boundary_bytes_max || found->value.ends_with(' ') ||
        !std::ranges::all_of(found->value, fits))
        return fail(Code::invalid, "no boundary of 1 to 70 characters");
    return std::move(found->value);
}

Task<Result<void>> FormReader::fill() {
    buffer_.erase(0, used_);
    used_ = 0;
    const std::size_t before = buffer_.size();
    buffer_.resize(std::min(before + read_bytes, buffer_bytes));
    Result<std::size_t> got = co_await source_.read(std::span(buffer_).subspan(before));
    buffer_.resize(before + got.value_or(0));
    if (!got) co_return fail(std::move(got.error()));
    if (*got == 0) co_return fail(Code::protocol, "the form ends too early");
    co_return Result<void>{};
}

// What comes before `end`, which is consumed too.
Task<Result<std::string>> FormReader::read_until(std::string_view end, std::size_t bytes_max) {
    for (;;) {
        const std::string_view unread = std::string_view(buffer_).substr(used_);
        const std::size_t at = unread.find(end);
        if (at != unread.npos && at <= bytes_max) {
            std::string text(unread.substr(0, at));
            used_ += at + end.size();
            co_return text;
        }
        if (at != unread.npos || unread.size() > bytes_max)
            co_return fail(Code::protocol, "the head of a part is too long");
        Result<void> filled = co_await fill();
        if (!filled) co_return fail(std::move(filled.error()));
    }
}

std::size_t FormReader::part_bytes() const {
    const std::string_view unread = std::string_view(buffer_).substr(used_);
    const std::size_t at = unread.find(delimiter_);
    if (at != unread.npos) return at;
    // The end of what is there may be the beginning of the delimiter.
    return unread.size() < delimiter_.size() ? 0 : unread.size() - delimiter_.size() + 1;
}

Task<Result<std::size_t>> FormReader::read(std::span<char> into) {
    while (!is_over_ && !into.empty()) {
        // Nothing is looked at twice, whatever it looks like.
        if (sure_ == 0) sure_ = part_bytes();
        const std::size_t count = std::min(sure_, into.size());
        std::copy_n(buffer_.data() + used_, count, into.data());
        used_ += count;
        sure_ -= count;
        if (count > 0) co_return count;
        if (std::string_view(buffer_).substr(used_).starts_with(delimiter_)) break;
        Result<void> filled = co_await fill();
        if (!filled) co_return fail(std::move(filled.error()));
    }
    co_return 0;
}

Task<Result<void>> FormReader::skip_part() {
    std::array<char, 4096> ignored;
    for (;;) {
        Result<std::size_t> got = co_await read(ignored);
        if (!got) co_return fail(std::move(got.error()));
        if (*got == 0) co_return Result<void>{};
    }
}

Task<Result<std::optional<FormPart>>> FormReader::next() {
    if (is_over_) co_return std::nullopt;
    Result<void> skipped = co_await skip_part();
    if (!skipped) co_return fail(std::move(skipped.error()));
    used_ += delimiter_.size();
    while (buffer_.size() - used_ < 2) {
        Result<void> filled = co_await fill();
        if (!filled) co_return fail(std::move(filled.error()));
    }
    if (std::string_view(buffer_).substr(used_).starts_with("--")) {
        is_over_ = true;
        co_return std::nullopt;
    }
    Result<std::string> padding = co_await read_until("\r\n", part_head_bytes_max);
    if (!padding) co_return fail(std::move(padding.error()));
    if (!trim(*padding).empty()) co_return fail(Code::protocol, "words behind a boundary");
    Result<std::string> head = co_await read_until("\r\n\r\n", part_head_bytes_max);
    if (!head) co_return fail(std::move(head.error()));
    Result<FormPart> part = read_head(*head);
    if (!part) co_return fail(std::move(part.error()));
    co_return std::optional<FormPart>(std::move(*part));
}

}  // namespace hookreel::http
