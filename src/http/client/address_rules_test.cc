#include "http/client/address_rules.h"

#include <gtest/gtest.h>

namespace hookreel::http {
namespace {

bool permits(const AddressRules& rules, const char* address) {
    return rules.permits(boost::asio::ip::make_address(address));
}

TEST(AddressRules, PermitThePublicInternet) {
    const AddressRules rules;
    for (const char* address :
         {"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
          "126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255",
          "172.32.0.0", "191.255.255.255", "192.0.1.0", "192.0.3.0", "192.167.255.255",
          "192.169.0.0", "168.63.129.15", "168.63.129.17", "192.0.1.255", "192.88.98.255",
          "192.88.100.0", "198.51.99.255", "198.51.101.0", "203.0.112.255", "203.0.114.0",
          "198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700::1111", "2a00::1",
          "2001:4860:4860::8888", "2003::1", "2400:cb00::1", "2000::", "2001:200::",
          "2001:db7:ffff::", "2001:db9::", "3ffe:ffff::", "3fff:1000::", "3fff:ffff::",
          // IPv4 addresses inside of others, which are public themselves.
          "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1", "::8.8.8.8", "::ffff:0:808:808"})
        EXPECT_TRUE(permits(rules, address)) << address;
}

TEST(AddressRules, RefuseWhatIsNotPublic) {
    const AddressRules rules;
    for (const char* address :
         {// Unspecified, "this network".
          "0.0.0.0", "0.1.2.3", "0.255.255.255", "::",
          // Loopback.
          "127.0.0.1", "127.0.0.0", "127.255.255.255", "::1",
          // Private.
          "10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0",
          "192.168.255.255", "fc00::1", "fd12:3456::1", "fdff::",
          // Link-local, with the metadata services of clouds; site-local.
          "169.254.0.0", "169.254.169.254", "169.254.170.2", "169.254.255.255", "fe80::1",
          "fe80::1%1", "febf::1", "fec0::1", "fd00:ec2::254",
          // Carrier NAT, with one more metadata service.
          "100.64.0.0", "100.100.100.200", "100.127.255.255",
          // A cloud's service at a public address.
          "168.63.129.16",
          // Multicast, reserved, broadcast.
          "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "ff02::1", "ff0e::1",
          // Protocol assignments, documentation, benchmarking, relays.
          "192.0.0.0", "192.0.0.255", "192.0.2.0", "192.0.2.255", "192.88.99.0", "192.88.99.255",
          "198.18.0.0", "198.51.100.0", "198.51.100.255", "203.0.113.0", "203.0.113.255", "2001::",
          "2001:1ff:ffff::", "2001:db8::", "2001:db8:ffff::", "3fff::", "3fff:fff::", "192.0.0.1",
          "192.0.0.192", "192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "198.19.255.255",
          "192.88.99.1", "2001:db8::1", "3fff::1", "2001:2::1", "2001:10::1", "100::1",
          // What is not assigned.
          "4000::1", "5f00::1", "8000::1", "200::1",
          "1fff:ffff::", "4000::", "fbff:ffff::", "fc00::", "fe00::", "fe7f:ffff::", "fe80::",
          "febf:ffff::", "fec0::", "feff:ffff::", "ff00::", "ffff:ffff::", "100::", "100:0:0:1::",
          "64:ff9a:ffff::", "64:ff9c::", "fd20:ce::254"})
        EXPECT_FALSE(permits(rules, address)) << address;
}

TEST(AddressRules, LookIntoAddressesThatCarryAnother) {
    const AddressRules rules;
    for (const char* address :
         {"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:0.0.0.0",
          "::127.0.0.1", "::10.0.0.1", "::ffff:0:7f00:1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
          "64:ff9b::a9fe:a9fe", "2002:7f00:1::1", "2002:a00:1::", "2002:c0a8:101::1",
          // Carriers that are refused whatever they carry.
          "64:ff9b:1::808:808", "64:ff9b:1:2::1", "64:ff9b::1:808:808",
          "64:ff9b:1::", "64:ff9b:1:ffff::", "64:ff9b:2::808:808", "::ffff:a83f:8110",
          "::ffff:168.63.129.16", "64:ff9b::6440:1", "2002:a9fe:a9fe::", "::fffe:808:808",
          "::1:0:808:808", "2001:0:808:808::1", "2001:0:4136:e378:8000:63bf:f7f7:f7f7"})
        EXPECT_FALSE(permits(rules, address)) << address;
}

TEST(AddressRules, PermitWhatWasAllowed) {
    AddressRules rules;
    EXPECT_TRUE(rules.allow("10.1.2.3/8"));
    EXPECT_TRUE(rules.allow("127.0.0.1"));
    EXPECT_TRUE(rules.allow("fd00:1::/32"));
    EXPECT_TRUE(rules.allow("::1"));
    for (const char* address : {"10.0.0.0", "10.255.255.255", "127.0.0.1", "::ffff:127.0.0.1",
                                "64:ff9b::a00:1", "fd00:1::1", "fd00:1:ffff::1", "::1", "8.8.8.8"})
        EXPECT_TRUE(permits(rules, address)) << address;
    for (const char* address : {"127.0.0.2", "fd00:2::1", "192.168.0.1", "::2", "::"})
        EXPECT_FALSE(permits(rules, address)) << address;
}

TEST(AddressRules, AllowEverythingIfTold) {
    AddressRules rules;
    EXPECT_TRUE(rules.allow("0.0.0.0/0"));
    EXPECT_TRUE(rules.allow("::/0"));
    for (const char* address :
         {"127.0.0.1", "255.255.255.255", "::1", "ff02::1", "::ffff:10.0.0.1"})
        EXPECT_TRUE(permits(rules, address)) << address;
}

TEST(AddressRules, RefuseToAllowWhatIsNoRange) {
    AddressRules rules;
    for (const char* text :
         {"", "/", "/8", "10", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8",
          "10.0.0/8", "10.0.0.0 /8", "fd00::/129", "localhost", "fe80::1%1/64", "10.0.0.0/x"})
        EXPECT_FALSE(rules.allow(text)) << text;
    EXPECT_FALSE(permits(rules, "10.0.0.1"));
}

}  // namespace
}  // namespace hookreel::http
