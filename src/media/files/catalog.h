// What files can be searched by, of all files, in memory: about 180 bytes for each; and what
// the files of each application take of its quota.
//
// The records of the store have the last word: the catalog is read from them at every start, and
// whoever changes files does it through `commit`, so that who is told of a file by an event finds
// it. Texts are compared without the case of ASCII
// letters. A search walks the files of one application, newest first, and is bounded by
// `found_max`. Threads: any; a search over many files takes milliseconds and belongs on a file
// thread.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <shared_mutex>
#include <string>
#include <tuple>
#include <vector>

#include "base/async.h"
#include "media/files/quota.h"
#include "model/category.h"
#include "store/store.h"

namespace hookreel::media {

// What a search can reach and count (Tencent SearchMedia).
inline constexpr std::size_t found_max = 5000;

struct TimeSpan {
    std::optional<TimePoint> from;
    std::optional<TimePoint> to;  // Both included.
};

// All that is given must hold; of a list, one of its elements.
struct Query {
    std::vector<std::string> files;
    std::vector<std::string> names;         // The name contains it, or all of its words.
    std::vector<std::string> prefixes;      // The name begins with it.
    std::vector<std::string> descriptions;  // The description contains it.
    std::string text;                       // Name or description contain it.
    std::vector<std::string> tags;          // A tag is it.
    std::vector<std::string> types;         // Extensions.
    std::vector<std::int64_t> classes;
    std::vector<model::Category> categories;
    std::vector<model::AssetSource> sources;
    std::vector<std::optional<model::Suggestion>> reviews;  // None: was not reviewed.
    TimeSpan created;
    TimeSpan expires;
    enum class Order { newest_first, oldest_first } order = Order::newest_first;
    std::size_t offset = 0;
    std::size_t count_max = 10;  // With the offset at most `found_max`.
};

struct Found {
    std::size_t total = 0;  // At most `found_max`.
    std::vector<model::FileId> files;
};

struct FileOfApplication {
    model::ApplicationId application;
    model::FileId file;
};

// What a commit does to files.
struct FileChanges {
    std::vector<model::Asset> put;  // As they are from then on.
    std::vector<FileOfApplication> removed;
};

class Catalog {
 public:
    // `patience`: how long a question waits for the files to be read after a start.
    explicit Catalog(Duration patience = std::chrono::seconds(5));
    ~Catalog();
    Catalog(const Catalog&) = delete;
    Catalog& operator=(const Catalog&) = delete;

    // What the files take, and may: asked by all ways into the library before they write, and kept
    // true by `put` and `remove`.
    Quota& quota() { return quota_; }

    // Makes the commit, and has the changes of its files from when it is written, before anyone can
    // be handed its events. Errors: as Store::commit, and then nothing changed.
    Task<Result<void>> commit(store::Store& store, store::Commit commit, FileChanges changes);

    // A file that is there, or is none any more, without a commit of whoever says so.
    void put(const model::Asset& asset);
    void remove(model::ApplicationId application, const model::FileId& file);
    // A file as a start reads it from the store: what was told meanwhile is newer and stays.
    void load(const model::Asset& asset);
    // All files are there now.
    void finish_loading();
    bool is_loaded() const;
    // Waits until all files are there, as long as the patience allows: a server that was just
    // started takes calls before it has read them all. Whoever does not find them then refuses.
    Task<void> await_loaded() const;
    // The same, but only if there is a quota, which cannot be granted before they are counted.
    Task<void> await_quota() const;

    // Best first when names, descriptions or text are asked for: the whole name, its beginning, a
    // part of it; else, and among equals, in the order of the query.
    Found search(model::ApplicationId application, const Query& query);

    // Files whose time has come, at most `count_max`, the earliest first.
    std::vector<FileOfApplication> expired(TimePoint now, std::size_t count_max) const;
    std::size_t size();
    std::size_t bytes() const;  // About; what it holds.
    // What the files of an application take on the disk, without pictures.
    std::uint64_t stored_bytes(model::ApplicationId application);

    struct Shelf;  // In catalog_shelf.h.

 private:
    // What commits changed and nobody looked at yet: a thread of the store must not wait for a
    // search. Shared, since a commit may end after whoever began it.
    struct News {
        std::mutex mutex;
        std::vector<FileChanges> changes;
    };

    Shelf& shelf(model::ApplicationId application);
    void hear();
    void set(const model::Asset& asset);
    void drop(const FileOfApplication& removed);

    const Duration patience_;
    mutable std::shared_mutex mutex_;
    std::map<model::ApplicationId, std::unique_ptr<Shelf>> shelves_;
    std::set<std::tuple<TimePoint, model::ApplicationId, model::FileId>> expiries_;
    std::set<std::pair<model::ApplicationId, model::FileId>> removed_while_loading_;
    const std::shared_ptr<News> news_ = std::make_shared<News>();
    Quota quota_;
    bool is_loaded_ = false;
};

}  // namespace hookreel::media
