#include "store/directory.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "model/access_key.h"
#include "model/consumer.h"
#include "model/endpoint.h"
#include "store/typed_records.h"

namespace hookreel::store {
namespace {

constexpr int change_tries_max = 16;

bool is_pattern(const std::string& type) {
    return type.ends_with('*');
}

}  // namespace

template <class Value>
Task<Result<void>> Directory<Value>::load() {
    const auto take = [this](Versioned<Value> read) {
        insert({std::make_shared<const Value>(std::move(read.value)), read.version, 0});
    };
    Result<void> done = co_await load_each<Value>(store_, traits_.kind, std::string(), take);
    if (!done)
        co_return fail(done.error().code == Code::internal ? Code::invalid : done.error().code,
                       fmt::format("the {}s: {}", traits_.noun, done.error().detail));
    co_return done;
}

template <class Value>
Task<Result<typename Directory<Value>::Pointer>> Directory<Value>::create(Value value,
                                                                          Commit with) {
    const std::string id = traits_.id(value);
    {
        const std::lock_guard lock(mutex_);
        if (entries_.size() >= traits_.count_max)
            co_return fail(Code::too_large, fmt::format("there are {} {}s; more are not taken",
                                                        entries_.size(), traits_.noun));
    }
    with.puts.push_back({{traits_.kind, id}, to_json_text(value), 0});
    Result<void> done = co_await store_.commit(std::move(with));
    if (!done && done.error().code == Code::conflict)
        co_return fail(Code::conflict, fmt::format("the {} exists already", traits_.noun));
    if (!done) co_return fail(std::move(done.error()));
    auto pointer = std::make_shared<const Value>(std::move(value));
    insert({pointer, 1, 0});
    tell(id);
    co_return pointer;
}

template <class Value>
Task<Result<typename Directory<Value>::Pointer>> Directory<Value>::change(std::string id, Edit edit,
                                                                          Commit with) {
    for (int tried = 0; tried < change_tries_max; ++tried) {
        const Entry before = entry(id);
        if (!before.value) co_return fail(Code::not_found, fmt::format("no such {}", traits_.noun));
        Value changed = *before.value;
        if (Result<void> fine = edit(changed); !fine) co_return fail(std::move(fine.error()));
        Commit commit = with;
        commit.puts.push_back({{traits_.kind, id}, to_json_text(changed), before.version});
        Result<void> done = co_await store_.commit(std::move(commit));
        if (done) {
            auto pointer = std::make_shared<const Value>(std::move(changed));
            replace(before, pointer);
            tell(id);
            co_return pointer;
        }
        if (done.error().code != Code::conflict) co_return fail(std::move(done.error()));
        Result<void> read = co_await read_again(id);
        if (!read) co_return fail(std::move(read.error()));
    }
    co_return fail(Code::conflict, "too many changes at once");
}

template <class Value>
Task<Result<void>> Directory<Value>::remove(std::string id, Commit with) {
    if (!find(id)) co_return fail(Code::not_found, fmt::format("no such {}", traits_.noun));
    with.removes.push_back({traits_.kind, id});
    Result<void> done = co_await store_.commit(std::move(with));
    if (!done) co_return fail(std::move(done.error()));
    const Pointer last = erase(id);
    if (last) tell_removed(last);
    co_return Result<void>();
}

template <class Value>
Task<Result<void>> Directory<Value>::read_again(std::string id) {
    RecordKey key{traits_.kind, id};
    Result<Versioned<Value>> read = co_await store::load<Value>(store_, std::move(key));
    if (!read && read.error().code == Code::not_found) {
        erase(id);
        co_return Result<void>();
    }
    if (!read) co_return fail(std::move(read.error()));
    const Entry known = entry(id);
    if (known.value && known.version >= read->version) co_return Result<void>();
    insert({std::make_shared<const Value>(std::move(read->value)), read->version, 0});
    co_return Result<void>();
}

template <class Value>
typename Directory<Value>::Entry Directory<Value>::entry(const std::string& id) const {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(id);
    return found == entries_.end() ? Entry() : found->second;
}

template <class Value>
typename Directory<Value>::Pointer Directory<Value>::find(const std::string& id) const {
    return entry(id).value;
}

template <class Value>
std::vector<typename Directory<Value>::Pointer> Directory<Value>::all() const {
    const std::lock_guard lock(mutex_);
    std::vector<Pointer> values;
    values.reserve(entries_.size());
    for (const auto& [id, entry] : entries_)
        values.push_back(entry.value);
    return values;
}

template <class Value>
std::vector<typename Directory<Value>::Pointer> Directory<Value>::of(
    model::ApplicationId application) const {
    std::vector<Pointer> values = all();
    std::erase_if(values, [&](const Pointer& v) { return v->application != application; });
    return values;
}

template <class Value>
std::vector<typename Directory<Value>::Pointer> Directory<Value>::wanting(
    model::ApplicationId application, std::string_view type, std::string_view key,
    std::string_view data) const
    requires Recipient<Value>
{
    std::vector<Pointer> candidates;
    {
        const std::lock_guard lock(mutex_);
        const auto wanted = wanted_.find(application);
        if (wanted == wanted_.end()) return {};
        candidates = wanted->second.by_pattern;
        const auto exact = wanted->second.by_type.find(std::string(type));
        if (exact != wanted->second.by_type.end())
            candidates.insert(candidates.end(), exact->second.begin(), exact->second.end());
    }
    model::LazyJson parsed(data);
    std::erase_if(candidates, [&](const Pointer& value) {
        return !model::matches(value->filter, type, key, parsed);
    });
    return candidates;
}

template <class Value>
void Directory<Value>::insert(Entry entry) {
    const std::lock_guard lock(mutex_);
    Entry& kept = entries_[traits_.id(*entry.value)];
    if (kept.value) unindex(kept.value);
    entry.birth = ++births_;
    kept = std::move(entry);
    index(kept.value);
}

// Does nothing when the entry went, or was changed again, meanwhile.
template <class Value>
void Directory<Value>::replace(const Entry& before, Pointer now) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(traits_.id(*now));
    if (found == entries_.end()) return;
    Entry& kept = found->second;
    if (kept.birth != before.birth || kept.version > before.version) return;
    unindex(kept.value);
    kept.value = std::move(now);
    kept.version = before.version + 1;
    index(kept.value);
}

template <class Value>
typename Directory<Value>::Pointer Directory<Value>::erase(const std::string& id) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(id);
    if (found == entries_.end()) return nullptr;
    Pointer last = std::move(found->second.value);
    entries_.erase(found);
    unindex(last);
    return last;
}

template <class Value>
std::vector<std::vector<typename Directory<Value>::Pointer>*> Directory<Value>::lists_of(
    const Value& value)
    requires Recipient<Value>
{
    Wanted& wanted = wanted_[value.application];
    const std::vector<std::string>& types = value.filter.types;
    if (types.empty() || std::ranges::any_of(types, is_pattern)) return {&wanted.by_pattern};
    std::vector<std::vector<Pointer>*> lists;
    for (const std::string& type : types)
        lists.push_back(&wanted.by_type[type]);
    std::ranges::sort(lists);
    const auto repeated = std::ranges::unique(lists);
    lists.erase(repeated.begin(), repeated.end());
    return lists;
}

template <class Value>
void Directory<Value>::index(const Pointer& value) {
    if constexpr (Recipient<Value>) {
        const auto id = [this](const Pointer& pointer) { return traits_.id(*pointer); };
        for (std::vector<Pointer>* list : lists_of(*value)) {
            // At a start they come in order.
            const bool last = list->empty() || id(list->back()) < id(value);
            list->insert(last ? list->end() : std::ranges::lower_bound(*list, id(value), {}, id),
                         value);
        }
    }
}

template <class Value>
void Directory<Value>::unindex(const Pointer& value) {
    if constexpr (Recipient<Value>) {
        for (std::vector<Pointer>* list : lists_of(*value))
            std::erase(*list, value);
        Wanted& wanted = wanted_[value->application];
        for (const std::string& type : value->filter.types)
            if (const auto at = wanted.by_type.find(type);
                at != wanted.by_type.end() && at->second.empty())
                wanted.by_type.erase(at);
        if (wanted.by_type.empty() && wanted.by_pattern.empty()) wanted_.erase(value->application);
    }
}

template <class Value>
void Directory<Value>::tell(const std::string& id) {
    if (!heard_) return;
    const std::lock_guard lock(telling_);
    // Null when it was removed meanwhile, which is told by whoever removed it.
    if (const Pointer now = find(id)) heard_(Change::set, now);
}

template <class Value>
void Directory<Value>::tell_removed(const Pointer& last) {
    if (!heard_) return;
    const std::lock_guard lock(telling_);
    heard_(Change::removed, last);
}

template class Directory<model::Endpoint>;
template class Directory<model::Consumer>;
template class Directory<model::AccessKey>;

}  // namespace hookreel::store
