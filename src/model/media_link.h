// Links to files of the library that end at a time: the key anti-leech form of Tencent VOD
// (266/14047, 266/33986). A link is the file's address with t, exper, rlimit, us and sign in its
// query; whoever has the key can make one. It is for all files of one folder. Pure, but for the
// clock and the random word of a signer. Threads: any.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace hookreel::model {

// Clocks differ: a link is taken for that much longer than it says (266/14047).
inline constexpr std::chrono::seconds link_tolerance{300};
inline constexpr int link_addresses_max = 9;

// What a link allows.
struct LinkTerms {
    TimePoint expires{};    // t; whole seconds.
    int addresses_max = 0;  // rlimit; 0: any number.
    std::string word = {};  // us: makes links differ.
};

// Without a '?': "t=5a71afc0&rlimit=3&us=72d4cd1101&sign=…". `folder` is the path of the address up
// to and with its last slash.
std::string link_query(const LinkTerms& terms, std::string_view key, std::string_view folder);

enum class LinkFault {
    missing,  // t or sign is not there.
    wrong,    // Not of the form, or another signature.
    expired,
    unsupported,  // A preview (exper): no part of a file is served alone.
};
// What the query of an address allows for the files of its folder. The signature is compared in
// constant time.
std::expected<LinkTerms, LinkFault> read_link(std::string_view query, std::string_view key,
                                              std::string_view folder, TimePoint now);

// 8 to 20 letters and digits (266/14047). Errors: invalid.
Result<void> check_link_key(std::string_view key);

// Makes links for the addresses of this server.
class LinkSigner {
 public:
    // `clock` outlives it.
    LinkSigner(std::string key, Duration life, const Clock& clock)
        : key_(std::move(key)), life_(life), clock_(clock) {}

    // The address "http://host/folder/file" as a link.
    std::string sign(std::string address) const;
    const std::string& key() const { return key_; }

 private:
    const std::string key_;
    const Duration life_;
    const Clock& clock_;
};

}  // namespace hookreel::model
