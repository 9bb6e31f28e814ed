// The files of the library: found, looked at, cut and joined, deleted.
//
// Threads: the loop of the client. Errors of all calls: as VodClient::call.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/client/vod/vod_client.h"

namespace hookreel::app::client {

// How many files one search finds at most (Tencent SearchMedia, Offset and Limit).
inline constexpr std::size_t media_found_max = 5000;

// What is empty limits nothing.
struct MediaFilter {
    std::string name;      // Is a part of the name.
    std::string prefix;    // The name begins with it.
    std::string tag;       // One of its tags.
    std::string type;      // "mp4"
    std::string category;  // "Video", "Audio" or "Image".
    std::optional<std::int64_t> class_id;
    std::string since, until;  // When it was put in, RFC 3339.
};

// MediaInfos with their basic part and metadata, newest first, at most so many.
Task<Result<std::vector<json::object>>> find_media(VodClient& client, MediaFilter filter,
                                                   std::size_t count_max);

// Each MediaInfo in full, in any order; files that do not exist are left out. Asks once for
// each 20.
Task<Result<std::vector<json::object>>> describe_media(VodClient& client,
                                                       std::vector<std::string> file_ids);

// The file, with all that was made of it. Errors: not_found.
Task<Result<void>> delete_media(VodClient& client, std::string file_id);

// A part of a file: seconds, 0 as the end is the end of the file.
struct MediaPiece {
    std::string file_id;
    double from = 0;
    double to = 0;

    bool operator==(const MediaPiece&) const = default;
};
// "ID", or "ID@FROM-TO" with either left out; times are "12.5", "1:02.5" or "1:00:02". Errors:
// invalid, with what it takes.
Result<MediaPiece> read_piece(std::string_view text);

struct CutOrder {
    std::vector<MediaPiece> pieces;  // One after the other.
    std::string name;                // Of the new file; empty: the platform's choice.
    std::string type = "mp4";        // Or "hls".
    std::int64_t priority = 0;       // -10 to 10, larger first.
};
// EditMedia. Returns the task's id.
Task<Result<std::string>> edit_media(VodClient& client, CutOrder order);

}  // namespace hookreel::app::client
