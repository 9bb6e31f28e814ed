// Uploads: a session that hands out temporary keys, the object that is written with them, and the
// file that comes of it.
//
// Bytes go straight to a file in the staging folder, with flat memory and the hash computed on the
// way. An object appears when its last byte is on disk, whole or not at all. A commit moves it into
// the library, probes it, and writes the asset and its event in one commit of the store. Sessions
// and parts are records: they survive a restart. Threads: any loop; disk work runs on the library's
// file threads.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/result.h"
#include "base/trace_context.h"
#include "http/message.h"
#include "model/application.h"
#include "model/media.h"
#include "store/announcer.h"
#include "store/store.h"

namespace hookreel::media {

struct UploadRequest {
    model::ApplicationId application;
    std::string type;        // Extension without the dot; see accepted_type.
    std::string name;        // Of the media; empty: "untitled".
    std::string cover_type;  // Empty: no cover will be uploaded. Else gif, jpg, jpeg or png.
    std::string procedure;
    TimePoint expires = never;
    std::int64_t class_id = 0;
    std::string source_context;
    std::string session_context;
};

// One upload session.
struct Upload {
    model::UploadId id;
    UploadRequest request;
    model::FileId file;     // Reserved at the start, told at commit.
    std::string bucket;     // Full bucket name, ends in -<AppId>.
    std::string media_key;  // Object keys, without a leading slash.
    std::string cover_key;  // Empty when there is no cover.
    model::KeyPair keys;    // Temporary.
    std::string token;
    TimePoint created{};
    TimePoint keys_expire{};  // The session lives as long as its keys: 24 h.
};

// What is known of an object that is wholly on disk.
struct StoredObject {
    std::uint64_t size_bytes = 0;
    std::string md5;   // Lower-case hex; of the whole object, also for multipart.
    std::string etag;  // Without quotes: the MD5, or "<MD5 of the parts' MD5s>-<parts>".
    TimePoint written{};
};

struct Part {
    int number = 0;  // 1 to 10,000
    std::uint64_t size_bytes = 0;
    std::string md5;
    TimePoint written{};
};

struct Multipart {
    std::string id;  // UploadId of the object protocol.
    std::string key;
    TimePoint started{};
};

class Uploads {
 public:
    virtual ~Uploads() = default;

    // Errors: invalid (the detail begins with the field: "type", "cover_type"), unavailable (also:
    // is_over_quota of media/files/quota.h).
    virtual Task<Result<Upload>> apply(UploadRequest request) = 0;
    // The session by its temporary key id. Errors: not_found (unknown or expired).
    virtual Task<Result<Upload>> find_by_secret_id(std::string secret_id) = 0;

    // Writes one object. Only the session's own keys are taken: those of the media and the cover,
    // and where the type is that of a stream, names in the folder of the media key; others: denied.
    // A second write replaces the first. When `md5` is given (16 raw bytes) and differs: invalid.
    // Errors also: those of the source; too_large (the limit per object, or of segments);
    // unavailable (disk full, or down to its reserve; is_over_quota). So has put_part.
    virtual Task<Result<StoredObject>> put_object(Upload upload, std::string key,
                                                  http::ByteSource& source,
                                                  std::optional<std::string> md5) = 0;
    virtual Task<Result<StoredObject>> head_object(Upload upload, std::string key) = 0;

    virtual Task<Result<Multipart>> start_multipart(Upload upload, std::string key) = 0;
    virtual Task<Result<std::vector<Multipart>>> list_multiparts(Upload upload,
                                                                 std::string prefix) = 0;
    virtual Task<Result<Part>> put_part(Upload upload, std::string multipart, int number,
                                        http::ByteSource& source,
                                        std::optional<std::string> md5) = 0;
    // By number. Errors: not_found (no such multipart).
    virtual Task<Result<std::vector<Part>>> list_parts(Upload upload, std::string multipart) = 0;
    // Joins the parts with these numbers, in this order, and these MD5s. Errors: not_found, invalid
    // (a part is missing, its MD5 differs, or the order is not ascending).
    virtual Task<Result<StoredObject>> complete_multipart(Upload upload, std::string multipart,
                                                          std::vector<Part> parts) = 0;
    virtual Task<Result<void>> abort_multipart(Upload upload, std::string multipart) = 0;

    // Puts the uploaded object into the library and announces it, within the trace of whoever asks.
    // A repeat after success answers the same asset, and no second event. An uploaded HLS playlist
    // or DASH description and its segments become one file. Errors: not_found (no object was
    // uploaded; or a segment was not, which the detail names: it may still come), denied (the
    // stream makes no file, for the reason in the detail), too_large (the file of a stream),
    // invalid (unknown, foreign or expired session).
    virtual Task<Result<model::Asset>> commit(model::ApplicationId application, model::UploadId id,
                                              TraceContext trace) = 0;
    // Ends a session that will not be committed, with what was uploaded. One that was is left
    // alone; what fails is left to the session's end.
    virtual Task<void> discard(Upload upload) = 0;
};

// Whether an upload of a single file may have this extension: the spec's media types, but no
// playlist, whose segments would not come along.
bool accepted_type(std::string_view type);

}  // namespace hookreel::media
