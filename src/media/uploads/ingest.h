// The way of an uploaded object into the library: moved, probed, recorded and announced, once.
//
// Three steps, each of which may be repeated after a crash: the session is marked as committing,
// which fixes its objects; the files are moved; asset, mark and event are one commit of the store.
// Threads: any loop.
#pragma once

#include <string>

#include "base/clock.h"
#include "media/files/catalog.h"
#include "media/files/muxer.h"
#include "media/files/prober.h"
#include "media/files/procedures.h"
#include "media/uploads/staging.h"
#include "media/uploads/upload_records.h"
#include "store/announcer.h"

namespace hookreel::media {

class Ingest {
 public:
    struct Ports {
        store::Store& store;
        store::Announcer& announcer;
        Prober& prober;
        const Clock& clock;
        FileThreads& threads;
        Catalog& catalog;
        Procedures& procedures;
        Muxer& muxer;
    };
    // `library_folder` is <data>/media. The ports and `staging` outlive it.
    Ingest(Ports ports, Staging& staging, std::string library_folder)
        : ports_(ports), staging_(staging), folder_(std::move(library_folder)) {}

    // As Uploads::commit. The pieces of a stream are joined before the objects are fixed: the
    // session then is one of the file that they made.
    Task<Result<model::Asset>> commit(model::ApplicationId application, model::UploadId id,
                                      TraceContext trace);

 private:
    Task<Result<void>> fix(store::Versioned<UploadSession>& session);
    Task<Result<model::Asset>> settle(store::Versioned<UploadSession> session);
    Task<Result<model::Asset>> take_in(const UploadSession& session);
    Task<Result<void>> record(store::Versioned<UploadSession> session, model::Asset asset);

    Ports ports_;
    Staging& staging_;
    std::string folder_;
};

}  // namespace hookreel::media
