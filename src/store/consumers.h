// The queues that applications pull by names of their own, with what each wants to hear, always at
// hand.
//
// As Endpoints: records of the store, held so that readers never wait for the disk; a change is
// durable before it is seen. What waits in a queue is the store's (model::consumer_queue). Threads:
// any. Durability: what `create`, `change` and `remove` returned survives a crash.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "base/async.h"
#include "base/result.h"
#include "model/consumer.h"
#include "store/directory.h"
#include "store/store.h"

namespace hookreel::store {

class Consumers {
 public:
    // Never null. An old one stays valid and unchanged after a change.
    using Pointer = std::shared_ptr<const model::Consumer>;
    using Change = store::Change;

    static constexpr std::size_t count_max = 10'000;

    // What names a consumer.
    struct Name {
        model::ApplicationId application;
        std::string name;
    };

    // `store` outlives this.
    explicit Consumers(Store& store);

    // Reads all; called once, before anything else. Errors: invalid (a record cannot be read),
    // unavailable.
    Task<Result<void>> load() { return directory_.load(); }

    Pointer find(const Name& name) const;  // Null when there is none.
    std::vector<Pointer> all() const { return directory_.all(); }
    std::vector<Pointer> of(model::ApplicationId application) const {
        return directory_.of(application);
    }
    // Those of the application that want the event. `data` is the JSON text of the event's data.
    std::vector<Pointer> wanting(model::ApplicationId application, std::string_view type,
                                 std::string_view key, std::string_view data) const {
        return directory_.wanting(application, type, key, data);
    }

    // Heard after each change, one call at a time, on the thread of the change. Set once, before
    // the first change.
    void listen(std::function<void(Change, const Pointer&)> heard) {
        directory_.listen(std::move(heard));
    }

    // `with` is written in the same commit. Errors: conflict (it exists), too_large (over
    // count_max), and those of Store::commit.
    Task<Result<Pointer>> create(model::Consumer consumer, Commit with = {}) {
        return directory_.create(std::move(consumer), std::move(with));
    }
    // Runs `edit` on a copy, makes it durable, and returns it. `edit` may refuse, and may run again
    // when another change came first. Errors: not_found, those of `edit` and of Store::commit.
    Task<Result<Pointer>> change(Name name, std::function<Result<void>(model::Consumer&)> edit,
                                 Commit with = {});
    // Errors: not_found, and those of Store::commit.
    Task<Result<void>> remove(Name name, Commit with = {});

 private:
    Directory<model::Consumer> directory_;
};

}  // namespace hookreel::store
