// What CreateAdaptiveDynamicStreamingTemplate asks for, and such a template in the API's words.
// Pure functions.
#pragma once

#include "dialect/tencent_vod/protocol/parameters.h"
#include "model/template.h"

namespace hookreel::dialect::tencent_vod {

// Without number and times. What the API knows and this server does not make is refused, never left
// out: FailedOperation that names it.
Answer<model::AdaptiveTemplate> read_adaptive_template(const Members& parameters);

// An AdaptiveDynamicStreamingTemplate of the API.
json::object adaptive_template(const model::AdaptiveTemplate& one);

}  // namespace hookreel::dialect::tencent_vod
