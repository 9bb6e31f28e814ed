// Media over HTTP: the files of the library, to players of any origin.
//
// GET and HEAD of /media/<path of an asset>, whole or one range (RFC 9110, section 14), with
// validators, so that a player can seek and a cache can ask again. What is not a regular file of
// the library does not exist. When links are needed, the names in playlists and manifests get the
// link's query; such an answer is whole, and has no validators. Neither has the key of an encrypted
// stream, which no cache may keep. Threads: any loop.
#pragma once

#include <string_view>

#include "api/link_guard.h"
#include "base/async.h"
#include "http/request.h"
#include "media/files/file_io.h"
#include "media/files/library.h"

namespace hookreel::api {

inline constexpr std::string_view media_prefix = "/media/";

class Playback {
 public:
    // All outlive it.
    Playback(const media::Library& library, media::FileThreads& threads, LinkGuard& guard)
        : library_(library), threads_(threads), guard_(guard) {}

    // Answers a request whose path begins with `media_prefix`.
    Task<http::Response> handle(http::Request& request);

 private:
    Task<http::Response> give(const http::RequestHead& head);

    const media::Library& library_;
    media::FileThreads& threads_;
    LinkGuard& guard_;
};

// The media type of a file by its extension; application/octet-stream for others.
std::string_view content_type(std::string_view path);

}  // namespace hookreel::api
