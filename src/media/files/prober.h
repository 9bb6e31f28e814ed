// Finds out what a file is: container, streams, duration, bitrate.
#pragma once

#include <string>

#include "base/async.h"
#include "base/result.h"
#include "model/media.h"

namespace hookreel::media {

class Prober {
 public:
    virtual ~Prober() = default;
    // `path` is a file of ours. Errors: invalid (not media, a picture, a format that is not on the
    // list, no duration), timed_out, unavailable (ffprobe cannot be run).
    virtual Task<Result<model::Metadata>> probe(std::string path) = 0;
};

}  // namespace hookreel::media
