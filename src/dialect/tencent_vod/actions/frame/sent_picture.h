// Pictures that callers send within a request. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "dialect/tencent_vod/protocol/errors.h"

namespace hookreel::dialect::tencent_vod {

struct SentPicture {
    std::string
        type;  // "jpg", "png" or "gif": told by the first bytes, which is all that is known.
    std::string bytes;
};
// Base64, also as a data URL. Errors: `code`, which names the parameter.
Answer<SentPicture> read_sent_picture(std::string_view text, std::string_view parameter,
                                      std::string_view code);

}  // namespace hookreel::dialect::tencent_vod
