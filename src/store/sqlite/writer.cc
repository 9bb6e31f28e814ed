#include "store/sqlite/writer.h"

namespace hookreel::store {
namespace {

constexpr std::size_t group_commits_max = 1024;

}  // namespace

Writer::Writer(WriterOptions options, const Clock& clock, const Log& log, QueueIndex& index)
    : options_(std::move(options)), clock_(clock), log_(log), index_(index) {}

Result<std::unique_ptr<Writer>> Writer::open(WriterOptions options, const Clock& clock,
                                             const Log& log, QueueIndex& index) {
    std::unique_ptr<Writer> writer(new Writer(std::move(options), clock, log, index));
    if (Result<void> result = writer->open_file(); !result) return fail(std::move(result.error()));
    writer->thread_ = std::thread([self = writer.get()] { self->run(); });
    return writer;
}

Writer::~Writer() {
    stop();
}

Result<void> Writer::open_file() {
    tables_.reset();
    database_.reset();
    Result<std::unique_ptr<Database>> database = Database::open(options_.database);
    if (!database) return fail(std::move(database.error()));
    const Result<std::uint64_t> boot = prepare_tables(**database);
    if (!boot) return fail(boot.error());
    const Result<StoredState> state = read_state(**database);
    if (!state) return fail(state.error());
    database_ = std::move(*database);
    tables_ = std::make_unique<Tables>(*database_);
    next_pack_ = state->next_pack;
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
        const Executor loop = pending->reply.loop();
        left = inbox_.put(loop, std::move(pending));
    } else {
        refusal = healthy.error();
        left = std::move(pending);
    }
    if (!left) return;
    Outbox outbox;
    std::get<std::unique_ptr<PendingCommit>>(*left)->reply.send(outbox, fail(refusal));
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
        // After the answers are on their way, because it may take a while.
        if (state_ == State::working)
            if (const Result<void> moved = database_->checkpoint(); !moved)
                check_fault(moved.error());
    }
    outbox_.send();
    tables_.reset();
    database_.reset();
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
    Group group(*tables_, index_, options_.limits, next_pack_);
    const TimePoint now = clock_.now();
    std::vector<Result<void>> results;
    results.reserve(commits.size());
    for (const std::unique_ptr<PendingCommit>& pending : commits) {
        results.push_back(group.add(pending->commit, now));
        if (group.fault()) break;
    }
    const Result<void> stored = group.fault() ? Result<void>(fail(*group.fault())) : group.store();
    if (!stored) {
        group.abandon();
        database_->rollback();
        check_fault(stored.error());
        return refuse(std::move(commits), stored.error());
    }
    group.apply(outbox_);
    next_pack_ = group.next_pack();
    for (std::size_t i = 0; i < commits.size(); ++i)
        commits[i]->reply.send(outbox_, std::move(results[i]));
}

void Writer::refuse(std::vector<std::unique_ptr<PendingCommit>> commits, const Error& error) {
    for (const std::unique_ptr<PendingCommit>& pending : commits)
        pending->reply.send(outbox_, fail(error));
}

void Writer::work(Chore& chore) {
    if (!tables_) return chore(nullptr, outbox_);
    Upkeep upkeep(*tables_, index_);
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
