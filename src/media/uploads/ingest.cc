#include "media/uploads/ingest.h"

#include <algorithm>
#include <iterator>

#include "media/files/file_head.h"
#include "media/files/local_library.h"
#include "media/uploads/stream_upload.h"
#include "media/uploads/upload_request.h"
#include "model/event.h"

namespace hookreel::media {
namespace {

// How often a commit is begun again because another request changed the session meanwhile.
constexpr int rounds_max = 5;

model::Asset asset_of(const UploadSession& session, TimePoint now) {
    const UploadRequest& request = session.upload.request;
    const std::string folder = library_folder(request.application, session.upload.file);
    model::Asset asset;
    asset.id = session.upload.file;
    asset.application = request.application;
    asset.name = request.name;
    asset.type = request.type;
    asset.class_id = request.class_id;
    asset.created = now;
    asset.updated = now;
    asset.expires = request.expires;
    asset.source_context = request.source_context;
    asset.path = folder + "/f0." + request.type;
    asset.md5 = session.media->md5;
    asset.size_bytes = static_cast<std::int64_t>(session.media->size_bytes);
    if (session.cover)
        asset.cover = folder + "/" + session.upload.file.text() + "." + request.cover_type;
    return asset;
}

}  // namespace

Task<Result<model::Asset>> Ingest::commit(model::ApplicationId application, model::UploadId id,
                                          TraceContext trace) {
    const store::RecordKey key = session_key(secret_id_of(id));
    for (int round = 0; round < rounds_max; ++round) {
        Result<store::Versioned<UploadSession>> session =
            co_await store::load<UploadSession>(ports_.store, key);
        if (!session && session.error().code == Code::not_found)
            co_return fail(Code::invalid, "unknown session");
        if (!session) co_return fail(std::move(session.error()));
        UploadSession& value = session->value;
        if (value.upload.request.application != application)
            co_return fail(Code::invalid, "the session belongs to another application");

        if (value.state == SessionState::committed) {
            const store::RecordKey asset = asset_key(application, value.upload.file);
            co_return map(
                co_await store::load<model::Asset>(ports_.store, asset),
                [](store::Versioned<model::Asset> found) { return std::move(found.value); });
        }
        if (value.state == SessionState::open) {
            if (value.upload.keys_expire <= ports_.clock.now())
                co_return fail(Code::invalid, "the session has expired");
            if (!value.media) co_return fail(Code::not_found, "nothing was uploaded");
            value.trace = trace_text(trace);
            Result<void> fixed = co_await fix(*session);
            if (!fixed && fixed.error().code != Code::conflict)
                co_return fail(std::move(fixed.error()));
            if (!fixed) continue;
        }
        Result<model::Asset> asset = co_await settle(std::move(*session));
        if (asset || asset.error().code != Code::conflict) co_return asset;
    }
    co_return fail(Code::unavailable, "the session is busy");
}

// From an open session to one that is committing: with its objects, one of which is the film.
// Errors: conflict (it changed), those of join_stream.
Task<Result<void>> Ingest::fix(store::Versioned<UploadSession>& session) {
    UploadSession& value = session.value;
    const Upload upload = value.upload;
    if (value.cover) {
        // What is no picture is left behind in the session's folder.
        auto look = [&] { return read_head(staging_.path(upload, value.cover->name)); };
        const Result<std::string> head = co_await ports_.threads.run(look);
        if (!head && head.error().code != Code::not_found) co_return fail(head.error());
        if (head && picture_type(*head).empty()) value.cover.reset();
    }
    std::vector<std::string> joined_names;
    if (is_stream_type(upload.request.type)) {
        const StreamTools tools{ports_.store, staging_, ports_.muxer};
        Result<JoinedStream> joined = co_await join_stream(tools, value);
        if (!joined) {
            // Another request may have committed it meanwhile, and taken the pieces away.
            const Result<store::Versioned<UploadSession>> now =
                co_await store::load<UploadSession>(ports_.store, session.key);
            if (now && now->version != session.version)
                co_return fail(Code::conflict, "the session has changed");
            co_return fail(std::move(joined.error()));
        }
        joined->object.written = ports_.clock.now();
        joined_names.push_back(joined->object.name);
        value.upload.request.type = std::move(joined->type);
        value.media = std::move(joined->object);
    }
    value.state = SessionState::committing;
    store::Commit commit;
    commit.puts.push_back(put_over(session));
    Result<void> done = co_await ports_.store.commit(std::move(commit));
    if (done) ++session.version;
    if (!done && surely_refused(done.error())) co_await staging_.remove(upload, joined_names);
    co_return done;
}

// From a session that is committing. Errors: conflict (somebody else settled it).
Task<Result<model::Asset>> Ingest::settle(store::Versioned<UploadSession> session) {
    Result<model::Asset> asset = co_await take_in(session.value);
    if (!asset) co_return asset;
    const Upload upload = session.value.upload;
    Result<void> recorded = co_await record(std::move(session), *asset);
    if (!recorded) co_return fail(std::move(recorded.error()));
    co_await staging_.remove_session(upload);
    co_return asset;
}

Task<Result<model::Asset>> Ingest::take_in(const UploadSession& session) {
    model::Asset asset = asset_of(session, ports_.clock.now());
    std::vector<Move> moves;
    moves.push_back(
        {staging_.path(session.upload, session.media->name), folder_ + "/" + asset.path});
    if (session.cover)
        moves.push_back(
            {staging_.path(session.upload, session.cover->name), folder_ + "/" + asset.cover});
    auto work = [&]() -> Result<void> {
        for (const Move& move : moves) {
            Result<void> moved = move_file(move);
            if (!moved) return moved;
        }
        return {};
    };
    Result<void> moved = co_await ports_.threads.run(work);
    if (!moved && moved.error().code == Code::not_found)
        co_return fail(Code::internal, "an uploaded file has vanished: " + moved.error().detail);
    if (!moved) co_return fail(std::move(moved.error()));

    // A file that is no media is kept all the same, without metadata (Tencent open point 15).
    std::string path = folder_ + "/" + asset.path;
    Result<model::Metadata> metadata = co_await ports_.prober.probe(std::move(path));
    if (metadata) asset.metadata = std::move(*metadata);
    co_return asset;
}

Task<Result<void>> Ingest::record(store::Versioned<UploadSession> session, model::Asset asset) {
    // Parts that were never joined go with the session's folder.
    Result<std::vector<store::RecordKey>> parts =
        co_await part_keys_of(ports_.store, session.value.upload);
    if (!parts) co_return fail(std::move(parts.error()));
    store::Commit commit;
    commit.removes = std::move(*parts);
    session.value.state = SessionState::committed;
    commit.puts.push_back(put_over(session));
    commit.puts.push_back({asset_key(asset.application, asset.id), to_json_text(asset), 0});
    FileChanges changes;
    changes.put.push_back(asset);
    const model::ApplicationId application = asset.application;
    const UploadRequest& request = session.value.upload.request;
    PreparedTask task;
    if (!request.procedure.empty()) {
        ProcedureRequest wanted{
            application, asset.id,           request.procedure, request.session_context,
            0,           session.value.trace};
        Result<PreparedTask> prepared = co_await ports_.procedures.prepare(std::move(wanted));
        // An unknown procedure is no reason to have no file.
        if (!prepared && prepared.error().code != Code::not_found)
            co_return fail(std::move(prepared.error()));
        if (prepared) task = std::move(*prepared);
    }
    const model::Event event = model::make_event(
        application, ports_.clock.now(),
        model::FileUploaded{std::move(asset), std::move(task.id), std::move(task.review)},
        parse_trace_text(session.value.trace));
    commit.events.push_back(ports_.announcer.announce(event));
    std::ranges::move(task.puts, std::back_inserter(commit.puts));
    std::ranges::move(task.events, std::back_inserter(commit.events));
    co_return co_await ports_.catalog.commit(ports_.store, std::move(commit), std::move(changes));
}

}  // namespace hookreel::media
