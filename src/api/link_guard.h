// Who may have a file of the library: everybody who knows its address, or, when the server has a
// key for links, whoever has a link that has not ended (model/media_link.h).
//
// Addresses that a limited link was used from are kept in memory, for so many links at a time; a
// start of the server forgets them. Threads: any.
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "http/message.h"
#include "model/media_link.h"

namespace hookreel::api {

class LinkGuard {
 public:
    static constexpr std::size_t limited_links_max = 100'000;

    // `key` empty: everybody may have everything. `public_path` is what public addresses have
    // before the path of a request, as a proxy takes it away: "/video" or "". `clock` outlives it.
    LinkGuard(std::string key, std::string public_path, const Clock& clock)
        : key_(std::move(key)), public_path_(std::move(public_path)), clock_(clock) {}

    // What a request may have.
    struct Pass {
        bool needs_links = false;  // What the file names needs links too.
        std::string folder;        // Of the file, in public addresses.
        model::LinkTerms terms;
        std::int64_t cache_seconds = 0;  // How long a cache may keep it.
    };
    // Errors: denied, with a sentence for people.
    Result<Pass> admit(const http::RequestHead& head);
    // The query of a link with the same terms, for the files of a folder below.
    std::string query(const Pass& pass, std::string_view folder) const;

 private:
    struct Audience {
        TimePoint ends{};
        std::set<std::string, std::less<>> addresses;
    };

    bool is_among(const Pass& pass, const std::string& peer, TimePoint now);

    const std::string key_;
    const std::string public_path_;
    const Clock& clock_;
    std::mutex mutex_;
    // By folder and terms.
    std::map<std::string, Audience, std::less<>> audiences_;
};

}  // namespace hookreel::api
