#include "media/editing/render_plan.h"

namespace hookreel::media {

std::int64_t frames_of(const RenderPlan& plan) {
    std::int64_t sum = 0;
    for (const Slice& slice : plan.slices)
        sum += slice.frames;
    return sum;
}

}  // namespace hookreel::media
