// Bytes behind an address that a stranger chose, into a file.
//
// Every hop of a redirect goes through the checked client anew, at most five of them. A download
// that breaks off goes on where it was, if the server can say that nothing changed (Range with
// If-Range, RFC 9110); else it begins anew. Memory does not grow with the size. Threads: one loop;
// disk work runs on file threads.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "http/client/client.h"
#include "http/url.h"
#include "media/files/file_io.h"
#include "media/playlists/playlist.h"
#include "media/pulls/pull_file.h"

namespace hookreel::media {

struct DownloadOptions {
    std::uint64_t bytes_max = 50'000ull << 30;   // Of the whole file, 48.8 TiB.
    std::uint64_t reserve_bytes = 512ull << 20;  // Left free on the disk for everyone else.
    int redirects_max = 5;
    int tries_max = 5;         // In a row without a byte.
    Duration pause{1'000};     // Before the second try; doubled each time.
    Duration timeout{30'000};  // From look-up to head, and between two pieces.
    std::uint64_t checkpoint_bytes = 64ull << 20;
    std::function<Result<std::uint64_t>(const std::string& path)> free_bytes = media::free_bytes;
};

struct DownloadTools {
    http::Client& client;
    FileThreads& threads;
};

// What comes of a download while it runs.
class DownloadWatcher {
 public:
    virtual ~DownloadWatcher() = default;
    // Of the resource: bytes so far, and all of them, 0 when that is not known. Its error, as that
    // of `checkpoint`, ends the download.
    virtual Result<void> progress(std::uint64_t bytes, std::uint64_t total) = 0;
    // So much of the file is synced now.
    virtual Task<Result<void>> checkpoint(std::uint64_t file_bytes,
                                          const std::string& validator) = 0;
};

class Download {
 public:
    // All of it outlives the download. `path` is where the file is.
    Download(DownloadTools tools, const DownloadOptions& options, DownloadWatcher& watcher,
             std::string path)
        : tools_(tools), options_(options), watcher_(watcher), path_(std::move(path)) {}

    // Opens the file and keeps so much of it. Errors: unavailable.
    Task<Result<void>> open(std::uint64_t keep_bytes);
    std::uint64_t size_bytes() const { return file_->size_bytes(); }

    struct Source {
        http::Url url;
        std::optional<PlaylistRange> range;  // Of the resource; absent: all of it.
        std::uint64_t begins_at = 0;         // In the file; what lies behind it is of this source.
        std::string validator;               // Of what is there already, or empty.
    };
    // Appends what is missing of the source. Errors: denied (an address is refused), network,
    // timed_out, protocol, not_found (any status that is no success), too_large (the limit),
    // unavailable (the disk), cancelled.
    Task<Result<void>> fetch(Source source);
    // A small text, kept in memory. Returns where it came from at last. Errors: as fetch.
    struct Text {
        http::Url url;
        std::string content;
    };
    Task<Result<Text>> text(http::Url url, std::size_t bytes_max);

    // Makes it durable. Returns its MD5.
    Task<Result<std::string>> finish();

 private:
    class Sink;

    Task<Result<http::ClientResponse>> ask(http::Url& url, const http::Headers& headers,
                                           http::BodySink* sink);
    Task<Result<void>> try_once(Source& source);
    Result<void> check_room() const;

    DownloadTools tools_;
    const DownloadOptions& options_;
    DownloadWatcher& watcher_;
    std::string path_;
    std::optional<PullFile> file_;
    std::uint64_t synced_ = 0;
};

}  // namespace hookreel::media
