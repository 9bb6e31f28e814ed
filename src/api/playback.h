// Media over HTTP: the files of the library, to players of any origin.
//
// GET and HEAD of /media/<path of an asset>, whole or one range (RFC 9110, section 14), with
// validators, so that a player can seek and a cache can ask again. What is not a regular file of
// the library does not exist. Threads: any loop.
#pragma once

#include <string_view>

#include "base/async.h"
#include "http/request.h"
#include "media/files/file_io.h"
#include "media/files/library.h"

namespace hookreel::api {

inline constexpr std::string_view media_prefix = "/media/";

class Playback {
 public:
    // Both outlive it.
    Playback(const media::Library& library, media::FileThreads& threads)
        : library_(library), threads_(threads) {}

    // Answers a request whose path begins with `media_prefix`.
    Task<http::Response> handle(http::Request& request);

 private:
    const media::Library& library_;
    media::FileThreads& threads_;
};

// The media type of a file by its extension; application/octet-stream for others.
std::string_view content_type(std::string_view path);

}  // namespace hookreel::api
