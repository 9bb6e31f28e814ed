// The applications of this server, with their keys and event settings, always at hand.
//
// Records of the store, held as one snapshot that readers take without waiting; a change is durable
// before it is seen. Threads: any. Durability: what `change` returned survives a crash.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.h"
#include "base/clock.h"
#include "base/result.h"
#include "model/application.h"
#include "store/store.h"

namespace hookreel::store {

class Applications {
 public:
    // Never null. An old one stays valid and unchanged after a change.
    using Pointer = std::shared_ptr<const model::Application>;

    static constexpr std::size_t count_max = 10'000;

    struct Key {
        Pointer application;
        std::string secret_key;
    };

    // `store` outlives this.
    explicit Applications(Store& store) : store_(store) {}

    // Reads all applications; called once, before anything else. When there is none, the default
    // application is made, named "main". `keys` become its key pair; without them the one that is
    // kept stays, or one is made. Returns a key pair that was just made, to be told once. Errors:
    // invalid (a record cannot be read, a key is empty), unavailable.
    Task<Result<std::optional<model::KeyPair>>> load(std::optional<model::KeyPair> keys,
                                                     TimePoint now);

    // Null when there is no such application.
    Pointer find(model::ApplicationId id) const;
    std::optional<Key> find_key(std::string_view secret_id) const;
    std::vector<Pointer> all() const;  // By id, ascending.

    // `heard` is called after each change with the newest state, one call at a time, on the thread
    // of the change. Set once, before the first change.
    void listen(std::function<void(const Pointer&)> heard) { heard_ = std::move(heard); }

    // Gives it the next free id. `with` is written in the same commit. Errors: too_large (over
    // count_max), and those of Store::commit.
    Task<Result<Pointer>> create(model::Application application, Commit with = {});

    // Runs `edit` on a copy, makes it durable, and returns it; from then on it is seen. `edit` may
    // run again when another change came first. `with` is written in the same commit. Errors:
    // not_found, and those of Store::commit.
    Task<Result<Pointer>> change(model::ApplicationId id,
                                 std::function<void(model::Application&)> edit, Commit with = {});

 private:
    struct Entry {
        Pointer application;
        std::uint64_t version = 0;  // Of the record.
    };
    struct KeyEntry {
        model::ApplicationId application;
        std::string secret_key;
    };

    std::optional<Entry> entry(model::ApplicationId id) const;
    void keep(Entry entry);
    void tell(model::ApplicationId id);
    Task<Result<void>> read_all();
    model::ApplicationId next_id() const;
    Task<Result<Pointer>> create_default(model::KeyPair keys, TimePoint now);

    Store& store_;
    std::function<void(const Pointer&)> heard_;
    std::mutex telling_;  // Held while `heard_` runs, so that the last one told is the newest.
    mutable std::mutex mutex_;
    std::map<model::ApplicationId, Entry> entries_;
    std::map<std::string, KeyEntry, std::less<>> keys_;
};

// A random pair in the platform's form: "AKID" and 32 letters and digits; 32 letters and digits.
model::KeyPair make_key_pair();

}  // namespace hookreel::store
