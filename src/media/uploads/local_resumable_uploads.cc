#include "media/uploads/local_resumable_uploads.h"

#include <fmt/format.h>

#include <algorithm>
#include <list>

#include "base/random.h"
#include "base/text.h"

namespace hookreel::media {
namespace {

constexpr std::size_t buffer_bytes = 256 * 1024;
// Between two looks at the free space.
constexpr std::uint64_t look_bytes = 16 * 1024 * 1024;
// What is hashed before another piece of work gets the thread.
constexpr std::size_t slice_bytes = 8 * 1024 * 1024;
constexpr std::size_t hashes_max = 1'000;

// What came before the source ended or broke off.
struct Filled {
    std::size_t count = 0;
    std::optional<Error> error;
};

Task<Filled> fill(http::ByteSource& source, std::span<char> buffer) {
    Filled filled;
    while (filled.count < buffer.size()) {
        Result<std::size_t> got = co_await source.read(buffer.subspan(filled.count));
        if (!got) {
            filled.error = std::move(got.error());
            break;
        }
        if (*got == 0) break;
        filled.count += *got;
    }
    co_return filled;
}

std::unexpected<Error> too_long(std::uint64_t bytes_max) {
    return fail(Code::too_large, "an upload may have " + human_bytes(bytes_max));
}

ResumableUpload shown(const UploadSession& session) {
    const ResumedFile& file = *session.resumed;
    ResumableUpload upload{.id = session.upload.id,
                           .length_bytes = file.length_bytes,
                           .offset_bytes = file.offset_bytes,
                           .metadata = file.metadata,
                           .form = file.form,
                           .parts_text = file.parts_text,
                           .expires = session.upload.keys_expire,
                           .file = {}};
    if (file.is_open_ended) upload.length_bytes.reset();
    if (session.state == SessionState::committed) upload.file = session.upload.file;
    return upload;
}

}  // namespace

// The right of one request to write to an upload, with the hash of what is there.
class LocalResumableUploads::Hold {
 public:
    Hold(LocalResumableUploads& uploads, const model::UploadId& id)
        : uploads_(uploads), id_(id.text()) {
        const std::lock_guard lock(uploads_.mutex_);
        is_held_ = uploads_.held_.insert(id_).second;
        if (!is_held_) return;
        if (auto node = uploads_.hashes_.extract(id_)) hash_ = std::move(node.mapped());
    }
    ~Hold() {
        if (!is_held_) return;
        const std::lock_guard lock(uploads_.mutex_);
        uploads_.held_.erase(id_);
    }
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;

    bool is_held() const { return is_held_; }
    RunningHash take_hash() { return std::move(hash_); }
    // Keeps the hash for the next request.
    void keep(RunningHash hash) {
        const std::lock_guard lock(uploads_.mutex_);
        if (uploads_.hashes_.size() >= hashes_max) uploads_.hashes_.erase(uploads_.hashes_.begin());
        uploads_.hashes_.insert_or_assign(id_, std::move(hash));
    }

 private:
    LocalResumableUploads& uploads_;
    const std::string id_;
    RunningHash hash_;
    bool is_held_ = false;
};

// The file while one request adds to it, with the hashes of the whole and of what is added.
class LocalResumableUploads::Growth {
 public:
    Growth(const Staging& staging, FileThreads& threads, RunningHash hash)
        : staging_(staging), threads_(threads), hash_(std::move(hash)) {}

    Task<Result<void>> open(std::string path, std::uint64_t offset,
                            const std::optional<Checksum>& checksum) {
        // A hash of other bytes, or of none because the server was started again, is of no use.
        is_hash_good_ = hash_.hashed_bytes == offset;
        if (checksum) added_.emplace(checksum->algorithm);
        auto work = [&]() -> Result<void> {
            Result<void> room = staging_.check_room(0);
            if (!room) return room;
            Result<GrowingFile> opened = GrowingFile::open(path, offset);
            if (!opened) return fail(std::move(opened.error()));
            file_.emplace(std::move(*opened));
            return {};
        };
        co_return co_await threads_.run(work);
    }

    Task<Result<void>> append(std::string_view bytes) {
        auto work = [&]() -> Result<void> {
            if (file_->size_bytes() >= next_look_) {
                next_look_ = file_->size_bytes() + look_bytes;
                Result<void> room = staging_.check_room(look_bytes);
                if (!room) return room;
            }
            if (added_) added_->update(bytes);
            if (is_hash_good_) {
                hash_.hasher.update(bytes);
                hash_.hashed_bytes += bytes.size();
            }
            return file_->append(bytes);
        };
        co_return co_await threads_.run(work);
    }

    Task<Result<void>> sync() {
        auto work = [&] { return file_->sync(); };
        co_return co_await threads_.run(work);
    }

    std::uint64_t size_bytes() const { return file_->size_bytes(); }
    // Of what was added; asked once, when a checksum was announced.
    bool fits(const Checksum& checksum) {
        return constant_time_equal(added_->finish(), checksum.digest);
    }
    // Empty when it is not that of the whole file.
    RunningHash take_hash() { return is_hash_good_ ? std::move(hash_) : RunningHash{}; }

 private:
    const Staging& staging_;
    FileThreads& threads_;
    RunningHash hash_;
    bool is_hash_good_ = false;
    std::optional<Hasher> added_;
    std::optional<GrowingFile> file_;
    std::uint64_t next_look_ = 0;
};

Task<Result<ResumableUpload>> LocalResumableUploads::create(NewResumable upload) {
    Result<UploadRequest> checked = std::move(upload.request);
    if (upload.form == UploadForm::whole) checked = checked_request(std::move(*checked));
    if (!checked) co_return fail(std::move(checked.error()));
    const std::uint64_t wanted_bytes = upload.length_bytes.value_or(0);
    if (wanted_bytes > options_.bytes_max) co_return too_long(options_.bytes_max);
    auto look = [&]() -> Result<void> {
        Result<void> made = make_folder(staging_.folder());
        return made ? staging_.check_room(wanted_bytes) : made;
    };
    Result<void> room = co_await ports_.threads.run(look);
    if (!room) co_return fail(std::move(room.error()));

    UploadSession session;
    session.upload = make_upload(std::move(*checked), ports_.clock.now(), options_.life);
    session.resumed = ResumedFile{.name = random_hex(16),
                                  .length_bytes = upload.length_bytes.value_or(options_.bytes_max),
                                  .metadata = std::move(upload.metadata),
                                  .is_open_ended = !upload.length_bytes,
                                  .form = upload.form};
    co_await ports_.catalog.await_quota();
    const Claim claim = claim_of(session.upload, wanted_bytes);
    const Result<void> granted = ports_.catalog.quota().claim(claim);
    if (!granted) co_return fail(granted.error());
    store::Put put{session_key(session.upload.keys.secret_id), to_json_text(session), 0};
    store::Commit commit;
    commit.puts.push_back(std::move(put));
    Result<void> done = co_await ports_.store.commit(std::move(commit));
    if (!done) {
        ports_.catalog.quota().release(claim);
        co_return fail(std::move(done.error()));
    }
    co_return shown(session);
}

Task<Result<LocalResumableUploads::Session>> LocalResumableUploads::load_part(UploadName name) {
    const std::string id = name.id.text();
    Result<Session> session = co_await load(std::move(name));
    if (!session && session.error().code == Code::not_found)
        co_return fail(Code::not_found, "part " + id + " is not there");
    if (!session) co_return session;
    const ResumedFile& file = *session->value.resumed;
    if (file.form != UploadForm::part)
        co_return fail(Code::invalid, "upload " + id + " is no part of a file");
    if (!file.is_complete()) co_return fail(Code::conflict, "part " + id + " is not complete");
    co_return session;
}

Task<Result<ResumableUpload>> LocalResumableUploads::concatenate(NewConcatenation upload,
                                                                 TraceContext trace) {
    Result<UploadRequest> checked = checked_request(std::move(upload.request));
    if (!checked) co_return fail(std::move(checked.error()));
    if (upload.parts.empty() || upload.parts.size() > concatenated_parts_max)
        co_return fail(Code::invalid,
                       fmt::format("a file may have 1 to {} parts", concatenated_parts_max));
    std::list<Hold> holds;  // Nobody writes to a part, or puts it together, meanwhile.
    std::vector<Session> parts;
    std::vector<Staging::Piece> pieces;
    std::uint64_t length = 0;
    for (const model::UploadId& id : upload.parts) {
        if (!holds.emplace_back(*this, id).is_held())
            co_return fail(Code::conflict, "part " + id.text() + " is named twice or in use");
        UploadName name{checked->application, id};
        Result<Session> part = co_await load_part(std::move(name));
        if (!part) co_return fail(std::move(part.error()));
        const ResumedFile& file = *part->value.resumed;
        length += file.length_bytes;
        if (length > options_.bytes_max) co_return too_long(options_.bytes_max);
        if (file.length_bytes > 0)
            pieces.push_back({staging_.path(part->value.upload, file.name), file.length_bytes});
        parts.push_back(std::move(*part));
    }

    UploadSession session;
    session.upload = make_upload(std::move(*checked), ports_.clock.now(), options_.life);
    Result<StagedObject> object = co_await staging_.concatenate(session.upload, std::move(pieces));
    if (!object) {
        co_await staging_.remove_session(session.upload);
        co_return fail(std::move(object.error()));
    }
    object->written = ports_.clock.now();
    session.resumed = ResumedFile{.name = object->name,
                                  .length_bytes = length,
                                  .offset_bytes = length,
                                  .metadata = std::move(upload.metadata),
                                  .form = UploadForm::concatenated,
                                  .parts_text = std::move(upload.parts_text)};
    session.media = std::move(*object);
    session.state = SessionState::committing;
    session.trace = trace_text(trace);
    const Result<void> replaced = co_await replace(parts, session);
    if (!replaced) co_return fail(replaced.error());
    // From now on it is a file, at the latest when it is asked for again.
    UploadName name{session.upload.request.application, session.upload.id};
    Result<ResumableUpload> made = co_await find(std::move(name));
    co_return made ? std::move(*made) : shown(session);
}

Task<Result<void>> LocalResumableUploads::replace(const std::vector<Session>& parts,
                                                  const UploadSession& whole) {
    Quota& quota = ports_.catalog.quota();
    const Claim claim = claim_of(whole.upload, whole.resumed->length_bytes);
    quota.restore(claim);  // It was granted to the parts.
    store::Commit commit;
    commit.puts.push_back({session_key(whole.upload.keys.secret_id), to_json_text(whole), 0});
    for (const Session& part : parts) {
        // Put and removed, so that the version counts: what was dropped meanwhile is no part.
        commit.puts.push_back(put_over(part));
        commit.removes.push_back(part.key);
    }
    Result<void> done = co_await ports_.store.commit(std::move(commit));
    if (!done && surely_refused(done.error())) {
        quota.release(claim);
        co_await staging_.remove_session(whole.upload);
    }
    if (!done && done.error().code == Code::conflict)
        co_return fail(Code::not_found, "a part was ended");
    if (!done) co_return done;
    for (const Session& part : parts) {
        quota.release(part.value.upload.request.application, part.value.upload.file);
        co_await staging_.remove_session(part.value.upload);
    }
    co_return done;
}

Task<Result<ResumableUpload>> LocalResumableUploads::find(UploadName name) {
    Result<Session> session = co_await load(std::move(name));
    if (!session) co_return fail(std::move(session.error()));
    co_return co_await settled(std::move(*session));
}

Task<Result<LocalResumableUploads::Session>> LocalResumableUploads::load(UploadName name) {
    const store::RecordKey key = session_key(secret_id_of(name.id));
    Result<Session> session = co_await store::load<UploadSession>(ports_.store, key);
    if (!session) co_return session;
    const UploadSession& found = session->value;
    const bool is_over =
        found.state != SessionState::committing && found.upload.keys_expire <= ports_.clock.now();
    if (!found.resumed || found.upload.request.application != name.application || is_over)
        co_return fail(Code::not_found, "no such upload");
    co_return session;
}

// As it is shown; one whose last step was cut is finished first.
Task<Result<ResumableUpload>> LocalResumableUploads::settled(Session session) {
    ResumableUpload upload = shown(session.value);
    if (session.value.state == SessionState::committing) {
        const model::ApplicationId application = session.value.upload.request.application;
        Result<model::Asset> asset =
            co_await ingest_.commit(application, upload.id, TraceContext());
        if (!asset) co_return fail(std::move(asset.error()));
        upload.file = asset->id;
    }
    co_return upload;
}

Task<Result<Appended>> LocalResumableUploads::append(UploadName name, Append append,
                                                     http::ByteSource& source, TraceContext trace) {
    using enum Appended::Outcome;
    Hold hold(*this, name.id);
    if (!hold.is_held()) co_return Appended{busy, {}};
    Result<Session> session = co_await load(std::move(name));
    if (!session) co_return fail(std::move(session.error()));
    const ResumedFile& file = *session->value.resumed;
    if (file.form == UploadForm::concatenated) co_return Appended{complete, {}};
    if (append.offset_bytes != file.offset_bytes)
        co_return Appended{wrong_offset, shown(session->value)};
    if (append.length_bytes && file.is_open_ended) {
        const Result<void> set = co_await set_length(*session, *append.length_bytes);
        if (!set) co_return fail(set.error());
    }
    if (append.length_bytes.value_or(file.length_bytes) != file.length_bytes)
        co_return Appended{wrong_length, shown(session->value)};
    if (session->value.state == SessionState::open) {
        Growth growth(staging_, ports_.threads, hold.take_hash());
        std::string path = staging_.path(session->value.upload, file.name);
        Result<void> done =
            co_await growth.open(std::move(path), file.offset_bytes, append.checksum);
        if (done) done = co_await grow(*session, append, source, growth);
        RunningHash hash = growth.take_hash();
        if (!done) {
            if (hash.hashed_bytes == file.offset_bytes) hold.keep(std::move(hash));
            if (done.error().code == Code::conflict)
                co_return Appended{wrong_checksum, shown(session->value)};
            co_return fail(std::move(done.error()));
        }
        if (!file.ends_at(file.offset_bytes)) {
            if (!file.is_complete()) hold.keep(std::move(hash));
            co_return Appended{taken, shown(session->value)};
        }
        done = co_await close(*session, std::move(hash), std::move(trace));
        if (!done) co_return fail(std::move(done.error()));
    }
    Result<ResumableUpload> upload = co_await settled(std::move(*session));
    if (!upload) co_return fail(std::move(upload.error()));
    co_return Appended{taken, std::move(*upload)};
}

Task<Result<void>> LocalResumableUploads::set_length(Session& session, std::uint64_t length_bytes) {
    ResumedFile& file = *session.value.resumed;
    if (length_bytes > options_.bytes_max) co_return too_long(options_.bytes_max);
    if (length_bytes < file.offset_bytes)
        co_return fail(Code::too_large, "the upload has more bytes than are announced");
    const std::uint64_t more_bytes = length_bytes - file.offset_bytes;
    auto look = [&] { return staging_.check_room(more_bytes); };
    Result<void> done = co_await ports_.threads.run(look);
    co_await ports_.catalog.await_quota();
    if (done) done = ports_.catalog.quota().claim(claim_of(session.value.upload, length_bytes));
    if (!done) co_return done;
    file.length_bytes = length_bytes;
    file.is_open_ended = false;
    co_return co_await record(session, file.offset_bytes);
}

// Errors also: those of the source; conflict (the checksum differs).
Task<Result<void>> LocalResumableUploads::grow(Session& session, const Append& append,
                                               http::ByteSource& source, Growth& growth) {
    const ResumedFile& file = *session.value.resumed;
    if (file.is_open_ended) co_await ports_.catalog.await_quota();
    std::uint64_t kept = append.offset_bytes;
    std::string buffer(buffer_bytes, '\0');
    std::optional<Error> broken;
    for (bool more = true; more;) {
        const Filled filled = co_await fill(source, buffer);
        const std::uint64_t wanted = growth.size_bytes() + filled.count;
        if (wanted > file.length_bytes)
            co_return fail(Code::too_large, "the upload has more bytes than were announced");
        Result<void> done;
        if (file.is_open_ended && wanted > kept)
            done = ports_.catalog.quota().claim(claim_of(session.value.upload, wanted));
        const std::string_view bytes(buffer.data(), filled.count);
        if (done) done = co_await growth.append(bytes);
        if (!done) co_return done;
        broken = filled.error;
        more = filled.count == buffer.size();
        const std::uint64_t size = growth.size_bytes();
        if (more && !append.checksum && size - kept >= options_.checkpoint_bytes &&
            !file.ends_at(size)) {
            done = co_await growth.sync();
            if (done) done = co_await record(session, size);
            if (!done) co_return done;
            kept = size;
        }
    }
    if (append.checksum) {
        if (broken) co_return fail(std::move(*broken));
        if (!growth.fits(*append.checksum)) co_return fail(Code::conflict, "another checksum");
    }
    Result<void> done = co_await growth.sync();
    // With the last byte the offset is recorded together with what becomes of the file.
    const std::uint64_t size = growth.size_bytes();
    if (done && !file.ends_at(size) && size > kept) done = co_await record(session, size);
    if (!done) co_return done;
    session.value.resumed->offset_bytes = size;
    if (broken && !file.is_complete()) co_return fail(std::move(*broken));
    co_return Result<void>{};
}

Task<Result<void>> LocalResumableUploads::record(Session& session, std::uint64_t offset_bytes) {
    session.value.resumed->offset_bytes = offset_bytes;
    session.value.upload.keys_expire = ports_.clock.now() + options_.life;
    store::Commit commit;
    commit.puts.push_back(put_over(session));
    Result<void> done = co_await ports_.store.commit(std::move(commit));
    // Nobody else changes it while it is held; so it was dropped.
    if (!done && done.error().code == Code::conflict)
        co_return fail(Code::not_found, "the upload was ended");
    if (done) ++session.version;
    co_return done;
}

Task<Result<void>> LocalResumableUploads::close(Session& session, RunningHash hash,
                                                TraceContext trace) {
    ResumedFile& file = *session.value.resumed;
    const std::string path = staging_.path(session.value.upload, file.name);
    while (hash.hashed_bytes < file.length_bytes) {
        const FileStretch next{path, hash.hashed_bytes, slice_bytes};
        auto work = [&] { return add_to_hash(hash.hasher, next); };
        const Result<std::size_t> added = co_await ports_.threads.run(work);
        if (!added) co_return fail(added.error());
        if (*added == 0) co_return fail(Code::internal, "an upload on disk is too short");
        hash.hashed_bytes += *added;
    }
    const std::string md5 = hex(hash.hasher.finish());
    session.value.media =
        StagedObject{file.name, file.length_bytes, md5, md5, ports_.clock.now(), {}};
    session.value.state = SessionState::committing;
    session.value.trace = trace_text(trace);
    co_return co_await record(session, file.length_bytes);
}

Task<Result<void>> LocalResumableUploads::remove(UploadName name) {
    Hold hold(*this, name.id);
    if (!hold.is_held()) co_return fail(Code::conflict, "a request is writing to the upload");
    Result<Session> session = co_await load(std::move(name));
    if (!session) co_return fail(std::move(session.error()));
    const Upload upload = session->value.upload;
    Result<ResumableUpload> last = co_await settled(std::move(*session));
    if (!last) co_return fail(std::move(last.error()));
    store::Commit commit;
    commit.removes.push_back(session_key(upload.keys.secret_id));
    Result<void> done = co_await ports_.store.commit(std::move(commit));
    if (!done) co_return done;
    ports_.catalog.quota().release(upload.request.application, upload.file);
    co_await staging_.remove_session(upload);
    co_return done;
}

}  // namespace hookreel::media
