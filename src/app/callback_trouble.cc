#include "app/callback_trouble.h"

#include <fmt/format.h>

#include <boost/asio/ip/address.hpp>

#include "http/url.h"

namespace hookreel::app {

std::string callback_trouble(const http::AddressRules& rules, std::string_view url) {
    const Result<http::Url> parsed = http::parse_url(url);
    if (!parsed) return {};
    const std::string_view host = parsed->host;
    boost::system::error_code no_address;
    const auto address =
        boost::asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, no_address);
    if (no_address || rules.permits(address)) return {};
    return fmt::format(
        "the address rules refuse {}, so no callback will reach it; run the server with "
        "--allow-address {} to admit it",
        host, address.to_string());
}

}  // namespace hookreel::app
