#include "http/client/request_head.h"

#include <fmt/format.h>

#include "base/text.h"

namespace hookreel::http {
namespace {

// What the request line and Content-Length have at most beside what is said in the request.
constexpr std::size_t line_and_length_bytes = 64;

// All characters are looked at, without a way out of the loop: so many are compared at once.
bool breaks_a_line(std::string_view text) {
    bool breaks = false;
    for (char c : text)
        breaks |= c == '\r' || c == '\n' || c == '\0';
    return breaks;
}

bool is_word(std::string_view text) {
    bool breaks = text.empty();
    for (char c : text)
        breaks |= (c >= 0 && c <= ' ') || c == '\x7f';
    return !breaks;
}

bool promises_body(std::string_view method) {
    return method == "POST" || method == "PUT" || method == "PATCH";
}

bool is_ours(std::string_view name) {
    return equal_ignoring_case(name, "Host") || equal_ignoring_case(name, "Content-Length") ||
           equal_ignoring_case(name, "Transfer-Encoding") ||
           equal_ignoring_case(name, "Proxy-Authorization");
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

std::unexpected<Error> bad(std::string_view what) {
    return fail(Code::invalid, fmt::format("request: {}", what));
}

}  // namespace

Result<void> check_head(const ClientRequest& request) {
    if (!is_word(request.method)) return bad("the method is not a word");
    if (!is_word(request.url.target)) return bad("the target has a blank");
    for (const auto& [name, value] : request.headers)
        if (!is_word(name) || name.contains(':') || breaks_a_line(value))
            return bad(fmt::format("the field \"{}\" cannot be sent", name.substr(0, 40)));
    return {};
}

HostHead host_head(const Url& url, const std::string& user_agent,
                   const std::optional<Proxy>& proxy) {
    HostHead head;
    append_field(head.host, "Host", url.authority());
    append_field(head.user_agent, "User-Agent", user_agent);
    if (!proxy || url.scheme != Url::Scheme::http) return head;
    head.target_prefix = fmt::format("http://{}", url.authority());
    if (!proxy->authorization.empty())
        append_field(head.authorization, "Proxy-Authorization", proxy->authorization);
    return head;
}

void append_head(std::string& out, const ClientRequest& request, const HostHead& host) {
    std::size_t bytes = request.method.size() + host.target_prefix.size() +
                        request.url.target.size() + host.host.size() + host.user_agent.size() +
                        host.authorization.size() + line_and_length_bytes;
    for (const auto& [name, value] : request.headers)
        bytes += name.size() + value.size() + 4;
    out.reserve(out.size() + bytes);
    out.append(request.method).append(" ").append(host.target_prefix);
    out.append(request.url.target).append(" HTTP/1.1\r\n");
    out.append(host.host);
    if (!request.headers.has("User-Agent")) out.append(host.user_agent);
    out.append(host.authorization);
    for (const auto& [name, value] : request.headers)
        if (!is_ours(name)) append_field(out, name, value);
    const auto body_bytes = length(request.body);
    if (body_bytes > 0 || promises_body(request.method))
        append_field(out, "Content-Length", fmt::format_int(body_bytes).c_str());
    out.append("\r\n");
}

}  // namespace hookreel::http
