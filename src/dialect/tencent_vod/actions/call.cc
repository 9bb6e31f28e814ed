#include "dialect/tencent_vod/actions/call.h"

namespace hookreel::dialect::tencent_vod {

std::unexpected<WireError> failed(const Call& call, const Error& error,
                                  std::initializer_list<ErrorRule> rules) {
    if (error.code == Code::internal || error.code == Code::unavailable)
        call.with.log.error("an API call failed", {{"action", call.action.name},
                                                   {"application", call.application_id().value()},
                                                   {"error", name(error.code)},
                                                   {"detail", error.detail}});
    return std::unexpected(wire_error(call.action, error, rules));
}

}  // namespace hookreel::dialect::tencent_vod
