// The searches of the memory store, and what re-enters a queue.
#include <set>

#include "store/memory/memory_store.h"

namespace hookreel::store {
namespace {

std::unexpected<Error> no_delivery(const DeliveryId& id) {
    return fail(Code::not_found, "no delivery " + id.text());
}

}  // namespace

Task<Result<Page<Attempt>>> MemoryStore::attempts(AttemptQuery query) {
    const std::lock_guard lock(mutex_);
    if (Result<void> result = open(); !result) co_return fail(std::move(result.error()));
    const auto cursor = read_cursor(query.cursor);
    if (!cursor) co_return fail(cursor.error());
    Page<Attempt> page;
    for (auto it = attempts_.rbegin(); it != attempts_.rend(); ++it) {
        if (*cursor && it->first >= (*cursor)->major) continue;
        if (!fits(query, *it->second)) continue;
        if (page.items.size() >= page_size(query.count_max)) {
            page.next = write_cursor({.major = it->first + 1});
            break;
        }
        page.items.push_back(*it->second);
    }
    co_return page;
}

Task<Result<Page<ArchivedEvent>>> MemoryStore::events(EventQuery query) {
    const std::lock_guard lock(mutex_);
    if (Result<void> result = open(); !result) co_return fail(std::move(result.error()));
    const auto cursor = read_cursor(query.cursor);
    if (!cursor) co_return fail(cursor.error());
    Page<ArchivedEvent> page;
    for (const auto& [number, happened] : archive_) {
        if (*cursor && number < (*cursor)->major) continue;
        if (!fits(query, happened->event)) continue;
        if (page.items.size() >= page_size(query.count_max)) {
            page.next = write_cursor({.major = number});
            break;
        }
        page.items.push_back(happened->event);
    }
    co_return page;
}

Task<Result<ArchivedEvent>> MemoryStore::event(model::ApplicationId application,
                                               model::EventId id) {
    const std::lock_guard lock(mutex_);
    if (Result<void> result = open(); !result) co_return fail(std::move(result.error()));
    for (const auto& [number, happened] : archive_)
        if (happened->event.application == application && happened->event.id == id)
            co_return happened->event;
    co_return fail(Code::not_found, "no event " + id.text());
}

// Newest first.
std::vector<Delivery> MemoryStore::all_deliveries(TimePoint now) {
    std::map<CursorPlace, Delivery, std::greater<>> found;
    const auto add = [&](const Entry& entry, DeliveryState state) {
        found[entry.age()] = {.id = write_delivery_id(entry.age()),
                              .queue = entry.queue,
                              .event = entry.event().id,
                              .application = entry.event().application,
                              .type = entry.event().type,
                              .key = entry.event().key,
                              .time = entry.event().time,
                              .state = state,
                              .attempts = entry.earlier + entry.attempts,
                              .reason = entry.reason};
    };
    for (const auto& [id, queue] : queues_) {
        std::set<std::string_view> keys;  // Of older ones.
        for (const Entry& entry : queue.entries) {
            const bool leased = entry.leased(now);
            const bool is_tried = entry.earlier + entry.attempts > 0;
            add(entry, leased     ? DeliveryState::sending
                       : is_tried ? DeliveryState::retrying
                                  : DeliveryState::waiting);
            if (!leased) found[entry.age()].due = std::max(entry.due, entry.happened->stored);
            const std::string& key = entry.event().key;
            const bool is_second = !key.empty() && !keys.insert(key).second;
            found[entry.age()].is_behind = queue.order == model::Order::key && is_second && !leased;
        }
    }
    for (const Entry& entry : dead_)
        add(entry, entry.leased(now) ? DeliveryState::sending : DeliveryState::dead);
    for (const Entry& entry : delivered_)
        add(entry, DeliveryState::delivered);
    std::vector<Delivery> all;
    for (auto& [age, delivery] : found)
        all.push_back(std::move(delivery));
    return all;
}

Task<Result<Page<Delivery>>> MemoryStore::deliveries(DeliveryQuery query) {
    const std::lock_guard lock(mutex_);
    if (Result<void> result = open(); !result) co_return fail(std::move(result.error()));
    const auto cursor = read_cursor(query.cursor);
    if (!cursor) co_return fail(cursor.error());
    Page<Delivery> page;
    for (Delivery& delivery : all_deliveries(clock_.now())) {
        const CursorPlace age = *read_delivery_id(delivery.id);
        if (*cursor && age > **cursor) continue;
        if (!fits(query, delivery)) continue;
        if (page.items.size() >= page_size(query.count_max)) {
            page.next = write_cursor(age);
            break;
        }
        page.items.push_back(std::move(delivery));
    }
    co_return page;
}

Task<Result<Delivery>> MemoryStore::delivery(DeliveryId id) {
    const std::lock_guard lock(mutex_);
    if (Result<void> result = open(); !result) co_return fail(std::move(result.error()));
    if (const auto read = read_delivery_id(id); !read) co_return fail(read.error());
    for (Delivery& delivery : all_deliveries(clock_.now()))
        if (delivery.id == id) co_return std::move(delivery);
    co_return no_delivery(id);
}

Task<Result<void>> MemoryStore::retry(DeliveryId id) {
    const std::lock_guard lock(mutex_);
    if (Result<void> result = open(); !result) co_return result;
    const auto age = read_delivery_id(id);
    if (!age) co_return fail(age.error());
    const TimePoint now = clock_.now();
    for (auto& [name, queue] : queues_) {
        for (Entry& entry : queue.entries) {
            if (entry.age() != *age) continue;
            if (entry.leased(now)) co_return fail(delivery_is_sent(id));
            entry.due = std::min(entry.due, now);
            wake_all();
            co_return Result<void>{};
        }
    }
    for (std::vector<Entry>* ended : {&dead_, &delivered_}) {
        const auto found = std::ranges::find(*ended, *age, &Entry::age);
        if (found == ended->end()) continue;
        if (found->leased(now)) co_return fail(delivery_is_sent(id));
        co_return enter_again(*ended, static_cast<std::size_t>(found - ended->begin()));
    }
    co_return no_delivery(id);
}

Result<void> MemoryStore::enter_again(std::vector<Entry>& ended, std::size_t index) {
    const auto at = ended.begin() + static_cast<std::ptrdiff_t>(index);
    if (queues_[at->queue].entries.size() >= limits_.queue_entries_max)
        return fail(queue_full(at->queue, limits_));
    Entry entry = std::move(*at);
    ended.erase(at);
    entry.due = clock_.now();
    entry.earlier += entry.attempts;
    entry.attempts = 0;
    entry.fresh = false;
    entry.until = {};
    entry.reason.clear();
    insert(std::move(entry));
    wake_all();
    return {};
}

std::map<CursorPlace, MemoryStore::Candidate> MemoryStore::candidates(const Replay& replay) const {
    using Which = Replay::Which;
    const auto wants = [which = replay.which](Which one, bool failed) {
        return which == one || which == Which::all || (failed && which == Which::failed);
    };
    std::map<CursorPlace, Candidate> found;
    std::set<std::uint64_t> known;  // Events that are or were in the queue.
    const auto add = [&](const std::vector<Entry>& entries, bool wanted) {
        for (const Entry& entry : entries) {
            if (entry.queue != replay.queue) continue;
            known.insert(entry.happened->number);
            if (wanted) found[entry.age()] = {entry.happened, entry};
        }
    };
    if (const auto queue = queues_.find(replay.queue); queue != queues_.end())
        add(queue->second.entries, false);
    add(dead_, wants(Which::dead, true));
    add(delivered_, wants(Which::delivered, false));
    add(dropped_, wants(Which::missing, true));
    if (wants(Which::missing, true))
        for (const auto& [number, happened] : archive_)
            if (!known.contains(number))
                found[{.major = number}] = {.happened = happened, .ended = {}};
    std::erase_if(found, [&](const auto& item) {
        const Candidate& candidate = item.second;
        const ArchivedEvent& event = candidate.happened->event;
        const Body& body = event.body ? event.body : candidate.ended->body;
        return event.application != replay.application || !within(replay.span, event.time) ||
               !fits(replay.filter, event.type, event.key, *body);
    });
    return found;
}

Task<Result<ReplayStep>> MemoryStore::replay(Replay replay) {
    const std::lock_guard lock(mutex_);
    if (Result<void> result = open(); !result) co_return fail(std::move(result.error()));
    const auto cursor = read_cursor(replay.cursor);
    if (!cursor) co_return fail(cursor.error());
    ReplayStep step;
    for (const auto& [age, candidate] : candidates(replay)) {
        if (*cursor && age < **cursor) continue;
        if (step.replayed >= replay.count_max) {
            step.next = write_cursor(age);
            break;
        }
        if (Result<void> result = replay_one(replay, candidate); !result) {
            if (step.replayed == 0) co_return fail(std::move(result.error()));
            step.next = write_cursor(age);
            break;
        }
        ++step.replayed;
    }
    co_return step;
}

Result<void> MemoryStore::replay_one(const Replay& replay, const Candidate& candidate) {
    if (candidate.ended) {
        for (std::vector<Entry>* ended : {&dead_, &delivered_, &dropped_}) {
            const auto found = std::ranges::find(*ended, candidate.ended->number, &Entry::number);
            if (found != ended->end())
                return enter_again(*ended, static_cast<std::size_t>(found - ended->begin()));
        }
    }
    if (queues_[replay.queue].entries.size() >= limits_.queue_entries_max)
        return fail(queue_full(replay.queue, limits_));
    insert({.number = ++last_number_,
            .happened = candidate.happened,
            .queue = replay.queue,
            .body = candidate.happened->event.body,
            .due = clock_.now()});
    wake_all();
    return {};
}

Task<Result<std::vector<DeadLetter>>> MemoryStore::dead_letters(model::QueueId queue,
                                                                int count_max) {
    const std::lock_guard lock(mutex_);
    if (Result<void> result = open(); !result) co_return fail(std::move(result.error()));
    std::vector<DeadLetter> found;
    for (auto it = dead_.rbegin(); it != dead_.rend(); ++it)
        if (it->queue == queue && std::ssize(found) < count_max)
            found.push_back({it->queue, it->event().id, it->event().type,
                             it->earlier + it->attempts, it->buried, it->reason, *it->body});
    co_return found;
}

}  // namespace hookreel::store
