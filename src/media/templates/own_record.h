// The record that holds all templates of an application, and the one way to change it.
#pragma once

#include <fmt/format.h>

#include "base/async.h"
#include "model/ids.h"
#include "model/template.h"
#include "store/store.h"
#include "store/typed_records.h"

namespace hookreel::media {

using OwnRecord = store::Versioned<model::OwnTemplates>;

// Without a record there are none.
inline Task<Result<OwnRecord>> load_own(store::Store& store, model::ApplicationId application) {
    const store::RecordKey key{store::Kind::template_, fmt::to_string(application.value())};
    Result<OwnRecord> own = co_await store::load<model::OwnTemplates>(store, key);
    if (!own && own.error().code == Code::not_found) co_return OwnRecord{key, {}, 0};
    co_return own;
}

// Calls `change(own, commit)`, a Result<void>, and commits what it made of both; again when
// somebody else changed the record meanwhile. Errors: those of `change`, unavailable.
template <class Change>
Task<Result<void>> change_own(store::Store& store, model::ApplicationId application,
                              Change& change) {
    // Each time one of those who try goes in, so as many may come at once.
    constexpr int tries_max = 100;
    for (int tries = 0; tries < tries_max; ++tries) {
        Result<OwnRecord> own = co_await load_own(store, application);
        if (!own) co_return fail(std::move(own.error()));
        store::Commit commit;
        if (Result<void> changed = change(own->value, commit); !changed) co_return changed;
        commit.puts.push_back({own->key, to_json_text(own->value), own->version});
        Result<void> done = co_await store.commit(std::move(commit));
        if (done || done.error().code != Code::conflict) co_return done;
    }
    co_return fail(Code::unavailable, "the templates change all the time");
}

}  // namespace hookreel::media
