// The object endpoint: where the bytes of an upload are sent, in the words of COS (Tencent 436).
//
// /cos/<bucket>/<key> takes what the official object clients send for an upload: PUT and HEAD of an
// object, and the multipart sequence. Every request is signed with the temporary keys of its
// session and is refused before its body is read when it is not. Threads: any loop.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/log.h"
#include "http/request.h"
#include "media/uploads/uploads.h"

namespace hookreel::dialect::cos {

inline constexpr std::string_view path_prefix = "/cos/";

struct ObjectLimits {
    // Of one PUT, an object or a part, when its length is announced (Tencent 436/7749).
    std::uint64_t put_bytes_max = 5ull << 30;
};

class ObjectEndpoint {
 public:
    // All outlive it.
    ObjectEndpoint(media::Uploads& uploads, const Clock& clock, const Log& log,
                   ObjectLimits limits = {})
        : uploads_(uploads), clock_(clock), log_(log), limits_(limits) {}

    // Answers a request whose path begins with `path_prefix`.
    Task<http::Response> handle(http::Request& request);

 private:
    media::Uploads& uploads_;
    const Clock& clock_;
    const Log& log_;
    ObjectLimits limits_;
};

}  // namespace hookreel::dialect::cos
