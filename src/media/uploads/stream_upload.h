// A stream that is uploaded, HLS or DASH: a manifest with its pieces beside it, which become one
// file.
//
// The pieces are objects of the same session, in the folder of its media key, under the names that
// the manifest has for them, as the upload SDKs send them; "." and ".." in a name mean what they
// mean in a path, within that folder. Nothing but our own code reads a manifest, and it names
// objects of the session only. Threads: any loop.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "media/files/muxer.h"
#include "media/uploads/staging.h"
#include "media/uploads/upload_records.h"

namespace hookreel::media {

// Of one session: more than 11 hours in pieces of 4 s. Playlists of variants count among them.
inline constexpr int segments_max = 10'000;

// The name of a segment by its object key, such as "low/a.ts" of "<folder>/low/a.ts". Nothing: the
// session takes no segments, or none of that name: "..", ".", empty pieces of a path, "\", control
// characters and what is not UTF-8 are refused, and the keys of the media and the cover.
std::optional<std::string> segment_name(const Upload& upload, std::string_view key);

// The record of a segment is a StagedObject: "<secret id>/s/<name>".
store::RecordKey segment_key(const Upload& upload, std::string_view name);
std::string segments_prefix(const Upload& upload);

// All outlive their use.
struct StreamTools {
    store::Store& store;
    Staging& staging;
    Muxer& muxer;
};

// What one file was made of.
struct JoinedStream {
    std::string type;  // "ts", "mp4" or "webm"
    StagedObject object;
};
// Writes the stream of a session, whose media object is the manifest, into one file of the staging
// folder: the best picture with its sound. What it was made of stays. Errors: not_found (the detail
// names what was not uploaded), denied (no manifest, or one that makes no file; the detail says
// why), too_large, unavailable.
Task<Result<JoinedStream>> join_stream(StreamTools tools, const UploadSession& session);

}  // namespace hookreel::media
