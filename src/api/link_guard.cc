#include "api/link_guard.h"

#include <fmt/format.h>

#include <algorithm>

namespace hookreel::api {
namespace {

// What is served never changes under its name, but it may be deleted.
constexpr std::chrono::seconds cache_time{3'600};

std::string_view sentence_of(model::LinkFault fault) {
    switch (fault) {
        case model::LinkFault::missing:
            return "This file needs a signed link.";
        case model::LinkFault::wrong:
            return "The link is not signed for this file.";
        case model::LinkFault::expired:
            return "The link has ended.";
        case model::LinkFault::unsupported:
            return "Links to the beginning of a file (exper) are not served.";
    }
    return "";
}

std::string_view folder_of(std::string_view path) {
    return path.substr(0, path.rfind('/') + 1);
}

}  // namespace

Result<LinkGuard::Pass> LinkGuard::admit(const http::RequestHead& head) {
    Pass pass;
    pass.cache_seconds = cache_time.count();
    if (key_.empty()) return pass;
    const TimePoint now = clock_.now();
    pass.needs_links = true;
    pass.folder = public_path_ + std::string(folder_of(head.path()));
    std::expected<model::LinkTerms, model::LinkFault> terms =
        model::read_link(head.query(), key_, pass.folder, now);
    if (!terms) return fail(Code::denied, std::string(sentence_of(terms.error())));
    pass.terms = std::move(*terms);
    if (!is_among(pass, head.peer, now))
        return fail(Code::denied, fmt::format("The link is for {} addresses, and was used from as "
                                              "many others.",
                                              pass.terms.addresses_max));
    const auto left = std::chrono::floor<std::chrono::seconds>(pass.terms.expires - now);
    pass.cache_seconds = std::clamp<std::int64_t>(left.count(), 0, cache_time.count());
    return pass;
}

std::string LinkGuard::query(const Pass& pass, std::string_view folder) const {
    return model::link_query(pass.terms, key_, pass.folder + std::string(folder));
}

bool LinkGuard::is_among(const Pass& pass, const std::string& peer, TimePoint now) {
    const model::LinkTerms& terms = pass.terms;
    if (terms.addresses_max == 0) return true;
    const std::string name = fmt::format("{} {} {} {}", pass.folder, unix_seconds(terms.expires),
                                         terms.addresses_max, terms.word);
    const std::lock_guard lock(mutex_);
    auto found = audiences_.find(name);
    if (found == audiences_.end()) {
        if (audiences_.size() >= limited_links_max)
            std::erase_if(audiences_, [&](const auto& entry) { return entry.second.ends < now; });
        // One is forgotten, so that strangers' links cannot fill the memory.
        if (audiences_.size() >= limited_links_max) audiences_.erase(audiences_.begin());
        found = audiences_.emplace(name, Audience{}).first;
        found->second.ends = terms.expires + model::link_tolerance;
    }
    std::set<std::string, std::less<>>& addresses = found->second.addresses;
    if (addresses.contains(peer)) return true;
    if (addresses.size() >= static_cast<std::size_t>(terms.addresses_max)) return false;
    addresses.insert(peer);
    return true;
}

}  // namespace hookreel::api
