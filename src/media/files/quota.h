// How much of the disk the files of each application take, and room that is kept for those on their
// way: what every way into the library asks before it writes.
//
// In memory: the catalog counts what is there, and after a crash whoever goes on claims anew, so
// that what does not come back holds no room. Threads: any; never waits for a search.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>

#include "base/result.h"
#include "model/ids.h"

namespace hookreel::media {

// A file on its way, with what it will take.
struct Claim {
    model::ApplicationId application;
    model::FileId file;
    std::uint64_t bytes = 0;
};

class Quota {
 public:
    // What the files of one application may take from now on; 0, as at first: no limit.
    void limit(std::uint64_t bytes);
    bool is_limited() const;

    // Room until the file is there or it is released: that it takes so much in all, or so much
    // more; 0 asks whether there is room at all. What is less than before is granted. Errors:
    // unavailable (is_over_quota; or the files are not counted yet after a start, which waiting
    // helps).
    Result<void> claim(const Claim& claim);
    Result<void> claim_more(const Claim& more);
    // What a start finds on its way: it was granted before, and is not refused.
    void restore(const Claim& claim);
    // So much less; at most all of it.
    void release(const Claim& less);
    void release(model::ApplicationId application, const model::FileId& file);

    // From the catalog: what all files of the application take now; with the file that came among
    // them, whose claim this ends; that all are counted.
    void count(model::ApplicationId application, std::uint64_t stored_bytes);
    void settle(const model::FileId& file, model::ApplicationId application,
                std::uint64_t stored_bytes);
    void finish_counting();

 private:
    struct Usage {
        std::uint64_t stored = 0;
        std::uint64_t coming = 0;  // Of all claims.
        std::map<model::FileId, std::uint64_t> claims;
    };

    Result<void> grant(const Claim& claim);
    void set(Usage& usage, const model::FileId& file, std::uint64_t bytes);

    mutable std::mutex mutex_;
    std::uint64_t bytes_max_ = 0;
    bool is_counted_ = false;
    std::map<model::ApplicationId, Usage> applications_;
};

// Whether a claim was refused because the application has used its quota: deleting files helps,
// waiting does not.
bool is_over_quota(const Error& error);

}  // namespace hookreel::media
