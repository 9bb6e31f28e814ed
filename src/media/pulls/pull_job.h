// One pull in the hands of one worker: from its lease to its confirm.
//
// Bytes come into a file of their own, with checkpoints in the record, so that a crash loses at
// most the last 64 MiB. A worker that lost its lease commits nothing more: the record's version
// and the handle are checked by the store. Threads: one loop.
#pragma once

#include <string>

#include "base/log.h"
#include "media/files/catalog.h"
#include "media/files/muxer.h"
#include "media/files/prober.h"
#include "media/files/procedures.h"
#include "media/playlists/film.h"
#include "media/pulls/download.h"
#include "media/pulls/local_pulls.h"
#include "media/pulls/pull_records.h"
#include "store/announcer.h"
#include "store/store.h"
#include "store/typed_records.h"

namespace hookreel::media {

struct PullOptions {
    std::string data_folder;  // Has the folders "pulls" and "media", on one file system.
    int pulls_max = 4;
    Duration hold{60'000};  // A worker that dies is followed after this.
    Duration renew_every{20'000};
    Duration retry_delay{10'000};  // When there is no disk.
    int attempts_max = 10;         // Restarts count too. Then the pull fails.
    std::uint64_t cover_bytes_max = 10 << 20;
    DownloadOptions download;
};

// All of it outlives the jobs.
struct PullTools {
    store::Store& store;
    const store::Announcer& announcer;
    const Clock& clock;
    http::Client& client;
    FileThreads& threads;
    Prober& prober;
    Muxer& muxer;
    Procedures& procedures;
    Catalog& catalog;
    LivePulls& live;
    const Log& log;
    PullOptions options;
};

class PullJob final : public DownloadWatcher {
 public:
    PullJob(const PullTools& tools, store::Lease lease) : tools_(tools), lease_(std::move(lease)) {}

    // Works until the pull is finished, the lease is lost, or it is cancelled; then the lease is
    // confirmed or given back.
    Task<void> run();

    Result<void> progress(std::uint64_t bytes, std::uint64_t total) override;
    Task<Result<void>> checkpoint(std::uint64_t file_bytes, const std::string& validator) override;

 private:
    // Of the progress; what is left is for taking the file in.
    static constexpr int fetched_percent = 95;

    Task<void> work();
    Task<Result<bool>> load();
    Task<Result<void>> save();
    // Room for so much in all, in the quota of the application.
    Result<void> claim(std::uint64_t bytes);
    Task<Result<void>> fetch();
    Task<Result<void>> fetch_file(const http::Url& url);
    Task<Result<void>> fetch_stream();
    Task<Result<void>> fetch_sound(const FilmTrack& sound);
    Task<Result<void>> fetch_pieces(Download& download, const FilmTrack& track, Checkpoint& point);
    Task<Result<void>> keep_as_media(Download& download);
    Task<Result<void>> mux(const Film& film);
    Task<Result<void>> fetch_cover();
    Task<Result<void>> take_in();
    Task<Result<model::Asset>> move_in();
    Task<Result<void>> finish(std::optional<model::Asset> asset, store::Commit commit);
    Task<Result<void>> fail_pull(const Error& error);
    Task<Result<void>> confirm();
    Task<void> give_back();
    Task<void> remove_folder();
    std::string folder() const;
    void fail_over(const Error& error);

    const PullTools& tools_;
    store::Lease lease_;
    PullState state_;
    std::uint64_t version_ = 0;
    std::optional<std::pair<std::uint64_t, std::uint64_t>> segments_;  // Done, and all.
    enum class Fetching { media, sound, cover } fetching_ = Fetching::media;
    std::uint64_t bytes_before_ = 0;  // Of what was fetched before what is being fetched.
    enum class Lease { give_back, delay, gone } lease_end_ = Lease::give_back;
};

}  // namespace hookreel::media
