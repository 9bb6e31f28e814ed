#include "store/memory/memory_store.h"

#include <set>

namespace hookreel::store {

MemoryStore::MemoryStore(const Clock& clock, Limits limits) : clock_(clock), limits_(limits) {}

Task<Result<void>> MemoryStore::commit(Commit commit) {
    const std::lock_guard lock(mutex_);
    const TimePoint now = clock_.now();
    if (Result<void> result = open(); !result) co_return result;
    if (Result<void> result = check(commit, limits_); !result) co_return result;
    if (Result<void> result = check_versions(commit); !result) co_return result;
    if (Result<void> result = check_lengths(commit); !result) co_return result;
    if (Result<void> result = check_handles(commit, now); !result) co_return result;
    apply(std::move(commit), now);
    wake_all();
    co_return Result<void>{};
}

Result<void> MemoryStore::check_versions(const Commit& commit) const {
    for (const Put& put : commit.puts) {
        const auto found = records_.find(put.key);
        const std::uint64_t version = found == records_.end() ? 0 : found->second.version;
        if (put.expected_version && *put.expected_version != version)
            return fail(version_conflict(put, version));
    }
    return {};
}

Result<void> MemoryStore::check_lengths(const Commit& commit) const {
    std::map<model::QueueId, std::uint64_t> lengths;
    for (const NewEvent& event : commit.events) {
        for (const NewEntry& entry : event.entries) {
            const auto queue = queues_.find(entry.queue);
            const std::uint64_t before = queue == queues_.end() ? 0 : queue->second.entries.size();
            if (before + ++lengths[entry.queue] > limits_.queue_entries_max)
                return fail(queue_full(entry.queue, limits_));
        }
    }
    return {};
}

Result<void> MemoryStore::check_handles(const Commit& commit, TimePoint now) {
    std::set<Handle> ended;  // By this commit.
    const Queue* only = commit.confirms_of ? &queues_[*commit.confirms_of] : nullptr;
    for (Handle handle : commit.confirms) {
        if (!confirmable(handle, only, now)) return fail(lease_lost(handle));
        ended.insert(handle);
    }
    for (const GiveBack& give_back : commit.give_backs)
        if (!find(give_back.handle, now) || !ended.insert(give_back.handle).second)
            return fail(lease_lost(give_back.handle));
    for (const Bury& bury : commit.buries)
        if (!find(bury.handle, now) || !ended.insert(bury.handle).second)
            return fail(lease_lost(bury.handle));
    return {};
}

bool MemoryStore::confirmable(Handle handle, const Queue* only, TimePoint now) {
    if (const std::optional<Place> place = find(handle, now))
        return only == nullptr || place->queue == only;
    const auto before = confirmed_.find(handle);
    return before != confirmed_.end() && now < before->second.until &&
           (only == nullptr || before->second.queue == only);
}

void MemoryStore::apply(Commit commit, TimePoint now) {
    for (Put& put : commit.puts) {
        Record& record = records_[put.key];
        record = {put.key, std::move(put.value), record.version + 1};
    }
    for (const RecordKey& key : commit.removes)
        records_.erase(key);
    for (Handle handle : commit.confirms) {
        if (const std::optional<Place> place = find(handle, now)) {
            confirmed_[handle] = {place->queue, place->queue->entries[place->index].until};
            remove(*place);
        }
    }
    for (const GiveBack& give_back : commit.give_backs) {
        const Place place = *find(give_back.handle, now);
        Entry& entry = place.queue->entries[place.index];
        entry.due = now + give_back.delay;
        entry.until = {};
        if (give_back.tried == GiveBack::Tried::no) --entry.attempts;
    }
    for (Bury& bury : commit.buries) {
        const Place place = *find(bury.handle, now);
        for (const auto& [id, queue] : queues_) {
            if (&queue != place.queue) continue;
            const Entry& entry = queue.entries[place.index];
            dead_letters_.push_back({id, entry.event.id, entry.event.type, entry.attempts, now,
                                     cut(std::move(bury.reason), limits_), *entry.body});
        }
        remove(place);
    }
    for (NewEvent& event : commit.events)
        append(std::move(event));
    for (Attempt& attempt : commit.attempts) {
        attempt.url = cut(std::move(attempt.url), limits_);
        attempt.error = cut(std::move(attempt.error), limits_);
        attempts_.push_back(std::move(attempt));
    }
    std::erase_if(confirmed_, [now](const auto& item) { return item.second.until <= now; });
}

void MemoryStore::append(NewEvent event) {
    const std::vector<NewEntry> entries = std::exchange(event.entries, {});
    for (const NewEntry& entry : entries) {
        const Body body = entry.body ? entry.body : std::make_shared<const std::string>();
        queues_[entry.queue].entries.push_back(
            {.event = event, .body = body, .due = entry.due, .attempts = 0});
    }
}

// The entry that is leased under the handle now.
std::optional<MemoryStore::Place> MemoryStore::find(Handle handle, TimePoint now) {
    for (auto& [id, queue] : queues_)
        for (std::size_t i = 0; i < queue.entries.size(); ++i)
            if (queue.entries[i].handle == handle && queue.entries[i].leased(now))
                return Place{&queue, i};
    return std::nullopt;
}

void MemoryStore::remove(const Place& place) {
    place.queue->entries.erase(place.queue->entries.begin() +
                               static_cast<std::ptrdiff_t>(place.index));
}

Task<Result<std::vector<Lease>>> MemoryStore::lease(model::QueueId queue, LeaseOptions options) {
    const Executor loop = co_await asio::this_coro::executor;
    const auto deadline = std::chrono::steady_clock::now() + options.wait;
    while (true) {
        std::shared_ptr<Waiter> waiter;
        Duration sleep{0};
        {
            const std::lock_guard lock(mutex_);
            if (Result<void> result = open(); !result) co_return fail(std::move(result.error()));
            const TimePoint now = clock_.now();
            std::vector<Lease> leases = take(queue, options, now);
            const auto left =
                std::chrono::ceil<Duration>(deadline - std::chrono::steady_clock::now());
            if (!leases.empty() || left <= Duration(0)) co_return leases;
            waiter = std::make_shared<Waiter>(loop);
            queues_[queue].waiters.push_back(waiter);
            sleep = std::min(left, next_change(queues_[queue], now) - now);
        }
        const Wake wake = co_await waiter->sleep(sleep);
        {
            const std::lock_guard lock(mutex_);
            std::erase(queues_[queue].waiters, waiter);
        }
        if (wake == Wake::cancelled) co_return std::vector<Lease>{};
    }
}

std::vector<Lease> MemoryStore::take(const model::QueueId& id, const LeaseOptions& options,
                                     TimePoint now) {
    std::vector<Lease> leases;
    for (Entry& entry : queues_[id].entries) {
        if (std::ssize(leases) >= options.count_max) break;
        if (!entry.ready(now)) continue;
        entry.handle = Handle(++last_handle_);
        entry.until = now + options.hold;
        ++entry.attempts;
        leases.push_back({.handle = entry.handle,
                          .queue = id,
                          .event = entry.event.id,
                          .type = entry.event.type,
                          .key = entry.event.key,
                          .time = entry.event.time,
                          .attempt = entry.attempts,
                          .until = entry.until,
                          .body = entry.body});
    }
    return leases;
}

TimePoint MemoryStore::next_change(const Queue& queue, TimePoint now) const {
    TimePoint next = never;
    for (const Entry& entry : queue.entries)
        next = std::min(next, entry.leased(now) ? entry.until : entry.due);
    return std::max(next, now);
}

void MemoryStore::wake_all() {
    for (auto& [id, queue] : queues_)
        for (const std::shared_ptr<Waiter>& waiter : queue.waiters)
            ring(waiter);
}

Result<void> MemoryStore::renew(Handle handle, Duration hold) {
    const std::lock_guard lock(mutex_);
    const TimePoint now = clock_.now();
    const std::optional<Place> place = find(handle, now);
    if (closed_ || !place) return fail(lease_lost(handle));
    place->queue->entries[place->index].until = now + hold;
    wake_all();
    return {};
}

Task<Result<Record>> MemoryStore::get(RecordKey key) {
    const std::lock_guard lock(mutex_);
    if (Result<void> result = open(); !result) co_return fail(std::move(result.error()));
    const auto found = records_.find(key);
    if (found == records_.end()) co_return fail(Code::not_found, "no record " + key.id);
    co_return found->second;
}

Task<Result<std::vector<Record>>> MemoryStore::list(Kind kind, ListOptions options) {
    const std::lock_guard lock(mutex_);
    if (Result<void> result = open(); !result) co_return fail(std::move(result.error()));
    std::vector<Record> records;
    for (const auto& [key, record] : records_)
        if (key.kind == kind && key.id.starts_with(options.prefix) &&
            (options.after.empty() || key.id > options.after) &&
            std::ssize(records) < options.count_max)
            records.push_back(record);
    co_return records;
}

Task<Result<QueueCounts>> MemoryStore::count(model::QueueId queue) {
    const std::lock_guard lock(mutex_);
    if (Result<void> result = open(); !result) co_return fail(std::move(result.error()));
    const TimePoint now = clock_.now();
    QueueCounts counts;
    for (const Entry& entry : queues_[queue].entries)
        ++(entry.leased(now) ? counts.leased : counts.waiting);
    for (const DeadLetter& dead : dead_letters_)
        if (dead.queue == queue) ++counts.dead;
    co_return counts;
}

Task<Result<Page<Attempt>>> MemoryStore::attempts(AttemptQuery filter) {
    const std::lock_guard lock(mutex_);
    if (Result<void> result = open(); !result) co_return fail(std::move(result.error()));
    std::vector<Attempt> found;
    for (auto it = attempts_.rbegin(); it != attempts_.rend(); ++it) {
        if (std::ssize(found) >= filter.count_max) break;
        if (filter.queue && it->queue != *filter.queue) continue;
        if (filter.event && it->event != *filter.event) continue;
        found.push_back(*it);
    }
    co_return Page<Attempt>{std::move(found), {}};
}

Task<Result<std::vector<DeadLetter>>> MemoryStore::dead_letters(model::QueueId queue,
                                                                int count_max) {
    const std::lock_guard lock(mutex_);
    if (Result<void> result = open(); !result) co_return fail(std::move(result.error()));
    std::vector<DeadLetter> found;
    for (auto it = dead_letters_.rbegin(); it != dead_letters_.rend(); ++it)
        if (it->queue == queue && std::ssize(found) < count_max) found.push_back(*it);
    co_return found;
}

Task<Result<int>> MemoryStore::expire(model::QueueId queue, TimePoint before, int count_max) {
    const std::lock_guard lock(mutex_);
    if (Result<void> result = open(); !result) co_return fail(std::move(result.error()));
    std::vector<Entry>& entries = queues_[queue].entries;
    int dropped = 0;
    while (dropped < count_max && !entries.empty() && entries.front().event.time < before) {
        entries.erase(entries.begin());
        ++dropped;
    }
    co_return dropped;
}

namespace {

// Removes the oldest rows that are older than `before`; at most `count_max`.
template <class Row>
int drop_oldest(std::vector<Row>& rows, TimePoint before, int count_max) {
    int dropped = 0;
    while (dropped < count_max && !rows.empty() && rows.front().at < before) {
        rows.erase(rows.begin());
        ++dropped;
    }
    return dropped;
}

}  // namespace

Task<Result<int>> MemoryStore::purge(PurgeLimits limits) {
    const std::lock_guard lock(mutex_);
    if (Result<void> result = open(); !result) co_return fail(std::move(result.error()));
    co_return drop_oldest(attempts_, limits.attempts_before, limits.count_max) +
        drop_oldest(dead_letters_, limits.dead_letters_before, limits.count_max);
}

Result<void> MemoryStore::open() const {
    if (closed_) return fail(Code::unavailable, "the store is closed");
    return {};
}

Result<void> MemoryStore::health() const {
    const std::lock_guard lock(mutex_);
    return open();
}

void MemoryStore::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    wake_all();
}

}  // namespace hookreel::store
