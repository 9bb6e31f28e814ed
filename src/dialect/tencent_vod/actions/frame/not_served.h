// What is answered when work needs an external service and the operator has named none.
#pragma once

#include <string_view>

#include "dialect/tencent_vod/protocol/errors.h"
#include "dialect/tencent_vod/protocol/parameters.h"

namespace hookreel::dialect::tencent_vod {

// FailedOperation, saying how a service for this kind is named.
std::unexpected<WireError> not_served(std::string_view kind);

// Refuses the parts of a task that need a model and that no service does: FailedOperation, naming
// the part and what there is instead.
Answer<void> refuse_models(const Members& parameters);

}  // namespace hookreel::dialect::tencent_vod
