#include "media/uploads/local_uploads.h"

#include <fmt/format.h>

#include "base/random.h"
#include "media/uploads/claiming_source.h"
#include "media/uploads/stream_upload.h"
#include "media/uploads/upload_request.h"

namespace hookreel::media {
namespace {

// How often a write is begun again because another request changed the record meanwhile: as many
// segments of one stream may come side by side, each of which is counted in the session. Parts of
// one object each have their own record.
constexpr int rounds_max = 100;
constexpr int part_number_max = 10'000;

std::optional<StagedObject>& slot_of(UploadSession& session, std::string_view key) {
    return key == session.upload.media_key ? session.media : session.cover;
}

bool is_own_key(const Upload& upload, std::string_view key) {
    return !key.empty() &&
           (key == upload.media_key || key == upload.cover_key || segment_name(upload, key));
}

StoredObject stored(const StagedObject& object) {
    return {object.size_bytes, object.md5, object.etag, object.written};
}

bool is_multipart_id(std::string_view text) {
    const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    return text.size() == 32 && std::ranges::all_of(text, is_hex);
}

// The parts that were asked for, in that order. Errors: invalid.
Result<std::vector<StagedObject>> pick(
    const std::vector<store::Versioned<PartRecord>>& stored_parts,
    const std::vector<Part>& wanted) {
    if (wanted.empty()) return fail(Code::invalid, "no parts are named");
    std::vector<StagedObject> picked;
    auto next = stored_parts.begin();
    int before = 0;
    for (const Part& part : wanted) {
        if (part.number <= before) return fail(Code::invalid, "the parts are not in order");
        before = part.number;
        while (next != stored_parts.end() && next->value.number < part.number)
            ++next;
        if (next == stored_parts.end() || next->value.number != part.number)
            return fail(Code::invalid, fmt::format("part {} was not uploaded", part.number));
        if (next->value.object.md5 != part.md5)
            return fail(Code::invalid, fmt::format("part {} is another one", part.number));
        picked.push_back(next->value.object);
    }
    return picked;
}

// The object of that key. Errors: not_found, unavailable.
Task<Result<StagedObject>> find_object(store::Store& store, const UploadSession& session,
                                       const std::string& key) {
    if (const std::optional<std::string> segment = segment_name(session.upload, key)) {
        const store::RecordKey at = segment_key(session.upload, *segment);
        co_return map(co_await store::load<StagedObject>(store, at),
                      [](store::Versioned<StagedObject> found) { return std::move(found.value); });
    }
    const std::optional<StagedObject>& object =
        key == session.upload.media_key ? session.media : session.cover;
    if (!object) co_return fail(Code::not_found, "no such object");
    co_return *object;
}

// The object that was joined from a multipart upload. Errors: not_found, unavailable.
Task<Result<StoredObject>> find_joined(store::Store& store, const UploadSession& session,
                                       const std::string& multipart) {
    for (const auto& object : {session.media, session.cover})
        if (object && object->multipart == multipart) co_return stored(*object);
    std::string prefix = segments_prefix(session.upload);
    const Result<std::vector<store::Versioned<StagedObject>>> segments =
        co_await store::load_all<StagedObject>(store, store::Kind::part, std::move(prefix));
    if (!segments) co_return fail(segments.error());
    for (const store::Versioned<StagedObject>& segment : *segments)
        if (segment.value.multipart == multipart) co_return stored(segment.value);
    co_return fail(Code::not_found, "no such multipart upload");
}

// A session with an object in its place, and what the object took the place of.
struct Placement {
    std::vector<store::Put> puts;
    std::optional<StagedObject> replaced;
};
// Errors: too_large (too many segments), unavailable.
Task<Result<Placement>> placed_in(store::Store& store, store::Versioned<UploadSession> session,
                                  const std::string& key, const StagedObject& object) {
    Placement placement;
    const std::optional<std::string> segment = segment_name(session.value.upload, key);
    if (segment) {
        const store::RecordKey at = segment_key(session.value.upload, *segment);
        Result<store::Versioned<StagedObject>> before =
            co_await store::load<StagedObject>(store, at);
        if (!before && before.error().code != Code::not_found)
            co_return fail(std::move(before.error()));
        if (!before && session.value.segment_count >= segments_max)
            co_return fail(Code::too_large,
                           fmt::format("a stream may have {} segments", segments_max));
        session.value.segment_count += before ? 0 : 1;
        placement.puts.push_back({at, to_json_text(object), before ? before->version : 0});
        if (before) placement.replaced = std::move(before->value);
    } else {
        placement.replaced = std::exchange(slot_of(session.value, key), object);
    }
    // Written with each segment, too: a session that is committed meanwhile takes none.
    placement.puts.push_back(put_over(session));
    co_return placement;
}

}  // namespace

LocalUploads::LocalUploads(Ingest::Ports ports, LocalUploadsOptions options)
    : ports_(ports),
      options_(std::move(options)),
      staging_(ports.threads, {options_.data_folder + "/staging", options_.object_bytes_max,
                               options_.reserve_bytes, options_.free_bytes}),
      ingest_(ports, staging_, options_.data_folder + "/media"),
      resumable_(ports, staging_, ingest_,
                 {options_.object_bytes_max, options_.checkpoint_bytes, options_.session_life}) {}

Task<Result<Upload>> LocalUploads::apply(UploadRequest request) {
    Result<UploadRequest> checked = checked_request(std::move(request));
    if (!checked) co_return fail(std::move(checked.error()));
    const Upload upload =
        make_upload(std::move(*checked), ports_.clock.now(), options_.session_life);
    co_await ports_.catalog.await_quota();
    // How much comes is not known yet, but nothing can when there is no room.
    const Result<void> room = ports_.catalog.quota().claim(claim_of(upload, 0));
    if (!room) co_return fail(room.error());
    UploadSession session;
    session.upload = upload;
    store::Put put{session_key(upload.keys.secret_id), to_json_text(session), 0};
    store::Commit commit;
    commit.puts.push_back(std::move(put));
    Result<void> done = co_await ports_.store.commit(std::move(commit));
    if (!done) co_return fail(std::move(done.error()));
    co_return upload;
}

Task<Result<Upload>> LocalUploads::find_by_secret_id(std::string secret_id) {
    const store::RecordKey key = session_key(secret_id);
    if (secret_id.size() != secret_id_of({}).size()) co_return fail(Code::not_found, "no such key");
    Result<store::Versioned<UploadSession>> session =
        co_await store::load<UploadSession>(ports_.store, key);
    if (!session) co_return fail(std::move(session.error()));
    if (session->value.upload.keys_expire <= ports_.clock.now())
        co_return fail(Code::not_found, "the key has expired");
    co_return std::move(session->value.upload);
}

Task<Result<store::Versioned<UploadSession>>> LocalUploads::open_session(const Upload& upload) {
    const store::RecordKey key = session_key(upload.keys.secret_id);
    Result<store::Versioned<UploadSession>> session =
        co_await store::load<UploadSession>(ports_.store, key);
    if (session && session->value.state != SessionState::open)
        co_return fail(Code::denied, "the upload was committed");
    if (!session && session.error().code == Code::not_found)
        co_return fail(Code::denied, "the session has expired");
    co_return session;
}

Task<Result<StoredObject>> LocalUploads::put_object(Upload upload, std::string key,
                                                    http::ByteSource& source,
                                                    std::optional<std::string> md5) {
    if (!is_own_key(upload, key)) co_return fail(Code::denied, "not a key of this session");
    Result<store::Versioned<UploadSession>> session = co_await open_session(upload);
    if (!session) co_return fail(std::move(session.error()));
    ClaimingSource claiming(source, ports_.catalog.quota(), upload);
    Result<StagedObject> object = co_await staging_.receive(upload, claiming, md5);
    if (!object) co_return fail(std::move(object.error()));
    object->written = ports_.clock.now();
    const std::vector<store::RecordKey> no_removes;
    Result<StoredObject> placed = co_await place(upload, key, *object, no_removes);
    const std::vector<std::string> rubbish = {object->name};
    if (!placed && surely_refused(placed.error()))
        co_await staging_.remove(upload, rubbish);
    else
        claiming.keep();
    co_return placed;
}

// Makes the object the one of that key, in one commit with the removes. Errors: denied, too_large
// (too many segments), unavailable.
Task<Result<StoredObject>> LocalUploads::place(const Upload& upload, const std::string& key,
                                               StagedObject object,
                                               const std::vector<store::RecordKey>& removes) {
    for (int round = 0; round < rounds_max; ++round) {
        Result<store::Versioned<UploadSession>> session = co_await open_session(upload);
        if (!session) co_return fail(std::move(session.error()));
        Result<Placement> placement =
            co_await placed_in(ports_.store, std::move(*session), key, object);
        if (!placement) co_return fail(std::move(placement.error()));
        const std::optional<StagedObject> replaced = std::move(placement->replaced);
        store::Commit commit;
        commit.puts = std::move(placement->puts);
        commit.removes = removes;
        Result<void> done = co_await ports_.store.commit(std::move(commit));
        if (!done && done.error().code == Code::conflict) continue;
        if (!done) co_return fail(std::move(done.error()));
        if (replaced && replaced->name != object.name) {
            const std::vector<std::string> rubbish = {replaced->name};
            ports_.catalog.quota().release(claim_of(upload, replaced->size_bytes));
            co_await staging_.remove(upload, rubbish);
        }
        co_return stored(object);
    }
    co_return fail(Code::conflict, "the session is busy");
}

Task<Result<StoredObject>> LocalUploads::head_object(Upload upload, std::string key) {
    if (!is_own_key(upload, key)) co_return fail(Code::denied, "not a key of this session");
    Result<store::Versioned<UploadSession>> session = co_await open_session(upload);
    if (!session) co_return fail(std::move(session.error()));
    const Result<StagedObject> object = co_await find_object(ports_.store, session->value, key);
    if (!object) co_return fail(object.error());
    co_return stored(*object);
}

Task<Result<Multipart>> LocalUploads::start_multipart(Upload upload, std::string key) {
    if (!is_own_key(upload, key)) co_return fail(Code::denied, "not a key of this session");
    Result<store::Versioned<UploadSession>> session = co_await open_session(upload);
    if (!session) co_return fail(std::move(session.error()));
    store::ListOptions open{multiparts_prefix(upload), {}, options_.multiparts_max};
    Result<std::vector<store::Record>> others = co_await ports_.store.list(store::Kind::part, open);
    if (!others) co_return fail(std::move(others.error()));
    if (others->size() >= static_cast<std::size_t>(options_.multiparts_max))
        co_return fail(Code::too_large, "too many multipart uploads are open");

    Multipart multipart{random_hex(16), std::move(key), ports_.clock.now()};
    MultipartRecord record{multipart.key, multipart.started};
    store::Put put{multipart_key(upload, multipart.id), to_json_text(record), 0};
    store::Commit commit;
    commit.puts.push_back(std::move(put));
    Result<void> done = co_await ports_.store.commit(std::move(commit));
    if (!done) co_return fail(std::move(done.error()));
    co_return multipart;
}

Task<Result<std::vector<Multipart>>> LocalUploads::list_multiparts(Upload upload,
                                                                   std::string prefix) {
    std::string ids = multiparts_prefix(upload);
    const std::size_t id_at = ids.size();
    Result<std::vector<store::Versioned<MultipartRecord>>> records =
        co_await store::load_all<MultipartRecord>(ports_.store, store::Kind::part, std::move(ids));
    if (!records) co_return fail(std::move(records.error()));
    std::vector<Multipart> found;
    for (store::Versioned<MultipartRecord>& record : *records)
        if (record.value.key.starts_with(prefix))
            found.push_back(
                {record.key.id.substr(id_at), std::move(record.value.key), record.value.started});
    co_return found;
}

Task<Result<MultipartRecord>> LocalUploads::find_multipart(const Upload& upload,
                                                           const std::string& multipart) {
    if (!is_multipart_id(multipart)) co_return fail(Code::not_found, "no such multipart upload");
    const store::RecordKey key = multipart_key(upload, multipart);
    co_return map(co_await store::load<MultipartRecord>(ports_.store, key),
                  [](store::Versioned<MultipartRecord> found) { return std::move(found.value); });
}

Task<Result<Part>> LocalUploads::put_part(Upload upload, std::string multipart, int number,
                                          http::ByteSource& source,
                                          std::optional<std::string> md5) {
    if (number < 1 || number > part_number_max)
        co_return fail(Code::invalid, "a part's number is 1 to 10000");
    Result<MultipartRecord> found = co_await find_multipart(upload, multipart);
    if (!found) co_return fail(std::move(found.error()));
    ClaimingSource claiming(source, ports_.catalog.quota(), upload);
    Result<StagedObject> object = co_await staging_.receive(upload, claiming, md5);
    if (!object) co_return fail(std::move(object.error()));
    object->written = ports_.clock.now();

    PartRecord record{number, *object};
    Result<void> done = co_await record_part(upload, multipart, std::move(record));
    const bool is_refused = !done && surely_refused(done.error());
    if (!is_refused) claiming.keep();
    if (!done) {
        const std::vector<std::string> rubbish = {object->name};
        if (is_refused) co_await staging_.remove(upload, rubbish);
        co_return fail(std::move(done.error()));
    }
    co_return Part{number, object->size_bytes, object->md5, object->written};
}

Task<Result<void>> LocalUploads::record_part(const Upload& upload, const std::string& multipart,
                                             PartRecord part) {
    const store::RecordKey key = part_key(upload, multipart, part.number);
    for (int round = 0; round < rounds_max; ++round) {
        // While the bytes came it may have been joined or given up.
        Result<MultipartRecord> found = co_await find_multipart(upload, multipart);
        if (!found) co_return fail(std::move(found.error()));
        Result<store::Versioned<PartRecord>> before =
            co_await store::load<PartRecord>(ports_.store, key);
        if (!before && before.error().code != Code::not_found)
            co_return fail(std::move(before.error()));
        store::Put put{key, to_json_text(part), before ? before->version : 0};
        store::Commit commit;
        commit.puts.push_back(std::move(put));
        Result<void> done = co_await ports_.store.commit(std::move(commit));
        if (!done && done.error().code == Code::conflict) continue;
        if (done && before) {
            const std::vector<std::string> rubbish = {before->value.object.name};
            ports_.catalog.quota().release(claim_of(upload, before->value.object.size_bytes));
            co_await staging_.remove(upload, rubbish);
        }
        co_return done;
    }
    co_return fail(Code::conflict, "the part is sent too often at once");
}

Task<Result<std::vector<Part>>> LocalUploads::list_parts(Upload upload, std::string multipart) {
    Result<MultipartRecord> found = co_await find_multipart(upload, multipart);
    if (!found) co_return fail(std::move(found.error()));
    std::string prefix = parts_prefix(upload, multipart);
    Result<std::vector<store::Versioned<PartRecord>>> records =
        co_await store::load_all<PartRecord>(ports_.store, store::Kind::part, std::move(prefix));
    if (!records) co_return fail(std::move(records.error()));
    std::vector<Part> parts;
    for (const store::Versioned<PartRecord>& record : *records) {
        const StagedObject& object = record.value.object;
        parts.push_back({record.value.number, object.size_bytes, object.md5, object.written});
    }
    co_return parts;
}

Task<Result<StoredObject>> LocalUploads::complete_multipart(Upload upload, std::string multipart,
                                                            std::vector<Part> parts) {
    Result<store::Versioned<UploadSession>> session = co_await open_session(upload);
    if (!session) co_return fail(std::move(session.error()));
    Result<MultipartRecord> found = co_await find_multipart(upload, multipart);
    if (!found && found.error().code == Code::not_found)  // Perhaps a repeat.
        co_return co_await find_joined(ports_.store, session->value, multipart);
    if (!found) co_return fail(std::move(found.error()));
    std::string prefix = parts_prefix(upload, multipart);
    Result<std::vector<store::Versioned<PartRecord>>> records =
        co_await store::load_all<PartRecord>(ports_.store, store::Kind::part, std::move(prefix));
    if (!records) co_return fail(std::move(records.error()));
    Result<std::vector<StagedObject>> picked = pick(*records, parts);
    if (!picked) co_return fail(std::move(picked.error()));

    Result<StagedObject> object = co_await staging_.join(upload, *picked);
    if (!object) co_return fail(std::move(object.error()));
    object->written = ports_.clock.now();
    object->multipart = multipart;
    std::vector<store::RecordKey> removes = {multipart_key(upload, multipart)};
    std::vector<std::string> rubbish;
    std::uint64_t parts_bytes = 0;
    for (store::Versioned<PartRecord>& record : *records) {
        removes.push_back(std::move(record.key));
        parts_bytes += record.value.object.size_bytes;
        if (record.value.object.name != object->name)
            rubbish.push_back(std::move(record.value.object.name));
    }
    Result<StoredObject> placed = co_await place(upload, found->key, *object, removes);
    if (!placed) {
        const bool is_new = picked->size() > 1;
        rubbish = {object->name};
        if (is_new && surely_refused(placed.error())) co_await staging_.remove(upload, rubbish);
        co_return placed;
    }
    // The object has the claim of its parts.
    ports_.catalog.quota().release(claim_of(upload, parts_bytes - object->size_bytes));
    co_await staging_.remove(upload, rubbish);
    co_return placed;
}

Task<Result<void>> LocalUploads::abort_multipart(Upload upload, std::string multipart) {
    Result<MultipartRecord> found = co_await find_multipart(upload, multipart);
    if (!found) co_return fail(std::move(found.error()));
    std::string prefix = parts_prefix(upload, multipart);
    Result<std::vector<store::Versioned<PartRecord>>> records =
        co_await store::load_all<PartRecord>(ports_.store, store::Kind::part, std::move(prefix));
    if (!records) co_return fail(std::move(records.error()));
    store::Commit commit;
    commit.removes = {multipart_key(upload, multipart)};
    std::vector<std::string> rubbish;
    std::uint64_t parts_bytes = 0;
    for (store::Versioned<PartRecord>& record : *records) {
        commit.removes.push_back(std::move(record.key));
        parts_bytes += record.value.object.size_bytes;
        rubbish.push_back(std::move(record.value.object.name));
    }
    Result<void> done = co_await ports_.store.commit(std::move(commit));
    if (!done) co_return done;
    ports_.catalog.quota().release(claim_of(upload, parts_bytes));
    co_await staging_.remove(upload, rubbish);
    co_return done;
}

Task<Result<model::Asset>> LocalUploads::commit(model::ApplicationId application,
                                                model::UploadId id, TraceContext trace) {
    return ingest_.commit(application, std::move(id), std::move(trace));
}

Task<void> LocalUploads::discard(Upload upload) {
    const Result<store::Versioned<UploadSession>> session = co_await open_session(upload);
    if (session) (void)co_await drop_session(*session);
}

}  // namespace hookreel::media
