#include "http/client/address_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"

namespace hookreel::http {
namespace {

namespace ip = boost::asio::ip;

// A range of addresses: the bits of `network` up to `prefix`.
struct RangeV4 {
    std::uint32_t network;
    int prefix;
};

constexpr auto refused_v4 = std::to_array<RangeV4>({
    {0x00000000, 8},   // 0.0.0.0/8: unspecified, "this network" (RFC 1122)
    {0x0a000000, 8},   // 10.0.0.0/8: private (RFC 1918)
    {0x64400000, 10},  // 100.64.0.0/10: carrier NAT (RFC 6598)
    {0x7f000000, 8},   // 127.0.0.0/8: loopback
    {0xa83f8110, 32},  // 168.63.129.16: public by its number, but a cloud's own service (Azure)
    {0xa9fe0000, 16},  // 169.254.0.0/16: link-local, with the metadata services of clouds
    {0xac100000, 12},  // 172.16.0.0/12: private (RFC 1918)
    {0xc0000000, 24},  // 192.0.0.0/24: protocol assignments (RFC 6890)
    {0xc0000200, 24},  // 192.0.2.0/24: documentation (RFC 5737)
    {0xc0586300, 24},  // 192.88.99.0/24: 6to4 relays (RFC 7526)
    {0xc0a80000, 16},  // 192.168.0.0/16: private (RFC 1918)
    {0xc6120000, 15},  // 198.18.0.0/15: benchmarking (RFC 2544)
    {0xc6336400, 24},  // 198.51.100.0/24: documentation
    {0xcb007100, 24},  // 203.0.113.0/24: documentation
    {0xe0000000, 4},   // 224.0.0.0/4: multicast
    {0xf0000000, 4},   // 240.0.0.0/4: reserved, and broadcast
});

// The first four bytes of a range of IPv6 addresses; all of ours are at most 32 bits long.
struct RangeV6 {
    std::uint32_t network;
    int prefix;
};

// Outside of 2000::/3 nothing is global, so unique local (fc00::/7), link-local (fe80::/10),
// site-local (fec0::/10), multicast (ff00::/8), discard (100::/64), loopback and unspecified need
// no line here.
constexpr RangeV6 global_v6{0x20000000, 3};
constexpr auto refused_v6 = std::to_array<RangeV6>({
    {0x20010000, 23},  // 2001::/23: Teredo, benchmarking, ORCHID (RFC 2928)
    {0x20010db8, 32},  // 2001:db8::/32: documentation (RFC 3849)
    {0x3fff0000, 20},  // 3fff::/20: documentation (RFC 9637)
});

constexpr bool matches(std::uint32_t bits, std::uint32_t network, int prefix) {
    return ((bits ^ network) >> (32 - prefix)) == 0;
}

bool is_refused(const ip::address_v4& address) {
    const auto bits = address.to_uint();
    return std::ranges::any_of(refused_v4, [bits](const RangeV4& range) {
        return matches(bits, range.network, range.prefix);
    });
}

std::uint32_t four_bytes(const ip::address_v6::bytes_type& bytes, std::size_t at) {
    return std::uint32_t{bytes[at]} << 24 | std::uint32_t{bytes[at + 1]} << 16 |
           std::uint32_t{bytes[at + 2]} << 8 | std::uint32_t{bytes[at + 3]};
}

bool is_refused(const ip::address_v6& address) {
    const auto bits = four_bytes(address.to_bytes(), 0);
    if (!matches(bits, global_v6.network, global_v6.prefix)) return true;
    return std::ranges::any_of(refused_v6, [bits](const RangeV6& range) {
        return matches(bits, range.network, range.prefix);
    });
}

// The IPv4 address to which packets for `address` may go in the end: mapped ::ffff:0:0/96,
// compatible ::/96, translated ::ffff:0:0:0/96, NAT64 64:ff9b::/96 and 6to4 2002::/16. The other
// carriers of IPv4 addresses, Teredo and the local NAT64 prefix 64:ff9b:1::/48, are refused whole.
std::optional<ip::address_v4> embedded_v4(const ip::address_v6& address) {
    const auto bytes = address.to_bytes();
    const std::array<std::uint32_t, 4> words = {four_bytes(bytes, 0), four_bytes(bytes, 4),
                                                four_bytes(bytes, 8), four_bytes(bytes, 12)};
    if (words[0] >> 16 == 0x2002) return ip::address_v4(four_bytes(bytes, 2));
    if (words[0] == 0x0064ff9b && words[1] == 0 && words[2] == 0) return ip::address_v4(words[3]);
    if (words[0] != 0 || words[1] != 0) return std::nullopt;
    if (words[2] == 0x0000ffff || words[2] == 0xffff0000) return ip::address_v4(words[3]);
    const bool is_compatible = words[2] == 0 && words[3] > 1;  // Not :: and not ::1.
    if (is_compatible) return ip::address_v4(words[3]);
    return std::nullopt;
}

std::unexpected<Error> bad(std::string_view cidr) {
    return fail(Code::invalid,
                fmt::format("\"{}\" is no address range such as 10.0.0.0/8 or fd00::/8", cidr));
}

bool contains(const ip::network_v4& network, const ip::address_v4& address) {
    return ip::network_v4(address, network.prefix_length()).canonical() == network;
}

bool contains(const ip::network_v6& network, const ip::address_v6& address) {
    return ip::network_v6(address, network.prefix_length()).canonical() == network;
}

}  // namespace

Result<void> AddressRules::allow(std::string_view cidr) {
    const auto slash = cidr.find('/');
    boost::system::error_code error;
    const auto address = ip::make_address(std::string(cidr.substr(0, slash)), error);
    if (error || (address.is_v6() && address.to_v6().scope_id() != 0)) return bad(cidr);

    const unsigned bits = address.is_v4() ? 32 : 128;
    auto prefix = Result<std::uint64_t>(bits);
    if (slash != std::string_view::npos) prefix = parse_unsigned(cidr.substr(slash + 1));
    if (!prefix || *prefix > bits) return bad(cidr);

    const auto length = static_cast<unsigned short>(*prefix);
    if (address.is_v4())
        allowed_v4_.push_back(ip::network_v4(address.to_v4(), length).canonical());
    else
        allowed_v6_.push_back(ip::network_v6(address.to_v6(), length).canonical());
    return {};
}

bool AddressRules::permits(const ip::address& address) const {
    if (address.is_v4()) {
        const auto v4 = address.to_v4();
        const auto holds = [&v4](const auto& network) { return contains(network, v4); };
        return std::ranges::any_of(allowed_v4_, holds) || !is_refused(v4);
    }
    const ip::address_v6 v6(address.to_v6().to_bytes());  // Without the scope.
    const auto holds = [&v6](const auto& network) { return contains(network, v6); };
    if (std::ranges::any_of(allowed_v6_, holds)) return true;
    if (const auto v4 = embedded_v4(v6)) return permits(*v4);
    return !is_refused(v6);
}

}  // namespace hookreel::http
