#include "dialect/tencent_vod/actions/frame/not_served.h"

#include <fmt/format.h>

namespace hookreel::dialect::tencent_vod {

std::unexpected<WireError> not_served(std::string_view kind) {
    return refuse("FailedOperation",
                  fmt::format("No external service does this work here. The operator names one by "
                              "`hookreel serve --external-service {}=URL`.",
                              kind));
}

}  // namespace hookreel::dialect::tencent_vod
