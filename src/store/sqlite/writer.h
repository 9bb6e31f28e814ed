// The one thread that writes, and owns what the file and the index say.
//
// It takes everything that waits, makes it durable with one sync, then answers all of it. While
// the disk fails, commits are refused at once and the thread tries once a second whether writing
// works again; after anything worse than a full disk it first opens the file anew and starts from
// what is there, as after a restart. When nothing waits it sleeps. Threads: any.
#pragma once

#include <thread>
#include <variant>

#include "base/log.h"
#include "base/metrics.h"
#include "store/sqlite/file/checkpointer.h"
#include "store/sqlite/group.h"
#include "store/sqlite/mail/inbox.h"
#include "store/sqlite/upkeep.h"

namespace hookreel::store {

// A commit, or the events of a publish, whose caller is suspended.
struct PendingCommit {
    using Committed = Reply<Result<void>>;
    using PublishedAll = Reply<Result<std::vector<Published>>>;

    Commit commit;
    std::variant<Committed, PublishedAll> reply;
    std::chrono::steady_clock::time_point submitted = std::chrono::steady_clock::now();

    Executor loop() const {
        return std::visit([](const auto& to) { return to.loop(); }, reply);
    }
};

// Work between two groups, answered by itself. Gets nothing while the file cannot be used.
using Chore = std::move_only_function<void(Upkeep* upkeep, Outbox& outbox)>;

struct WriterOptions {
    DatabaseOptions database;
    Limits limits;
    Duration probe_interval{1000};
};

class Writer {
 public:
    // The index is filled before this returns. Errors: unavailable; invalid (not our file).
    static Result<std::unique_ptr<Writer>> open(WriterOptions options, const Clock& clock,
                                                const Log& log, QueueIndex& index, Ids& ids,
                                                Departures& departures);
    ~Writer();

    // Whether new commits are taken. Errors: unavailable.
    Result<void> health() const;
    void submit(std::unique_ptr<PendingCommit> pending);
    void submit(const Executor& loop, Chore chore);
    void write_metrics(MetricsText& text) const;
    // Finishes what was submitted, then ends the thread. What comes later is refused.
    void stop();

 private:
    using Item = std::variant<std::unique_ptr<PendingCommit>, Chore>;
    enum class State { working, disk_full, broken };

    Writer(WriterOptions options, const Clock& clock, const Log& log, QueueIndex& index, Ids& ids,
           Departures& departures);
    Result<void> open_file();
    void run();
    void commit(std::vector<std::unique_ptr<PendingCommit>> commits);
    // Takes it into the group. Returns the answer for when the group is on disk.
    static Outbox::Job add(Group& group, PendingCommit& pending, TimePoint now, Outbox& outbox);
    // Work that may take a while, after the answers are on their way.
    void tidy();
    // The log into the file, in two steps.
    void move_log();
    void refuse(std::vector<std::unique_ptr<PendingCommit>> commits, const Error& error);
    void work(std::vector<Item> items);
    void work(Chore& chore);
    // Looks at what the last step did to the file.
    void check_fault(const Error& error);
    void recover();
    Result<void> probe();
    void enter(State state, const Error& reason);

    const WriterOptions options_;
    const Clock& clock_;
    const Log& log_;
    QueueIndex& index_;
    Ids& ids_;
    Departures& departures_;
    std::unique_ptr<Database> database_;
    std::unique_ptr<Tables> tables_;
    std::unique_ptr<Checkpointer> checkpointer_;
    int copied_pages_ = 0;  // Of the log, when the last copy began.
    int copies_ = 0;        // In a row.
    Sequence sequence_;
    Outbox outbox_;
    Histogram commits_;  // From submit to answer.
    Histogram syncs_;    // Of a group: its writes and its sync.

    Inbox<Item> inbox_;
    mutable std::mutex mutex_;
    State state_ = State::working;  // Written by the thread, under the mutex.
    Error reason_;                  // Why the state is not working.
    std::thread thread_;
};

}  // namespace hookreel::store
