// Values by id, held in memory in front of their records: what Endpoints, Consumers and AccessKeys
// share.
//
// Readers never wait for the disk; a change is durable before it is seen. Recipients of events,
// which are model::Endpoint and model::Consumer, are found by event through an index of application
// and whole type; those that ask for patterns are looked at one by one. Threads: any.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/async.h"
#include "base/result.h"
#include "model/filter.h"
#include "model/ids.h"
#include "store/store.h"

namespace hookreel::store {

// What happened to a value; `removed` has its last state.
enum class Change { set, removed };

// What hears of events.
template <class Value>
concept Recipient = requires(const Value& value) { value.filter; };

template <class Value>
class Directory {
 public:
    using Pointer = std::shared_ptr<const Value>;
    using Edit = std::function<Result<void>(Value&)>;
    using Listener = std::function<void(Change, const Pointer&)>;

    // What differs between the values.
    struct Traits {
        Kind kind;
        std::string_view noun;            // For people: "endpoint".
        std::string (*id)(const Value&);  // Of the record.
        std::size_t count_max = 0;
    };

    // `store` outlives this.
    Directory(Store& store, Traits traits) : store_(store), traits_(traits) {}

    Task<Result<void>> load();
    Pointer find(const std::string& id) const;
    std::vector<Pointer> all() const;
    std::vector<Pointer> of(model::ApplicationId application) const;
    std::vector<Pointer> wanting(model::ApplicationId application, std::string_view type,
                                 std::string_view key, std::string_view data) const
        requires Recipient<Value>;
    void listen(Listener heard) { heard_ = std::move(heard); }

    Task<Result<Pointer>> create(Value value, Commit with);
    Task<Result<Pointer>> change(std::string id, Edit edit, Commit with);
    Task<Result<void>> remove(std::string id, Commit with);

 private:
    struct Entry {
        Pointer value;
        std::uint64_t version = 0;  // Of the record.
        std::uint64_t birth = 0;    // Tells an entry from an earlier one of the same id.
    };
    // By id, ascending. Those of one application that name `types` whole, and all others.
    struct Wanted {
        std::unordered_map<std::string, std::vector<Pointer>> by_type;
        std::vector<Pointer> by_pattern;
    };

    Entry entry(const std::string& id) const;  // Without a value when there is none.
    Task<Result<void>> read_again(std::string id);
    void insert(Entry entry);
    void replace(const Entry& before, Pointer now);
    Pointer erase(const std::string& id);
    void index(const Pointer& value);
    void unindex(const Pointer& value);
    std::vector<std::vector<Pointer>*> lists_of(const Value& value)
        requires Recipient<Value>;
    void tell(const std::string& id);
    void tell_removed(const Pointer& last);

    Store& store_;
    const Traits traits_;
    Listener heard_;
    std::mutex telling_;  // Held while `heard_` runs, so that the last one told is the newest.
    mutable std::mutex mutex_;
    std::uint64_t births_ = 0;
    std::map<std::string, Entry, std::less<>> entries_;
    std::unordered_map<model::ApplicationId, Wanted> wanted_;
};

}  // namespace hookreel::store
