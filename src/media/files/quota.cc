#include "media/files/quota.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace hookreel::media {
namespace {

constexpr std::string_view quota_mark = "quota: ";

std::uint64_t claim_in(const std::map<model::FileId, std::uint64_t>& claims,
                       const model::FileId& file) {
    const auto found = claims.find(file);
    return found == claims.end() ? 0 : found->second;
}

}  // namespace

bool is_over_quota(const Error& error) {
    return error.code == Code::unavailable && error.detail.starts_with(quota_mark);
}

void Quota::limit(std::uint64_t bytes) {
    const std::lock_guard lock(mutex_);
    bytes_max_ = bytes;
}

bool Quota::is_limited() const {
    const std::lock_guard lock(mutex_);
    return bytes_max_ > 0;
}

void Quota::set(Usage& usage, const model::FileId& file, std::uint64_t bytes) {
    usage.coming += bytes - claim_in(usage.claims, file);
    if (bytes > 0)
        usage.claims[file] = bytes;
    else
        usage.claims.erase(file);
}

// With the lock held.
Result<void> Quota::grant(const Claim& claim) {
    if (bytes_max_ == 0) return {};
    Usage& usage = applications_[claim.application];
    const std::uint64_t own = claim_in(usage.claims, claim.file);
    if (claim.bytes > own || claim.bytes == 0) {
        if (!is_counted_)
            return fail(Code::unavailable, "the files are being counted; try again in a moment");
        const std::uint64_t others = usage.coming - own;
        const std::uint64_t used = usage.stored + others;
        if (used >= bytes_max_ || claim.bytes > bytes_max_ - used)
            return fail(Code::unavailable,
                        fmt::format("{}the application's files take {} of {}, {} are on their way; "
                                    "delete some",
                                    quota_mark, human_bytes(usage.stored), human_bytes(bytes_max_),
                                    human_bytes(others)));
    }
    if (claim.bytes > 0) set(usage, claim.file, claim.bytes);
    return {};
}

Result<void> Quota::claim(const Claim& claim) {
    const std::lock_guard lock(mutex_);
    return grant(claim);
}

Result<void> Quota::claim_more(const Claim& more) {
    const std::lock_guard lock(mutex_);
    Claim all = more;
    all.bytes += claim_in(applications_[more.application].claims, more.file);
    return grant(all);
}

void Quota::restore(const Claim& claim) {
    const std::lock_guard lock(mutex_);
    set(applications_[claim.application], claim.file, claim.bytes);
}

void Quota::release(const Claim& less) {
    const std::lock_guard lock(mutex_);
    Usage& usage = applications_[less.application];
    const std::uint64_t own = claim_in(usage.claims, less.file);
    set(usage, less.file, own - std::min(own, less.bytes));
}

void Quota::release(model::ApplicationId application, const model::FileId& file) {
    const std::lock_guard lock(mutex_);
    set(applications_[application], file, 0);
}

void Quota::count(model::ApplicationId application, std::uint64_t stored_bytes) {
    const std::lock_guard lock(mutex_);
    applications_[application].stored = stored_bytes;
}

void Quota::settle(const model::FileId& file, model::ApplicationId application,
                   std::uint64_t stored_bytes) {
    const std::lock_guard lock(mutex_);
    Usage& usage = applications_[application];
    usage.stored = stored_bytes;
    set(usage, file, 0);
}

void Quota::finish_counting() {
    const std::lock_guard lock(mutex_);
    is_counted_ = true;
}

}  // namespace hookreel::media
