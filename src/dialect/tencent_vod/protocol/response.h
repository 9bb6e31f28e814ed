// The envelope of every answer.
//
// Always HTTP 200 and exactly `application/json`: with another status SDKs drop the body, with a
// charset one of them takes an error for a success (spec a.4).
#pragma once

#include <string>
#include <string_view>

#include "dialect/tencent_vod/protocol/errors.h"
#include "http/message.h"

namespace hookreel::dialect::tencent_vod {

// {"Response":{<members>,"RequestId":"…"}}, or {"Response":{"Error":{…},"RequestId":"…"}}.
// `members` is the inside of a JSON object, or empty.
http::Response envelope(const Answer<std::string>& members, std::string_view request_id);

}  // namespace hookreel::dialect::tencent_vod
