// The templates of applications: made, numbered, and found.
//
// All of an application's own are one record, so that their count and their numbers are checked by
// the commit that writes them. Threads: any loop. Durability: what returned success is on disk.
#pragma once

#include "base/clock.h"
#include "media/files/templates.h"
#include "store/store.h"

namespace hookreel::media {

// Of an application, besides the presets (Tencent spec d).
inline constexpr std::size_t transcode_templates_max = 100;
inline constexpr std::size_t snapshot_templates_max = 16;
inline constexpr std::size_t sprite_templates_max = 16;

class LocalTemplates final : public Templates {
 public:
    // All that is given outlives this.
    LocalTemplates(store::Store& store, const Clock& clock) : store_(store), clock_(clock) {}

    // The number of the new template, whose own number and time are set here. Errors: too_large
    // (there are as many as may be), unavailable.
    Task<Result<std::uint64_t>> create(model::ApplicationId application,
                                       model::TranscodeTemplate made);
    Task<Result<std::uint64_t>> create(model::ApplicationId application,
                                       model::SnapshotTemplate made);
    Task<Result<std::uint64_t>> create(model::ApplicationId application,
                                       model::SpriteTemplate made);

    Task<Result<model::OwnTemplates>> own(model::ApplicationId application) override;

 private:
    store::Store& store_;
    const Clock& clock_;
};

}  // namespace hookreel::media
