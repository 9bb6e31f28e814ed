// What LocalUploads does beside requests: recovery after a crash, and removal of what ran out.
#include <set>

#include "media/uploads/local_uploads.h"
#include "media/uploads/stream_upload.h"

namespace hookreel::media {
namespace {

constexpr Duration sweep_every = std::chrono::hours(1);
// What is still being sent when the keys run out may end.
constexpr Duration grace = std::chrono::hours(1);
constexpr int page_count = 500;

// A page of the sessions whose record ids come after `after`.
Task<Result<std::vector<store::Versioned<UploadSession>>>> sessions_after(
    store::Store& store, const std::string& after) {
    store::ListOptions options{{}, after, page_count};
    Result<std::vector<store::Record>> page = co_await store.list(store::Kind::upload, options);
    if (!page) co_return fail(std::move(page.error()));
    std::vector<store::Versioned<UploadSession>> sessions;
    for (store::Record& record : *page) {
        Result<UploadSession> session = from_json_text<UploadSession>(record.value);
        if (!session) co_return fail(Code::internal, "a session " + session.error().detail);
        sessions.push_back({std::move(record.key), std::move(*session), record.version});
    }
    co_return sessions;
}

// Adds the names of all files of a session. Returns what they take, or will take.
Task<Result<std::uint64_t>> add_names(store::Store& store, const UploadSession& session,
                                      std::set<std::string>& names) {
    std::uint64_t bytes = 0;
    for (const auto& object : {session.media, session.cover}) {
        if (!object) continue;
        names.insert(Staging::named(session.upload, object->name));
        bytes += object->size_bytes;
    }
    if (session.resumed) {
        names.insert(Staging::named(session.upload, session.resumed->name));
        bytes = session.resumed->claimed_bytes();
    }
    std::string prefix = session.upload.keys.secret_id + "/p/";
    Result<std::vector<store::Versioned<PartRecord>>> parts =
        co_await store::load_all<PartRecord>(store, store::Kind::part, std::move(prefix));
    if (!parts) co_return fail(std::move(parts.error()));
    for (const store::Versioned<PartRecord>& part : *parts) {
        names.insert(Staging::named(session.upload, part.value.object.name));
        bytes += part.value.object.size_bytes;
    }
    prefix = segments_prefix(session.upload);
    Result<std::vector<store::Versioned<StagedObject>>> segments =
        co_await store::load_all<StagedObject>(store, store::Kind::part, std::move(prefix));
    if (!segments) co_return fail(std::move(segments.error()));
    for (const store::Versioned<StagedObject>& segment : *segments) {
        names.insert(Staging::named(session.upload, segment.value.name));
        bytes += segment.value.size_bytes;
    }
    co_return bytes;
}

}  // namespace

Task<Result<void>> LocalUploads::recover() {
    Result<void> swept = co_await sweep_before(ports_.clock.now());
    if (!swept) co_return swept;
    std::set<std::string> names;
    std::string after;
    for (;;) {
        Result<std::vector<store::Versioned<UploadSession>>> page =
            co_await sessions_after(ports_.store, after);
        if (!page) co_return fail(std::move(page.error()));
        if (page->empty()) break;
        after = page->back().key.id;
        for (const store::Versioned<UploadSession>& session : *page) {
            if (session.value.state == SessionState::committed) continue;
            const Result<std::uint64_t> bytes =
                co_await add_names(ports_.store, session.value, names);
            if (!bytes) co_return fail(bytes.error());
            ports_.catalog.quota().restore(claim_of(session.value.upload, *bytes));
        }
    }
    co_return co_await staging_.remove_unnamed(names);
}

Task<Result<void>> LocalUploads::sweep() {
    co_return co_await sweep_before(ports_.clock.now() - grace);
}

Task<void> LocalUploads::tend() {
    const auto is_cancelled = [](const auto& state) {
        return state.cancelled() != asio::cancellation_type::none;
    };
    while (!is_cancelled(co_await asio::this_coro::cancellation_state)) {
        Timer timer(co_await asio::this_coro::executor);
        timer.expires_after(sweep_every);
        const auto [stopped] = co_await timer.async_wait(use_result);
        if (stopped) co_return;
        // What fails now is tried again in an hour.
        (void)co_await sweep();
    }
}

// Drops the sessions that ran out before then, and finishes the commits that were cut.
Task<Result<void>> LocalUploads::sweep_before(TimePoint before) {
    std::string after;
    for (;;) {
        Result<std::vector<store::Versioned<UploadSession>>> page =
            co_await sessions_after(ports_.store, after);
        if (!page) co_return fail(std::move(page.error()));
        if (page->empty()) co_return Result<void>{};
        after = page->back().key.id;
        for (const store::Versioned<UploadSession>& session : *page) {
            const Upload& upload = session.value.upload;
            if (session.value.state == SessionState::committing) {
                Result<model::Asset> asset =
                    co_await ingest_.commit(upload.request.application, upload.id, TraceContext());
                // Its files are gone for good: nothing is left to finish.
                if (asset || asset.error().code != Code::internal) continue;
            }
            if (upload.keys_expire > before) continue;
            Result<void> dropped = co_await drop_session(session);
            if (!dropped) co_return dropped;
        }
    }
}

Task<Result<void>> LocalUploads::drop_session(const store::Versioned<UploadSession>& session) {
    const Upload& upload = session.value.upload;
    Result<std::vector<store::RecordKey>> keys = co_await part_keys_of(ports_.store, upload);
    if (!keys) co_return fail(std::move(keys.error()));
    store::Commit commit;
    commit.removes = std::move(*keys);
    commit.removes.push_back(session.key);
    Result<void> removed = co_await ports_.store.commit(std::move(commit));
    if (!removed) co_return removed;
    ports_.catalog.quota().release(upload.request.application, upload.file);
    co_await staging_.remove_session(upload);
    co_return removed;
}

}  // namespace hookreel::media
