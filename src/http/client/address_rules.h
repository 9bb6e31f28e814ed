// Which addresses our side may connect to: callers choose URLs, so private networks are closed
// unless an operator opens them.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace hookreel::http {

// Pure rules. Refused unless allowed: loopback, private, link-local (with cloud metadata), carrier
// NAT, multicast, unspecified, reserved and documentation ranges, and the IPv4-mapped, NAT64 and
// 6to4 forms of them.
class AddressRules {
 public:
    AddressRules() = default;
    // "10.0.0.0/8", "127.0.0.1" or "fd00::/8". Errors: invalid.
    Result<void> allow(std::string_view cidr);
    bool permits(const boost::asio::ip::address& address) const;

 private:
    std::vector<boost::asio::ip::network_v4> allowed_v4_;
    std::vector<boost::asio::ip::network_v6> allowed_v6_;
};

}  // namespace hookreel::http
