// The key pairs that were made for programs, with their rights, always at hand.
//
// As Endpoints: records of the store, held so that readers never wait for the disk; a change is
// durable before it is seen, and seen before it is answered, so a pair that was disabled or removed
// signs nothing from then on. Threads: any. Durability: what `create`, `change` and `remove`
// returned survives a crash.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/result.h"
#include "model/access_key.h"
#include "store/directory.h"
#include "store/store.h"

namespace hookreel::store {

class AccessKeys {
 public:
    // Never null. An old one stays valid and unchanged after a change.
    using Pointer = std::shared_ptr<const model::AccessKey>;

    static constexpr std::size_t count_max = 10'000;

    // `store` outlives this.
    explicit AccessKeys(Store& store);

    // Reads all; called once, before anything else. Errors: invalid (a record cannot be read),
    // unavailable.
    Task<Result<void>> load() { return directory_.load(); }

    // Whatever its state is; null when there is none.
    Pointer find(const std::string& id) const { return directory_.find(id); }
    std::vector<Pointer> all() const { return directory_.all(); }  // By id, ascending.

    // `with` is written in the same commit. Errors: conflict (the id exists), too_large (over
    // count_max), and those of Store::commit.
    Task<Result<Pointer>> create(model::AccessKey key, Commit with = {}) {
        return directory_.create(std::move(key), std::move(with));
    }
    // Runs `edit` on a copy, makes it durable, and returns it. `edit` may run again when another
    // change came first. Errors: not_found, those of `edit` and of Store::commit.
    Task<Result<Pointer>> change(std::string id,
                                 std::function<Result<void>(model::AccessKey&)> edit,
                                 Commit with = {}) {
        return directory_.change(std::move(id), std::move(edit), std::move(with));
    }
    // Errors: not_found, and those of Store::commit.
    Task<Result<void>> remove(std::string id, Commit with = {}) {
        return directory_.remove(std::move(id), std::move(with));
    }

 private:
    Directory<model::AccessKey> directory_;
};

}  // namespace hookreel::store
