#include "dialect/tencent_vod/actions/frame/sent_picture.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.h"
#include "media/files/file_head.h"

namespace hookreel::dialect::tencent_vod {

Answer<SentPicture> read_sent_picture(std::string_view text, std::string_view parameter,
                                      std::string_view code) {
    // As pages make it: "data:image/png;base64,…".
    if (text.starts_with("data:")) text.remove_prefix(std::min(text.size(), text.find(',') + 1));
    Result<std::string> bytes = from_base64(text);
    const std::string_view type = bytes ? media::picture_type(*bytes) : std::string_view();
    if (type.empty())
        return refuse(code,
                      fmt::format("{} must be a gif, jpeg or png picture in Base64.", parameter));
    return SentPicture{std::string(type), std::move(*bytes)};
}

}  // namespace hookreel::dialect::tencent_vod
