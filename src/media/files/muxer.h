// Puts the picture and the sound of a film, each a file of its own, into one file.
#pragma once

#include <cstdint>
#include <string>

#include "base/async.h"
#include "base/result.h"

namespace hookreel::media {

// A file of ours.
struct MuxInput {
    std::string path;
    double time_offset = 0;  // In seconds of its own time, where the film begins.
};

struct MuxOrder {
    MuxInput picture;  // A sound that is in it, too, is left out.
    MuxInput sound;
    std::string type;    // "mp4", "ts" or "webm"
    std::string output;  // On the file system of the library; replaced when it is there.
    std::uint64_t bytes_max = 0;
};

struct Muxed {
    std::uint64_t size_bytes = 0;
    std::string md5;  // Lower-case hex.
};

class Muxer {
 public:
    virtual ~Muxer() = default;
    // Nothing is encoded anew; what was returned is durable. Errors: invalid (they are no media, or
    // do not go together), too_large, unavailable (also: the disk is full), cancelled.
    virtual Task<Result<Muxed>> mux(MuxOrder order) = 0;
};

}  // namespace hookreel::media
