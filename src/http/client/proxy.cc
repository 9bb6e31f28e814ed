#include "http/client/proxy.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.h"
#include "base/text.h"

namespace hookreel::http {
namespace {

constexpr std::string_view scheme = "http://";
constexpr std::size_t credentials_bytes_max = 1024;

std::unexpected<Error> bad(std::string_view reason) {
    return fail(Code::invalid, fmt::format("proxy: {}", reason));
}

// RFC 7617. Errors: invalid.
Result<std::string> basic_authorization(std::string_view credentials) {
    if (credentials.size() > credentials_bytes_max) return bad("the credentials are too long");
    const auto colon = credentials.find(':');
    const auto user = percent_decode(credentials.substr(0, colon));
    const auto password = percent_decode(
        colon == std::string_view::npos ? std::string_view() : credentials.substr(colon + 1));
    if (!user || !password || user->empty() || user->contains(':') ||
        has_control_character(*user) || has_control_character(*password))
        return bad("the credentials are not user:password, percent-encoded");
    return "Basic " + base64(fmt::format("{}:{}", *user, *password));
}

}  // namespace

Result<Proxy> parse_proxy(std::string_view text) {
    constexpr std::string_view form =
        "takes http://[USER:PASSWORD@]HOST:PORT, such as http://proxy.example:3128";
    if (!to_lower(text.substr(0, scheme.size())).starts_with(scheme)) return bad(form);
    auto rest = text.substr(scheme.size());
    Proxy proxy;
    const auto at = rest.substr(0, rest.find('/')).rfind('@');
    if (at != std::string_view::npos) {
        auto authorization = basic_authorization(rest.substr(0, at));
        if (!authorization) return fail(std::move(authorization.error()));
        proxy.authorization = std::move(*authorization);
        rest.remove_prefix(at + 1);
    }
    auto url = parse_url(fmt::format("{}{}", scheme, rest));
    if (!url) return fail(std::move(url.error()));
    if (url->target != "/") return bad(form);
    proxy.url = std::move(*url);
    return proxy;
}

}  // namespace hookreel::http
