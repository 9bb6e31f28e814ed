// What is answered when work needs an external service and the operator has named none.
#pragma once

#include <string_view>

#include "dialect/tencent_vod/protocol/errors.h"

namespace hookreel::dialect::tencent_vod {

// FailedOperation, saying how a service for this kind is named.
std::unexpected<WireError> not_served(std::string_view kind);

}  // namespace hookreel::dialect::tencent_vod
