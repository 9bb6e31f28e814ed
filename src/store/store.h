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

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.h"
#include "base/clock.h"
#include "base/result.h"
#include "model/endpoint.h"
#include "model/filter.h"
#include "model/ids.h"
#include "store/bell.h"

namespace hookreel::store {

// The numbers are on disk: never reuse one.
enum class Kind : int {
    application = 1,
    asset = 2,
    task = 3,
    upload = 4,
    part = 5,
    server = 6,
    session = 7,
    endpoint = 8,
    consumer = 9,
    token = 10,
    account = 11,
    audit = 12,
    procedure = 13,  // 13 to 29: media
    template_ = 14,
    media_class = 15,
    rubbish = 16,
    pull = 17,
    edit = 18,
    external = 20,
    end_mark = 21,
    access_key = 30
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
    Body body;        // At most 1 MiB. Null: the event's body.
    TimePoint due{};  // The epoch: at once.
};

struct NewEvent {
    model::EventId id;
    model::ApplicationId application;
    std::string type;
    std::string key;
    TimePoint time{};
    // What the archive keeps of it for replay, and for queues that come later. Null: it is not
    // archived, and gone with its last entry.
    Body body;
    std::vector<NewEntry> entries;
    // Of the distributed trace in which it happened, for whoever gets it; at most 1 KiB of text.
    std::string trace{};
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
    // As of a give back: a dead letter that nobody tried to send has no attempt.
    GiveBack::Tried tried = GiveBack::Tried::yes;
};

// Uses up the only try of an entry: from this commit on it is dead for that reason, until it is
// known what came of it. As long as its lease would have lasted it counts as being sent, and its
// handle may be confirmed, or buried with what went wrong. Nobody else gets it, whatever happens to
// its holder.
struct Spend {
    Handle handle;
    std::string reason;  // For people: "the server stopped before the answer came".
};

// What was tried and what came of it, for the attempt log.
struct Attempt {
    model::EventId event;
    model::QueueId queue;
    model::ApplicationId application;
    std::string type;
    int number = 1;
    TimePoint at{};
    Duration took{0};
    std::string url;
    int status = 0;             // Of the HTTP answer; 0 when there was none.
    std::string outcome;        // "delivered", "retry" or "dead".
    std::string error;          // Empty, or what went wrong, led by its class: "dns: no such name".
    std::string request_head;   // Request line and header fields, without secrets.
    std::string response_head;  // Status line and header fields; at most 8 KiB.
    std::string response_body;  // The first 8 KiB.
};
// Shared, so that whoever made it can commit it again when the store was unavailable, and so that
// the loop that made it also frees it.
using AttemptPtr = std::shared_ptr<const Attempt>;
inline AttemptPtr share(Attempt attempt) {
    return std::make_shared<const Attempt>(std::move(attempt));
}

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
    std::vector<Spend> spends;
    std::vector<AttemptPtr> attempts;  // None is null.
    // Called once all of it is written, before anyone can be handed its events, unless it failed:
    // for what is kept beside the store and must be as the events say. On a thread of the store, so
    // it takes microseconds, waits for nobody and throws nothing.
    std::function<void()> written{};
};

struct Lease {
    Handle handle;
    model::QueueId queue;
    model::EventId event;
    std::string type;
    std::string key;
    TimePoint time{};   // When the event happened.
    int attempt = 1;    // 1 for the first handing-out since it entered the queue last.
    TimePoint until{};  // When the lease runs out.
    Body body;
    std::string trace{};  // Of the event.
    // When the event was stored for this queue; the epoch when that is not known at once: after it
    // was given back, replayed, or stored for later.
    TimePoint stored{};
    // Handings-out before a retry or replay brought it into the queue again.
    int earlier = 0;

    int all_attempts() const { return earlier + attempt; }
};

struct LeaseOptions {
    int count_max = 1;
    Duration hold{30'000};
    // How long to wait for a first entry when none is due. A cancelled wait returns empty.
    Duration wait{0};
    // By key: an event is held back while an older one of its key is leased or waits for its due
    // time. Events without a key are not held back. Always the same for one queue.
    model::Order order = model::Order::none;
    // When set, nothing but this event, if it is due: before older ones, except by order.
    std::optional<model::EventId> only{};
};

struct QueueCounts {
    std::uint64_t waiting = 0;  // Due or delayed, not leased.
    std::uint64_t leased = 0;
    std::uint64_t dead = 0;
    TimePoint oldest = never;  // When the oldest event that waits or is leased happened.

    bool operator==(const QueueCounts&) const = default;
};

// By what the names of the queues begin with.
using QueueTotals = std::map<std::string, QueueCounts, std::less<>>;
// What the name of a queue begins with.
std::string_view kind_of(const model::QueueId& queue);
// Adds the counts of one queue.
void add(QueueTotals& totals, const model::QueueId& queue, const QueueCounts& counts);

struct ListOptions {
    std::string prefix;  // Of the id.
    std::string after;   // Ids up to and including this one are left out.
    int count_max = 100;
};

// Where a search goes on; opaque. Empty: at the beginning, or nothing more.
using SearchCursor = std::string;

template <class T>
struct Page {
    std::vector<T> items;
    // Empty: no more. A page may be short, even empty, before the end: a search looks at so much a
    // time.
    SearchCursor next;
};

// What a search is limited to; an empty part limits nothing.
struct Span {
    TimePoint since{};
    TimePoint until = never;  // Not included.
};

struct AttemptQuery {
    std::optional<model::ApplicationId> application;
    std::optional<model::QueueId> queue;
    std::optional<model::EventId> event;
    std::string type;     // A pattern of model/filter.h, or empty.
    std::string outcome;  // Or empty.
    int status = 0;       // Or 0.
    Span span;
    SearchCursor cursor;
    int count_max = 100;  // At most 1,000.
};

// An event that the archive keeps.
struct ArchivedEvent {
    model::EventId id;
    model::ApplicationId application;
    std::string type;
    std::string key;
    TimePoint time{};
    Body body;
};

struct EventQuery {
    model::ApplicationId application;
    model::EventFilter filter;
    Span span;
    SearchCursor cursor;
    int count_max = 100;  // At most 1,000.
};

// An event in one queue, over its whole life. Opaque text, at most 64 letters, digits and '-'.
using DeliveryId = Id<struct DeliveryTag>;

// waiting: never tried. retrying: waits for its next attempt. sending: leased.
enum class DeliveryState { waiting, retrying, sending, delivered, dead };
constexpr std::array<std::string_view, 5> names(DeliveryState*) {
    return {"waiting", "retrying", "sending", "delivered", "dead"};
}

struct Delivery {
    DeliveryId id;
    model::QueueId queue;
    model::EventId event;
    model::ApplicationId application;
    std::string type;
    std::string key;
    TimePoint time{};  // When the event happened.
    DeliveryState state = DeliveryState::waiting;
    int attempts = 0;       // That were begun, also before it entered its queue again.
    TimePoint due = never;  // When the next attempt may begin; never: none will.
    // It waits for an older event of its key that is leased or not due yet, in a queue that is
    // ordered by key, as those who lease from it ask.
    bool is_behind = false;
    std::string reason;  // Why it is dead.
};

struct DeliveryQuery {
    std::optional<model::ApplicationId> application;
    std::optional<model::QueueId> queue;
    std::optional<model::EventId> event;
    std::optional<DeliveryState> state;
    std::string type;  // A pattern, or empty.
    Span span;
    SearchCursor cursor;
    int count_max = 100;  // At most 1,000.
};

// Events that enter a queue again, or for the first time.
struct Replay {
    model::QueueId queue;
    model::ApplicationId application;
    model::EventFilter filter;
    Span span;
    // dead: its dead letters. delivered: what was confirmed. missing: what never was in it.
    // failed: dead and missing. all: each that does not wait in it now.
    enum class Which { dead, delivered, missing, failed, all } which = Which::dead;
    friend constexpr std::array<std::string_view, 5> names(Which*) {
        return {"dead", "delivered", "missing", "failed", "all"};
    }
    SearchCursor cursor;
    int count_max = 1000;  // Events of this step.
};

struct ReplayStep {
    int replayed = 0;
    SearchCursor next;  // Empty: done.
};

enum class Published { stored, duplicate };

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
    // What the archive stored before; what still waits in a queue stays there.
    TimePoint events_before{};
    // Ids that were stored before are new again, but for those of events that the archive keeps.
    TimePoint ids_before{};
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

    // Stores events whose ids come from outside, in one commit. An event whose id was seen before
    // in its application, published or archived, stores nothing; also when it is twice among
    // these. In the order of `events`. Errors: as commit.
    virtual Task<Result<std::vector<Published>>> publish(std::vector<NewEvent> events) = 0;

    // Leases up to `count_max` due entries, oldest first; of a long queue maybe fewer than are due.
    // Empty when nothing is due after the wait. Errors: unavailable.
    virtual Task<Result<std::vector<Lease>>> lease(model::QueueId queue, LeaseOptions options) = 0;

    // Instead of a wait in `lease`, for who wants to keep nothing while nothing is due: rings
    // `bell` once, when an entry of the queue may have become due, also by time, or when the store
    // is closed; to hear of the next one he watches again. It may ring without need. False, and
    // then it does not ring: something may be due already, or the store is closed, so lease.
    // `order` as for `lease`. Called on the bell's loop; a bell watches one queue.
    virtual bool watch(const model::QueueId& queue, model::Order order,
                       const std::shared_ptr<Bell>& bell) = 0;

    // The lease runs out `hold` from now. Errors: lease_lost.
    virtual Result<void> renew(Handle handle, Duration hold) = 0;

    // Errors: not_found, unavailable.
    virtual Task<Result<Record>> get(RecordKey key) = 0;
    // By id, ascending.
    virtual Task<Result<std::vector<Record>>> list(Kind kind, ListOptions options) = 0;

    virtual Task<Result<QueueCounts>> count(model::QueueId queue) = 0;
    // Of all queues whose names begin alike, up to the first '/': "endpoint", "reel", "tasks". For
    // monitoring: each queue that holds something is looked at.
    virtual Task<Result<QueueTotals>> totals() = 0;
    // Newest first. Errors: invalid (cursor), unavailable; so have all searches.
    virtual Task<Result<Page<Attempt>>> attempts(AttemptQuery query) = 0;
    // Oldest first: the archive in the order of storing; in any order what was stored at once.
    virtual Task<Result<Page<ArchivedEvent>>> events(EventQuery query) = 0;
    // Errors: not_found.
    virtual Task<Result<ArchivedEvent>> event(model::ApplicationId application,
                                              model::EventId id) = 0;
    // Newest first. Delivered ones as long as the archive keeps their event.
    virtual Task<Result<Page<Delivery>>> deliveries(DeliveryQuery query) = 0;
    // Errors: not_found, invalid (no such form).
    virtual Task<Result<Delivery>> delivery(DeliveryId id) = 0;
    // Makes it due now, whatever became of it: the time for which it waits is replaced; a dead or
    // delivered one enters its queue again: its next lease has attempt 1, and those before stay
    // counted as `earlier`. Errors: not_found, conflict (it is being sent right now), too_large
    // (the queue is full).
    virtual Task<Result<void>> retry(DeliveryId id) = 0;
    // One step of a replay, oldest first. An event says what was stored for this queue, else what
    // the archive has. Errors: invalid (cursor), too_large (the queue is full).
    virtual Task<Result<ReplayStep>> replay(Replay replay) = 0;
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

    // Ends all waits and watches, and refuses what comes later: unavailable. What was acknowledged
    // is on disk. Called once, at the end.
    virtual void close() = 0;
};

}  // namespace hookreel::store
