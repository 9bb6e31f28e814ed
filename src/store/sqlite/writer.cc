#include "store/sqlite/writer.h"

namespace hookreel::store {
namespace {

constexpr std::size_t group_commits_max = 1024;
// So much of the log the writer moves itself, unless it grows faster than it can be copied.
constexpr int rest_pages_max = 128;
constexpr int copies_max = 8;

double seconds_since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

Writer::Writer(WriterOptions options, const Clock& clock, const Log& log, QueueIndex& index,
               Ids& ids, Departures& departures)
    : options_(std::move(options)),
      clock_(clock),
      log_(log),
      index_(index),
      ids_(ids),
      departures_(departures) {}

Result<std::unique_ptr<Writer>> Writer::open(WriterOptions options, const Clock& clock,
                                             const Log& log, QueueIndex& index, Ids& ids,
                                             Departures& departures) {
    std::unique_ptr<Writer> writer(
        new Writer(std::move(options), clock, log, index, ids, departures));
    if (Result<void> result = writer->open_file(); !result) return fail(std::move(result.error()));
    writer->thread_ = std::thread([self = writer.get()] { self->run(); });
    return writer;
}

Writer::~Writer() {
    stop();
}

Result<void> Writer::open_file() {
    checkpointer_.reset();
    tables_.reset();
    database_.reset();
    Result<std::unique_ptr<Database>> database = Database::open(options_.database);
    if (!database) return fail(std::move(database.error()));
    const Result<std::uint64_t> boot = prepare_tables(**database, clock_.now());
    if (!boot) return fail(boot.error());
    if (Result<void> result = departures_.open(**database); !result) return result;
    const Result<StoredState> state = read_state(**database);
    if (!state) return fail(state.error());
    if (Result<void> result = ids_.open(**database); !result) return result;
    database_ = std::move(*database);
    tables_ = std::make_unique<Tables>(*database_);
    sequence_ = state->sequence;
    index_.set_archive_floor(state->archive_floor);
    const std::lock_guard lock(index_.mutex());
    index_.restore(*boot, state->queues);
    index_.wake_all(outbox_);
    return {};
}

Result<void> Writer::health() const {
    const std::lock_guard lock(mutex_);
    if (state_ != State::working) return fail(reason_);
    return {};
}

void Writer::submit(std::unique_ptr<PendingCommit> pending) {
    Error refusal{Code::unavailable, "the store is closed"};
    std::optional<Item> left;
    if (const Result<void> healthy = health(); healthy) {
        const Executor loop = pending->loop();
        left = inbox_.put(loop, std::move(pending));
    } else {
        refusal = healthy.error();
        left = std::move(pending);
    }
    if (!left) return;
    Outbox outbox;
    PendingCommit& refused = *std::get<std::unique_ptr<PendingCommit>>(*left);
    std::visit([&](auto& reply) { reply.send(outbox, fail(refusal)); }, refused.reply);
    outbox.send();
}

void Writer::submit(const Executor& loop, Chore chore) {
    std::optional<Item> left = inbox_.put(loop, std::move(chore));
    if (!left) return;
    Outbox outbox;
    std::get<Chore> (*left)(nullptr, outbox);
    outbox.send();
}

void Writer::stop() {
    inbox_.close();
    if (thread_.joinable()) thread_.join();
}

void Writer::run() {
    auto next_probe = std::chrono::steady_clock::time_point{};
    while (true) {
        const bool failing = state_ != State::working;
        std::vector<Item> items = inbox_.take(
            group_commits_max, failing ? std::optional(options_.probe_interval) : std::nullopt);
        if (failing && std::chrono::steady_clock::now() >= next_probe) {
            recover();
            next_probe = std::chrono::steady_clock::now() + options_.probe_interval;
        }
        if (items.empty() && inbox_.closed()) break;
        work(std::move(items));
        outbox_.send();
        if (state_ == State::working) tidy();
    }
    outbox_.send();
    checkpointer_.reset();
    tables_.reset();
    database_.reset();
}

void Writer::tidy() {
    move_log();
    if (state_ != State::working || !ids_.wants_sealing()) return;
    if (const Result<void> sealed = ids_.seal(*tables_); !sealed) check_fault(sealed.error());
}

void Writer::move_log() {
    if (!database_->log_is_long()) return;
    if (!checkpointer_) checkpointer_ = std::make_unique<Checkpointer>(options_.database);
    const Checkpointer::Stage stage = checkpointer_->stage();
    if (stage == Checkpointer::Stage::working) return;
    const bool begins = stage == Checkpointer::Stage::idle;
    const int new_pages = database_->log_pages() - copied_pages_;
    if (begins || (new_pages > rest_pages_max && copies_ < copies_max)) {
        copies_ = begins ? 1 : copies_ + 1;
        copied_pages_ = database_->log_pages();
        return checkpointer_->start();
    }
    // What came since the copy began. When all is moved, the next group begins the log anew.
    checkpointer_->settle();
    if (const Result<void> moved = database_->move_log(); !moved) check_fault(moved.error());
}

void Writer::work(std::vector<Item> items) {
    std::vector<std::unique_ptr<PendingCommit>> commits;
    for (Item& item : items)
        if (auto* pending = std::get_if<std::unique_ptr<PendingCommit>>(&item))
            commits.push_back(std::move(*pending));
    if (!commits.empty()) commit(std::move(commits));
    for (Item& item : items)
        if (auto* chore = std::get_if<Chore>(&item)) work(*chore);
}

void Writer::commit(std::vector<std::unique_ptr<PendingCommit>> commits) {
    if (state_ != State::working) return refuse(std::move(commits), reason_);
    Group group(*tables_, index_, ids_, departures_, options_.limits, sequence_);
    const TimePoint now = clock_.now();
    std::vector<Outbox::Job> answers;
    answers.reserve(commits.size());
    for (const std::unique_ptr<PendingCommit>& pending : commits) {
        answers.push_back(add(group, *pending, now, outbox_));
        if (group.fault()) break;
    }
    const auto begun = std::chrono::steady_clock::now();
    const Result<void> stored = group.fault() ? Result<void>(fail(*group.fault())) : group.store();
    syncs_.observe(seconds_since(begun));
    if (!stored) {
        group.abandon();
        database_->rollback();
        check_fault(stored.error());
        return refuse(std::move(commits), stored.error());
    }
    group.apply(outbox_);
    sequence_ = group.sequence();
    for (Outbox::Job& answer : answers)
        answer();
    for (const std::unique_ptr<PendingCommit>& pending : commits)
        commits_.observe(seconds_since(pending->submitted));
}

void Writer::write_metrics(MetricsText& text) const {
    text.histogram("hookreel_store_commit_duration_seconds",
                   "From the call of a commit to its answer, which comes after the sync.", "",
                   commits_);
    text.histogram("hookreel_store_sync_duration_seconds",
                   "Writing and syncing what one sync is shared by.", "", syncs_);
}

Outbox::Job Writer::add(Group& group, PendingCommit& pending, TimePoint now, Outbox& outbox) {
    if (auto* publish = std::get_if<PendingCommit::PublishedAll>(&pending.reply))
        return [publish, &outbox,
                published = group.publish(std::move(pending.commit.events), now)]() mutable {
            publish->send(outbox, std::move(published));
        };
    auto* reply = std::get_if<PendingCommit::Committed>(&pending.reply);
    return [reply, &outbox, done = group.add(pending.commit, now)]() mutable {
        reply->send(outbox, std::move(done));
    };
}

void Writer::refuse(std::vector<std::unique_ptr<PendingCommit>> commits, const Error& error) {
    for (const std::unique_ptr<PendingCommit>& pending : commits)
        std::visit([&](auto& reply) { reply.send(outbox_, fail(error)); }, pending->reply);
}

void Writer::work(Chore& chore) {
    if (!tables_) return chore(nullptr, outbox_);
    Upkeep upkeep(*tables_, index_, ids_);
    chore(&upkeep, outbox_);
    check_fault({Code::unavailable, "a step of maintenance failed"});
}

void Writer::check_fault(const Error& error) {
    const Fault fault = database_ ? database_->take_fault() : Fault::broken;
    if (fault == Fault::full) enter(State::disk_full, error);
    if (fault == Fault::broken) enter(State::broken, error);
}

void Writer::recover() {
    if (state_ == State::broken) {
        if (const Result<void> opened = open_file(); !opened) return;
    }
    const Result<void> probed = probe();
    if (!probed) return check_fault(probed.error());
    enter(State::working, {});
}

Result<void> Writer::probe() {
    Result<void> result = tables_->write_probe.run();
    if (result) result = tables_->delete_probe.run();
    return result;
}

void Writer::enter(State state, const Error& reason) {
    {
        const std::lock_guard lock(mutex_);
        if (state_ == state) return;
        state_ = state;
        reason_ = {Code::unavailable, reason.detail};
    }
    if (state == State::working)
        log_.info("the store takes commits again");
    else
        log_.error("the store takes no commits until writing works again",
                   {{"reason", reason.detail}});
}

}  // namespace hookreel::store
