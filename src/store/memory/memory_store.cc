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
    if (Result<void> result = check_lengths(commit.events); !result) co_return result;
    if (Result<void> result = check_handles(commit, now); !result) co_return result;
    const std::function<void()> written = std::move(commit.written);
    apply(std::move(commit), now);
    if (written) written();
    wake_all();
    co_return Result<void>{};
}

Task<Result<std::vector<Published>>> MemoryStore::publish(std::vector<NewEvent> events) {
    const std::lock_guard lock(mutex_);
    const TimePoint now = clock_.now();
    if (Result<void> result = open(); !result) co_return fail(std::move(result.error()));
    std::vector<Published> published;
    std::set<EventName> names;
    Commit commit;
    commit.events = std::move(events);
    if (Result<void> result = check(commit, limits_); !result)
        co_return fail(std::move(result.error()));
    std::erase_if(commit.events, [&](const NewEvent& event) {
        const EventName name{event.application, event.id};
        const bool is_new = !ids_.contains(name) && names.insert(name).second;
        published.push_back(is_new ? Published::stored : Published::duplicate);
        return !is_new;
    });
    if (Result<void> result = check_lengths(commit.events); !result)
        co_return fail(std::move(result.error()));
    for (const EventName& name : names)
        ids_[name] = now;
    apply(std::move(commit), now);
    wake_all();
    co_return published;
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

Result<void> MemoryStore::check_lengths(const std::vector<NewEvent>& events) const {
    std::map<model::QueueId, std::uint64_t> lengths;
    for (const NewEvent& event : events) {
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
        if ((!find(bury.handle, now) && find_spent(bury.handle, now) == nullptr) ||
            !ended.insert(bury.handle).second)
            return fail(lease_lost(bury.handle));
    for (const Spend& spend : commit.spends)
        if (!find(spend.handle, now) || !ended.insert(spend.handle).second)
            return fail(lease_lost(spend.handle));
    return {};
}

bool MemoryStore::confirmable(Handle handle, const Queue* only, TimePoint now) {
    if (const std::optional<Place> place = find(handle, now))
        return only == nullptr || place->queue == only;
    if (const Entry* spent = find_spent(handle, now))
        return only == nullptr || &queues_[spent->queue] == only;
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
            keep_delivered(remove(*place));
        } else if (Entry* spent = find_spent(handle, now)) {
            confirmed_[handle] = {&queues_[spent->queue], spent->until};
            spent->until = {};
            spent->reason.clear();
            keep_delivered(std::move(*spent));
            dead_.erase(dead_.begin() + (spent - dead_.data()));
        }
    }
    for (const GiveBack& give_back : commit.give_backs) {
        const Place place = *find(give_back.handle, now);
        Entry& entry = place.queue->entries[place.index];
        entry.due = now + give_back.delay;
        entry.fresh = false;
        entry.until = {};
        if (give_back.tried == GiveBack::Tried::no) --entry.attempts;
    }
    for (Bury& bury : commit.buries) {
        if (const std::optional<Place> place = find(bury.handle, now)) {
            Entry& dead = kill(*place, std::move(bury.reason), now);
            if (bury.tried == GiveBack::Tried::no) --dead.attempts;
            continue;
        }
        Entry& spent = *find_spent(bury.handle, now);
        spent.until = {};
        spent.reason = cut(std::move(bury.reason), limits_.note_bytes_max);
    }
    for (Spend& spend : commit.spends) {
        const Place place = *find(spend.handle, now);
        const TimePoint until = place.queue->entries[place.index].until;
        kill(place, std::move(spend.reason), now).until = until;
    }
    for (NewEvent& event : commit.events)
        append(std::move(event), now);
    for (AttemptPtr& attempt : commit.attempts)
        attempts_[++last_number_] = cut(std::move(attempt), limits_);
    std::erase_if(confirmed_, [now](const auto& item) { return item.second.until <= now; });
}

void MemoryStore::append(NewEvent event, TimePoint now) {
    const HappenedPtr happened = std::make_shared<const Happened>(
        Happened{.number = ++last_number_,
                 .stored = now,
                 .event = {event.id, event.application, std::move(event.type), std::move(event.key),
                           event.time, event.body},
                 .trace = std::move(event.trace)});
    if (event.body) {
        archive_[happened->number] = happened;
        ids_[{event.application, event.id}] = now;
    }
    for (NewEntry& entry : event.entries) {
        Body body = entry.body ? std::move(entry.body) : event.body;
        if (!body) body = std::make_shared<const std::string>();
        insert({.number = ++last_number_,
                .happened = happened,
                .queue = std::move(entry.queue),
                .body = std::move(body),
                .due = entry.due,
                .fresh = entry.due <= now});
    }
}

void MemoryStore::insert(Entry entry) {
    std::vector<Entry>& entries = queues_[entry.queue].entries;
    const auto place = std::ranges::upper_bound(entries, entry.age(), {}, &Entry::age);
    entries.insert(place, std::move(entry));
}

// The entry that is leased under the handle now.
std::optional<MemoryStore::Place> MemoryStore::find(Handle handle, TimePoint now) {
    for (auto& [id, queue] : queues_)
        for (std::size_t i = 0; i < queue.entries.size(); ++i)
            if (queue.entries[i].handle == handle && queue.entries[i].leased(now))
                return Place{&queue, i};
    return std::nullopt;
}

MemoryStore::Entry* MemoryStore::find_spent(Handle handle, TimePoint now) {
    const auto found = std::ranges::find_if(
        dead_, [&](const Entry& entry) { return entry.handle == handle && entry.leased(now); });
    return found == dead_.end() ? nullptr : &*found;
}

MemoryStore::Entry& MemoryStore::kill(const Place& place, std::string reason, TimePoint now) {
    Entry& dead = dead_.emplace_back(remove(place));
    dead.buried = now;
    dead.reason = cut(std::move(reason), limits_.note_bytes_max);
    return dead;
}

MemoryStore::Entry MemoryStore::remove(const Place& place) {
    const auto at = place.queue->entries.begin() + static_cast<std::ptrdiff_t>(place.index);
    Entry entry = std::move(*at);
    place.queue->entries.erase(at);
    entry.until = {};
    return entry;
}

bool MemoryStore::archived(const Happened& happened) const {
    return archive_.contains(happened.number);
}

void MemoryStore::keep_delivered(Entry entry) {
    if (archived(*entry.happened)) delivered_.push_back(std::move(entry));
}

void MemoryStore::keep_dropped(Entry entry) {
    entry.attempts = entry.earlier = 0;
    if (archived(*entry.happened)) dropped_.push_back(std::move(entry));
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
    queues_[id].order = options.order;
    for (Entry* entry : due(id, options, now))
        leases.push_back(lend(*entry, options.hold, now));
    return leases;
}

std::vector<MemoryStore::Entry*> MemoryStore::due(const model::QueueId& id,
                                                  const LeaseOptions& options, TimePoint now) {
    std::vector<Entry*> due;
    std::set<std::string_view> held;  // Keys of which there is an older one.
    for (Entry& entry : queues_[id].entries) {
        if (std::ssize(due) >= options.count_max) break;
        const std::string_view key = entry.event().key;
        const bool is_wanted = !options.only || entry.event().id == *options.only;
        if (is_wanted && entry.ready(now) && !held.contains(key)) due.push_back(&entry);
        if (options.order == model::Order::key && !key.empty()) held.insert(key);
    }
    return due;
}

bool MemoryStore::watch(const model::QueueId& id, model::Order order,
                        const std::shared_ptr<Bell>& bell) {
    const std::lock_guard lock(mutex_);
    const TimePoint now = clock_.now();
    if (closed_ || !due(id, {.order = order}, now).empty()) return false;
    Queue& queue = queues_[id];
    std::erase(queue.bells, bell);
    queue.bells.push_back(bell);
    const TimePoint change = next_change(queue, now);
    if (change != never) Bell::ring_within(bell, change - now);
    return true;
}

Lease MemoryStore::lend(Entry& entry, Duration hold, TimePoint now) {
    entry.handle = Handle(++last_handle_);
    entry.until = now + hold;
    ++entry.attempts;
    return {.handle = entry.handle,
            .queue = entry.queue,
            .event = entry.event().id,
            .type = entry.event().type,
            .key = entry.event().key,
            .time = entry.event().time,
            .attempt = entry.attempts,
            .until = entry.until,
            .body = entry.body,
            .trace = entry.happened->trace,
            .stored = entry.fresh ? entry.happened->stored : TimePoint{},
            .earlier = entry.earlier};
}

// What is due already is held back by something that changes later.
TimePoint MemoryStore::next_change(const Queue& queue, TimePoint now) const {
    TimePoint next = never;
    for (const Entry& entry : queue.entries)
        if (!entry.ready(now)) next = std::min(next, entry.leased(now) ? entry.until : entry.due);
    return next;
}

void MemoryStore::wake_all() {
    for (auto& [id, queue] : queues_) {
        for (const std::shared_ptr<Waiter>& waiter : queue.waiters)
            ring(waiter);
        for (std::shared_ptr<Bell>& bell : std::exchange(queue.bells, {}))
            ring(std::move(bell));
    }
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
    co_return counts_of(queue, clock_.now());
}

QueueCounts MemoryStore::counts_of(const model::QueueId& queue, TimePoint now) {
    QueueCounts counts;
    const std::vector<Entry>& entries = queues_[queue].entries;
    if (!entries.empty()) counts.oldest = entries.front().event().time;
    for (const Entry& entry : entries)
        ++(entry.leased(now) ? counts.leased : counts.waiting);
    for (const Entry& dead : dead_)
        if (dead.queue == queue) ++counts.dead;
    return counts;
}

Task<Result<QueueTotals>> MemoryStore::totals() {
    const std::lock_guard lock(mutex_);
    if (Result<void> result = open(); !result) co_return fail(std::move(result.error()));
    QueueTotals totals;
    for (const auto& [queue, held] : queues_)
        add(totals, queue, counts_of(queue, clock_.now()));
    co_return totals;
}

Task<Result<int>> MemoryStore::expire(model::QueueId queue, TimePoint before, int count_max) {
    const std::lock_guard lock(mutex_);
    if (Result<void> result = open(); !result) co_return fail(std::move(result.error()));
    Queue& from = queues_[queue];
    int dropped = 0;
    for (; dropped < count_max && !from.entries.empty(); ++dropped) {
        if (from.entries.front().event().time >= before) break;
        keep_dropped(remove({&from, 0}));
    }
    co_return dropped;
}

Task<Result<int>> MemoryStore::purge(PurgeLimits limits) {
    const std::lock_guard lock(mutex_);
    if (Result<void> result = open(); !result) co_return fail(std::move(result.error()));
    const int removed = purge_attempts(limits) + purge_dead(limits) + purge_events(limits);
    co_return removed + purge_ids(limits);
}

int MemoryStore::purge_attempts(const PurgeLimits& limits) {
    int removed = 0;
    for (; removed < limits.count_max && !attempts_.empty(); ++removed) {
        if (attempts_.begin()->second->at >= limits.attempts_before) break;
        attempts_.erase(attempts_.begin());
    }
    return removed;
}

int MemoryStore::purge_dead(const PurgeLimits& limits) {
    int removed = 0;
    for (; removed < limits.count_max && !dead_.empty(); ++removed) {
        if (dead_.front().buried >= limits.dead_letters_before) break;
        keep_dropped(std::move(dead_.front()));
        dead_.erase(dead_.begin());
    }
    return removed;
}

int MemoryStore::purge_events(const PurgeLimits& limits) {
    int removed = 0;
    for (; removed < limits.count_max && !archive_.empty(); ++removed) {
        if (archive_.begin()->second->stored >= limits.events_before) break;
        archive_.erase(archive_.begin());
    }
    const auto left = [this](const Entry& entry) { return !archived(*entry.happened); };
    std::erase_if(delivered_, left);
    std::erase_if(dropped_, left);
    return removed;
}

// An id is known at least as long as its event.
int MemoryStore::purge_ids(const PurgeLimits& limits) {
    std::set<EventName> kept;
    for (const auto& [number, happened] : archive_)
        kept.insert({happened->event.application, happened->event.id});
    return static_cast<int>(std::erase_if(ids_, [&](const auto& item) {
        return item.second < limits.ids_before && !kept.contains(item.first);
    }));
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
