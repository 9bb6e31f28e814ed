// The endpoints of this server, with their settings and state, always at hand.
//
// Records of the store, held so that readers never wait for the disk; a change is durable before it
// is seen. Endpoints of dialects that have their own settings (the normal callback of Tencent VOD)
// are not here. Threads: any. Durability: what `create`, `change` and `remove` returned survives a
// crash.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "base/async.h"
#include "base/result.h"
#include "model/endpoint.h"
#include "store/directory.h"
#include "store/store.h"

namespace hookreel::store {

class Endpoints {
 public:
    // Never null. An old one stays valid and unchanged after a change.
    using Pointer = std::shared_ptr<const model::Endpoint>;
    using Change = store::Change;

    static constexpr std::size_t count_max = 100'000;

    // `store` outlives this.
    explicit Endpoints(Store& store);

    // Reads all; called once, before anything else. Errors: invalid (a record cannot be read),
    // unavailable.
    Task<Result<void>> load() { return directory_.load(); }

    // Null when there is none.
    Pointer find(const model::EndpointId& id) const { return directory_.find(id.text()); }
    std::vector<Pointer> all() const { return directory_.all(); }  // By id, ascending.
    std::vector<Pointer> of(model::ApplicationId application) const {
        return directory_.of(application);
    }
    // Those of the application that want the event, whatever their state is. `data` is the JSON
    // text of the event's data. Takes a look at each that asks for a pattern; those that name whole
    // types cost nothing to events of other types.
    std::vector<Pointer> wanting(model::ApplicationId application, std::string_view type,
                                 std::string_view key, std::string_view data) const {
        return directory_.wanting(application, type, key, data);
    }

    // Heard after each change, one call at a time, on the thread of the change. Set once, before
    // the first change.
    void listen(std::function<void(Change, const Pointer&)> heard) {
        directory_.listen(std::move(heard));
    }

    // `with` is written in the same commit: an audit record, an event that tells of the change.
    // Errors: conflict (the id exists), too_large (over count_max), and those of Store::commit.
    Task<Result<Pointer>> create(model::Endpoint endpoint, Commit with = {}) {
        return directory_.create(std::move(endpoint), std::move(with));
    }
    // Runs `edit` on a copy, makes it durable, and returns it. `edit` may refuse, and may run again
    // when another change came first. Errors: not_found, those of `edit` and of Store::commit.
    Task<Result<Pointer>> change(model::EndpointId id,
                                 std::function<Result<void>(model::Endpoint&)> edit,
                                 Commit with = {}) {
        return directory_.change(id.text(), std::move(edit), std::move(with));
    }
    // Errors: not_found, and those of Store::commit.
    Task<Result<void>> remove(model::EndpointId id, Commit with = {}) {
        return directory_.remove(id.text(), std::move(with));
    }

 private:
    Directory<model::Endpoint> directory_;
};

}  // namespace hookreel::store
