#include "media/uploads/local_resumable_uploads.h"

#include <algorithm>

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

ResumableUpload shown(const UploadSession& session) {
    const ResumedFile& file = *session.resumed;
    ResumableUpload upload{session.upload.id, file.length_bytes,          file.offset_bytes,
                           file.metadata,     session.upload.keys_expire, {}};
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
    Result<UploadRequest> checked = checked_request(std::move(upload.request));
    if (!checked) co_return fail(std::move(checked.error()));
    if (upload.length_bytes > options_.bytes_max)
        co_return fail(Code::too_large, "an upload may have " + human_bytes(options_.bytes_max));
    auto look = [&]() -> Result<void> {
        Result<void> made = make_folder(staging_.folder());
        return made ? staging_.check_room(upload.length_bytes) : made;
    };
    Result<void> room = co_await ports_.threads.run(look);
    if (!room) co_return fail(std::move(room.error()));

    UploadSession session;
    session.upload = make_upload(std::move(*checked), ports_.clock.now(), options_.life);
    session.resumed =
        ResumedFile{random_hex(16), upload.length_bytes, 0, std::move(upload.metadata)};
    co_await ports_.catalog.await_quota();
    const Claim claim = claim_of(session.upload, upload.length_bytes);
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
    if (append.offset_bytes != file.offset_bytes)
        co_return Appended{wrong_offset, shown(session->value)};
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
        if (file.offset_bytes < file.length_bytes) {
            hold.keep(std::move(hash));
            co_return Appended{taken, shown(session->value)};
        }
        done = co_await close(*session, std::move(hash), std::move(trace));
        if (!done) co_return fail(std::move(done.error()));
    }
    Result<ResumableUpload> upload = co_await settled(std::move(*session));
    if (!upload) co_return fail(std::move(upload.error()));
    co_return Appended{taken, std::move(*upload)};
}

// Errors also: those of the source; conflict (the checksum differs).
Task<Result<void>> LocalResumableUploads::grow(Session& session, const Append& append,
                                               http::ByteSource& source, Growth& growth) {
    const std::uint64_t length = session.value.resumed->length_bytes;
    std::uint64_t kept = append.offset_bytes;
    std::string buffer(buffer_bytes, '\0');
    std::optional<Error> broken;
    for (bool more = true; more;) {
        const Filled filled = co_await fill(source, buffer);
        if (growth.size_bytes() + filled.count > length)
            co_return fail(Code::too_large, "the upload has more bytes than were announced");
        const std::string_view bytes(buffer.data(), filled.count);
        Result<void> done = co_await growth.append(bytes);
        if (!done) co_return done;
        broken = filled.error;
        more = filled.count == buffer.size();
        const std::uint64_t size = growth.size_bytes();
        if (more && !append.checksum && size - kept >= options_.checkpoint_bytes && size < length) {
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
    if (done && growth.size_bytes() < length && growth.size_bytes() > kept)
        done = co_await record(session, growth.size_bytes());
    if (!done) co_return done;
    session.value.resumed->offset_bytes = growth.size_bytes();
    if (broken && growth.size_bytes() < length) co_return fail(std::move(*broken));
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
