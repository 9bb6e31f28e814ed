// Upload sessions, their multiparts and parts as they are kept in the store.
//
// A session is one record; its id is the temporary key id, which follows from the session key by a
// hash, so that both find it. Parts and segments are records of their own, because many are written
// at once. Bytes are named, not held: a file in the staging folder is nothing until a record names
// it.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "media/files/quota.h"
#include "media/uploads/resumable_uploads.h"
#include "media/uploads/uploads.h"
#include "store/store.h"
#include "store/typed_records.h"

namespace hookreel::media {

template <class V>
void fields(V& v, Of<UploadRequest, V> r) {
    v("application", r.application);
    v("type", r.type);
    v("name", r.name);
    v("cover_type", r.cover_type);
    v("procedure", r.procedure);
    v("expires", r.expires);
    v("class_id", r.class_id);
    v("source_context", r.source_context);
    v("session_context", r.session_context);
}
template <class V>
void fields(V& v, Of<Upload, V> u) {
    v("id", u.id);
    v("request", u.request);
    v("file", u.file);
    v("bucket", u.bucket);
    v("media_key", u.media_key);
    v("cover_key", u.cover_key);
    v("keys", u.keys);
    v("token", u.token);
    v("created", u.created);
    v("keys_expire", u.keys_expire);
}

// A file that is wholly on disk in the staging folder of its session.
struct StagedObject {
    std::string name;  // Of the file.
    std::uint64_t size_bytes = 0;
    std::string md5;
    std::string etag;
    TimePoint written{};
    std::string multipart;  // The id of the multipart that it was joined from, or empty.
};
template <class V>
void fields(V& v, Of<StagedObject, V> o) {
    v("name", o.name);
    v("size_bytes", o.size_bytes);
    v("md5", o.md5);
    v("etag", o.etag);
    v("written", o.written);
    v("multipart", o.multipart);
}

// Open: objects may be written. Committing: the objects are fixed and on their way into the
// library. Committed: the asset exists and was announced.
enum class SessionState { open, committing, committed };
constexpr std::array<std::string_view, 3> names(SessionState*) {
    return {"open", "committing", "committed"};
}

// The file of an upload that goes on where it broke off, as far as it is surely on disk. What is
// behind the offset was never acknowledged, and is cut off when the next bytes come.
struct ResumedFile {
    std::string name;                // In the staging folder of its session.
    std::uint64_t length_bytes = 0;  // The most that may come, as long as it is open-ended.
    std::uint64_t offset_bytes = 0;
    std::string metadata;  // What the client said of it, as it came.
    bool is_open_ended = false;
    UploadForm form = UploadForm::whole;
    std::string parts_text{};  // What the client said of the parts, as it came.

    bool is_complete() const { return !is_open_ended && offset_bytes == length_bytes; }
    // Whether so many bytes are the last that were missing, and a file.
    bool ends_at(std::uint64_t bytes) const {
        return form == UploadForm::whole && !is_open_ended && bytes == length_bytes;
    }
    // What it holds of the quota.
    std::uint64_t claimed_bytes() const { return is_open_ended ? offset_bytes : length_bytes; }
};
template <class V>
void fields(V& v, Of<ResumedFile, V> f) {
    v("name", f.name);
    v("length_bytes", f.length_bytes);
    v("offset_bytes", f.offset_bytes);
    v("metadata", f.metadata);
    v("is_open_ended", f.is_open_ended);
    v("form", f.form);
    v("parts_text", f.parts_text);
}

struct UploadSession {
    Upload upload;
    SessionState state = SessionState::open;
    std::optional<StagedObject> media;
    std::optional<StagedObject> cover;
    int segment_count = 0;  // Of a stream; they are records of their own.
    std::string trace{};    // Of whoever committed it, as trace_text has it; or empty.
    std::optional<ResumedFile> resumed{};
};
template <class V>
void fields(V& v, Of<UploadSession, V> s) {
    v("upload", s.upload);
    v("state", s.state);
    v("media", s.media);
    v("cover", s.cover);
    v("segment_count", s.segment_count);
    v("trace", s.trace);
    v("resumed", s.resumed);
}

struct MultipartRecord {
    std::string key;
    TimePoint started{};
};
template <class V>
void fields(V& v, Of<MultipartRecord, V> m) {
    v("key", m.key);
    v("started", m.started);
}

struct PartRecord {
    int number = 0;
    StagedObject object;
};
template <class V>
void fields(V& v, Of<PartRecord, V> p) {
    v("number", p.number);
    v("object", p.object);
}

// A session for a checked request, with new ids and keys; nothing is stored yet.
Upload make_upload(UploadRequest request, TimePoint now, Duration life);

// The temporary key id of a session.
std::string secret_id_of(const model::UploadId& id);

store::RecordKey session_key(const std::string& secret_id);
// Multiparts and parts of a session: "<secret id>/m/<multipart>" and
// "<secret id>/p/<multipart>/<number>", so that each kind is one prefix. For its segments
// see stream_upload.h.
store::RecordKey multipart_key(const Upload& upload, std::string_view multipart);
store::RecordKey part_key(const Upload& upload, std::string_view multipart, int number);
std::string multiparts_prefix(const Upload& upload);
std::string parts_prefix(const Upload& upload, std::string_view multipart);

// Room for so many of its bytes, in the quota of its application.
inline Claim claim_of(const Upload& upload, std::uint64_t bytes) {
    return {upload.request.application, upload.file, bytes};
}

// All multiparts, parts and segments of a session.
Task<Result<std::vector<store::RecordKey>>> part_keys_of(store::Store& store, const Upload& upload);

// Whether the store surely did not take the write, so that the file behind it is rubbish. After an
// `unavailable` it may have.
inline bool surely_refused(const Error& error) {
    return error.code != Code::unavailable;
}

// The write of a value over the version that it was read at.
template <class T>
store::Put put_over(const store::Versioned<T>& record) {
    return {record.key, to_json_text(record.value), record.version};
}

}  // namespace hookreel::media
