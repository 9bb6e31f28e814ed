// The port for all state: records, and the queues in which events wait for whoever must hear of
// them.
//
// A commit is atomic: records written, events appended, entries confirmed, given back or buried,
// attempts logged, all or nothing. What returned success is on disk and survives a crash of the
// machine. An entry of a queue is due, leased, delayed or gone. A lease ends by confirm, by give
// back, by dead letter, or by time; after that its handle is refused. At-least-once: what a dead
// holder held is handed out again, with the same event id and a new handle. After a restart
// everything that was leased is due again. Threads: any; a coroutine continues on its own loop.
// Order: oldest event first; a redelivered one keeps its age.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/clock.h"
#include "base/result.h"
#include "model/ids.h"

namespace hookreel::store {

// The numbers are on disk: never reuse one.
enum class Kind : int {
    application = 1,
    asset = 2,
    task = 3,
    upload = 4,
    part = 5,
    server = 6,
    session = 7
};

struct RecordKey {
    Kind kind;
    std::string id;  // At most 512 bytes.

    auto operator<=>(const RecordKey&) const = default;
};

struct Record {
    RecordKey key;
    std::string value;          // At most 1 MiB.
    std::uint64_t version = 0;  // 1 for the first write, one more for each later one.
};

struct Put {
    RecordKey key;
    std::string value;
    // When set, the record's version must be this one, 0 meaning that it must not exist. Else the
    // commit fails: conflict.
    std::optional<std::uint64_t> expected_version;
};

// One handing-out of one entry. Never used again, also not after a restart. Opaque; `text` is
// decimal digits.
using Handle = Number<struct HandleTag>;
std::string text(Handle handle);
// Errors: invalid.
Result<Handle> parse_handle(std::string_view text);

using Body = std::shared_ptr<const std::string>;

// A place in one queue for an event, with what is said there. Entries of one event that share a
// Body store it once.
struct NewEntry {
    model::QueueId queue;
    Body body;        // At most 1 MiB.
    TimePoint due{};  // The epoch: at once.
};

struct NewEvent {
    model::EventId id;
    model::ApplicationId application;
    std::string type;
    std::string key;
    TimePoint time{};
    std::vector<NewEntry> entries;  // Empty: nobody must hear of it, nothing is stored.
};

struct GiveBack {
    Handle handle;
    Duration delay{0};  // Until it is due again.
    // A lease that was never tried counts as no attempt: the next one has its number again.
    enum class Tried { yes, no } tried = Tried::yes;
};

struct Bury {
    Handle handle;
    std::string reason;  // For people: "3 sends failed, the last with: connection refused".
};

// What was tried and what came of it, for the attempt log.
struct Attempt {
    model::EventId event;
    model::QueueId queue;
    std::string type;
    int number = 1;
    TimePoint at{};
    Duration took{0};
    std::string url;
    int status = 0;       // Of the HTTP answer; 0 when there was none.
    std::string outcome;  // "delivered", "retry" or "dead".
    std::string error;    // Empty, or what went wrong.
};

struct Commit {
    std::vector<Put> puts;
    std::vector<RecordKey> removes;  // Removing what does not exist is no error.
    std::vector<NewEvent> events;
    std::vector<Handle> confirms;
    // When set, every confirm must be of this queue, else lease_lost: whoever brings handles from
    // outside can end only what was handed to him.
    std::optional<model::QueueId> confirms_of;
    std::vector<GiveBack> give_backs;
    std::vector<Bury> buries;
    std::vector<Attempt> attempts;
};

struct Lease {
    Handle handle;
    model::QueueId queue;
    model::EventId event;
    std::string type;
    std::string key;
    TimePoint time{};   // When the event happened.
    int attempt = 1;    // 1 for the first handing-out.
    TimePoint until{};  // When the lease runs out.
    Body body;
};

struct LeaseOptions {
    int count_max = 1;
    Duration hold{30'000};
    Duration wait{
        0};  // How long to wait for a first entry when none is due. A cancelled wait returns empty.
};

struct QueueCounts {
    std::uint64_t waiting = 0;  // Due or delayed, not leased.
    std::uint64_t leased = 0;
    std::uint64_t dead = 0;

    bool operator==(const QueueCounts&) const = default;
};

struct ListOptions {
    std::string prefix;  // Of the id.
    std::string after;   // Ids up to and including this one are left out.
    int count_max = 100;
};

struct AttemptFilter {
    std::optional<model::QueueId> queue;
    std::optional<model::EventId> event;
    int count_max = 100;
};

struct DeadLetter {
    model::QueueId queue;
    model::EventId event;
    std::string type;
    int attempts = 0;
    TimePoint at{};
    std::string reason;
    std::string body;
};

// What is older may go. Removal is in small steps, so that it never stalls delivery.
struct PurgeLimits {
    TimePoint attempts_before{};
    TimePoint dead_letters_before{};
    int count_max = 1000;  // Rows of each kind in this step.
};

class Store {
 public:
    virtual ~Store() = default;

    // Makes all of it durable, or none. Many commits share one sync. A confirm repeated before its
    // lease would have run out succeeds and changes nothing (Tencent open point 2). Errors:
    // lease_lost (a handle is unknown, old or ran out), conflict (a version differs), too_large (a
    // record, body or queue over its limit), unavailable (closed, disk full, sync failed).
    virtual Task<Result<void>> commit(Commit commit) = 0;

    // Leases up to `count_max` due entries, oldest first. Empty when nothing is due after the wait.
    // Errors: unavailable.
    virtual Task<Result<std::vector<Lease>>> lease(model::QueueId queue, LeaseOptions options) = 0;

    // The lease runs out `hold` from now. Errors: lease_lost.
    virtual Result<void> renew(Handle handle, Duration hold) = 0;

    // Errors: not_found, unavailable.
    virtual Task<Result<Record>> get(RecordKey key) = 0;
    // By id, ascending.
    virtual Task<Result<std::vector<Record>>> list(Kind kind, ListOptions options) = 0;

    virtual Task<Result<QueueCounts>> count(model::QueueId queue) = 0;
    // Newest first.
    virtual Task<Result<std::vector<Attempt>>> attempts(AttemptFilter filter) = 0;
    // Newest first.
    virtual Task<Result<std::vector<DeadLetter>>> dead_letters(model::QueueId queue,
                                                               int count_max) = 0;

    // Drops the oldest entries of a queue whose event happened before `before`, leased or not, at
    // most `count_max`. Returns how many; as many as asked for means that there may be more.
    virtual Task<Result<int>> expire(model::QueueId queue, TimePoint before, int count_max) = 0;
    // Removes one step of old attempts, old dead letters, and events that no queue holds any more.
    // Returns the rows removed.
    virtual Task<Result<int>> purge(PurgeLimits limits) = 0;

    // Whether commits are being taken; else why not, for /readyz and people. Errors: unavailable.
    virtual Result<void> health() const = 0;

    // Ends all waits and refuses what comes later: unavailable. What was acknowledged is on disk.
    // Called once, at the end.
    virtual void close() = 0;
};

}  // namespace hookreel::store
