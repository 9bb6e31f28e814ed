// The ids of the events that were published or archived: whether an id was seen, and where its
// event lies.
//
// The newest ids are a table in memory, with one small row per group on disk. When there are
// enough, they become a run: sorted, cut into pages, and never changed again. A filter in memory
// says of nearly every new id that no run has it, so a publish reads nothing, however many ids are
// known. An id is its digest. Threads: the writer changes it; any may look.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <deque>
#include <mutex>

#include "store/sqlite/file/pack.h"
#include "store/sqlite/file/tables.h"

namespace hookreel::store {

using IdDigest = std::array<std::uint64_t, 2>;
IdDigest id_digest(model::ApplicationId application, const model::EventId& id);

// An id and the main letter of its event; 0: it has none.
struct KnownId {
    IdDigest digest{};
    EntryId entry = 0;
};

struct IdHash {
    std::size_t operator()(const IdDigest& digest) const { return digest[0]; }
};

// The ids of one group.
struct IdRow {
    std::uint64_t number = 0;
    TimePoint latest{};
    std::uint64_t last_pack = 0;  // Of those whose events are archived; 0: none.
    std::vector<KnownId> ids;
};

class Ids {
 public:
    static constexpr std::size_t run_ids = 32'768;
    static constexpr unsigned run_pages = 128;

    // Reads what the file has. Errors: unavailable.
    Result<void> open(Database& database);

    // For the writer. Errors: unavailable.
    Result<bool> known(const IdDigest& digest, Statement& page_of_run);
    std::uint64_t next_row() const { return next_row_; }
    // After the row is on disk.
    void add(IdRow row);
    bool wants_sealing() const { return recent_.size() >= run_ids; }
    // Makes a run of the newest ids, in a transaction of its own. Errors: unavailable.
    Result<void> seal(Tables& tables);
    // Forgets rows and runs that are older and hold no event of the archive, at most about
    // `count_max` ids, in a transaction of its own. Returns how many. Errors: unavailable.
    Result<int> purge(Tables& tables, TimePoint before, std::uint64_t archive_floor, int count_max);

    // Where an id may be found: the entry, when it is in memory, and the runs to look at.
    struct Places {
        std::optional<EntryId> recent;
        std::vector<std::uint64_t> runs;  // Newest first.
    };
    Places places(const IdDigest& digest) const;
    // The entry of an id in one run.
    static Result<std::optional<EntryId>> look(Statement& page_of_run, std::uint64_t run,
                                               const IdDigest& digest);

 private:
    struct Run {
        std::uint64_t number = 0;
        std::uint64_t count = 0;
        TimePoint latest{};
        std::uint64_t last_pack = 0;
    };
    // Runs that share a filter.
    struct Epoch {
        std::vector<std::uint64_t> filter;
        std::vector<Run> runs;  // Oldest first.
    };
    static constexpr std::size_t epoch_runs = 32;

    Result<void> read_rows(Database& database);
    Result<void> read_runs(Database& database);
    Epoch& epoch_for_next();
    std::vector<const Epoch*> epochs_with(const IdDigest& digest) const;
    Result<int> purge_rows(Tables& tables, TimePoint before, std::uint64_t floor, int count_max);
    Result<int> purge_runs(Tables& tables, TimePoint before, std::uint64_t floor);

    mutable std::mutex mutex_;
    boost::unordered_flat_map<IdDigest, EntryId, IdHash> recent_;
    std::deque<IdRow> rows_;  // Those of `recent_`, oldest first.
    std::deque<Epoch> epochs_;
    std::uint64_t next_row_ = 1;
    std::uint64_t next_run_ = 1;
};

std::string write_ids(const std::vector<KnownId>& ids);
std::vector<KnownId> read_ids(std::string_view bytes);

}  // namespace hookreel::store
