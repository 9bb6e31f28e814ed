// URLs that callers choose. What is taken must be the same when it is written down and read again,
// and must hold nothing that could break a request's head.
#include "http/url.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using hookreel::http::Url;
    const auto url = hookreel::http::parse_url({reinterpret_cast<const char*>(data), size});
    if (!url) return 0;
    const bool is_https = url->scheme == Url::Scheme::https;
    const auto written = (is_https ? "https://" : "http://") + url->authority() + url->target;
    const auto breaks_a_head = [](char c) { return (c >= 0 && c <= ' ') || c == '\x7f'; };
    if (std::ranges::any_of(written, breaks_a_head)) std::abort();
    if (url->host.empty() || !url->target.starts_with('/') || url->port == 0) std::abort();
    if (written.size() > 8 * 1024) return 0;  // "/" or a default may have been added.
    const auto again = hookreel::http::parse_url(written);
    if (!again || again->host != url->host || again->port != url->port ||
        again->target != url->target || again->scheme != url->scheme)
        std::abort();
    return 0;
}
