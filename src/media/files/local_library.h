// The library on this machine's disk; what is known of its files is in the store.
//
// Every change is a write over the version that was read, in one commit with its event. Bytes that
// are no longer named are removed after that commit; a record of what is to be removed is part of
// it, so that a crash leaves nothing behind. Threads: any loop. Before the first request `recover`
// is awaited once; `tend` then runs beside the server until it is cancelled.
#pragma once

#include "base/clock.h"
#include "base/log.h"
#include "media/files/file_io.h"
#include "media/files/library.h"
#include "store/announcer.h"
#include "store/typed_records.h"

namespace hookreel::media {

// The folder of one asset, relative to the library: "1500000001/37/3701925921299637010".
std::string library_folder(model::ApplicationId application, const model::FileId& file);

class LocalLibrary final : public Library {
 public:
    // All of it outlives the library.
    struct Ports {
        store::Store& store;
        const store::Announcer& announcer;
        const Clock& clock;
        FileThreads& threads;
        Catalog& catalog;
        const Log& log;
    };
    // `folder` is <data>/media.
    LocalLibrary(Ports ports, std::string folder) : ports_(ports), folder_(std::move(folder)) {}

    // Finishes the removals that a crash cut. Errors: unavailable.
    Task<Result<void>> recover();
    // Reads the catalog, then removes what has expired, a few files at a time, and what is left of
    // removed files.
    Task<void> tend();
    // One round of that. Returns how many files expired; as many as one round takes means that
    // there may be more. Errors: unavailable.
    Task<Result<int>> expire();
    Task<Result<void>> sweep();
    Task<Result<void>> fill_catalog();

    Task<Result<model::Asset>> find(model::ApplicationId application, model::FileId id) override;
    // Pure: whether the file exists is seen when it is opened.
    Result<std::string> absolute(std::string_view path) const override;
    Task<Result<model::Asset>> modify(model::ApplicationId application, model::FileId id,
                                      AssetChange change, NewFiles files) override;
    Task<Result<void>> remove(model::ApplicationId application, model::FileId id,
                              std::vector<model::AssetPart> parts) override;
    Task<Result<Found>> search(model::ApplicationId application, Query query) override;

 private:
    Task<Result<model::Asset>> write(store::Versioned<model::Asset> before, model::Asset after,
                                     store::Commit commit);
    Task<Result<AssetChange>> with_files(const model::Asset& asset, AssetChange change,
                                         const NewFiles& files);
    Task<void> remove_files(std::vector<std::string> paths);
    Task<Result<void>> remove_whole(model::ApplicationId application, model::FileId id);

    Ports ports_;
    std::string folder_;
};

}  // namespace hookreel::media
