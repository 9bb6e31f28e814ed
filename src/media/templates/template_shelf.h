// The templates of one kind that applications have made.
//
// Threads: any loop. Durability: what returned success is on disk.
#pragma once

#include <cstdint>
#include <functional>

#include "base/async.h"
#include "base/clock.h"
#include "model/ids.h"
#include "model/template.h"
#include "store/store.h"

namespace hookreel::media {

// Of an application, besides the presets (Tencent spec d; SDK, CreateHeadTailTemplate). Those of
// samples, animations and adaptive streams are ours: the API names none.
inline constexpr std::size_t transcode_templates_max = 100;
inline constexpr std::size_t snapshot_templates_max = 16;
inline constexpr std::size_t sample_templates_max = 16;
inline constexpr std::size_t sprite_templates_max = 16;
inline constexpr std::size_t animation_templates_max = 16;
inline constexpr std::size_t adaptive_templates_max = 16;
inline constexpr std::size_t head_tail_templates_max = 100;

// There is one of each kind but watermarks.
template <class Template>
class TemplateShelf {
 public:
    // What becomes of a template; it keeps its number and the time at which it was made.
    using Change = std::function<Result<Template>(const Template& now)>;

    // All that is given outlives this.
    TemplateShelf(store::Store& store, const Clock& clock) : store_(store), clock_(clock) {}

    // The number of the new template, whose own number and times are set here. Errors: too_large
    // (there are as many as may be), unavailable.
    Task<Result<std::uint64_t>> create(model::ApplicationId application, Template made);
    // `change` is asked again when somebody else changed templates meanwhile. Errors: not_found,
    // those of `change`, unavailable.
    Task<Result<void>> modify(model::ApplicationId application, std::uint64_t definition,
                              Change change);
    // What still names it finds nothing from now on. Errors: not_found, unavailable.
    Task<Result<void>> remove(model::ApplicationId application, std::uint64_t definition);

 private:
    store::Store& store_;
    const Clock& clock_;
};

template <class... Templates>
struct ShelvesOf : TemplateShelf<Templates>... {
    ShelvesOf(store::Store& store, const Clock& clock)
        : TemplateShelf<Templates>(store, clock)... {}
};
using TemplateShelves =
    ShelvesOf<model::TranscodeTemplate, model::SnapshotTemplate, model::SampleTemplate,
              model::SpriteTemplate, model::AnimationTemplate, model::AdaptiveTemplate,
              model::HeadTailTemplate>;

}  // namespace hookreel::media
