#include "media/files/rubbish.h"

#include <algorithm>
#include <iterator>

#include "media/files/asset_change.h"
#include "store/typed_records.h"

namespace hookreel::media {

std::vector<std::string> files_beyond(const model::Asset& asset, const model::Asset& other) {
    std::vector<std::string> files;
    std::ranges::set_difference(files_of(asset), files_of(other), std::back_inserter(files));
    return files;
}

Task<void> remove_rubbish(RubbishPlace place, std::vector<std::string> paths) {
    store::Commit commit;
    for (const std::string& path : paths) {
        const store::RecordKey key = rubbish_key(path);
        const Result<store::Versioned<Rubbish>> record =
            co_await store::load<Rubbish>(place.store, key);
        if (!record) continue;  // Something new may have its place.
        auto work = [&] { return remove_all(place.folder + "/" + path); };
        const Result<void> removed = co_await place.threads.run(work);
        if (removed && record->value.until <= place.clock.now()) commit.removes.push_back(key);
    }
    if (!commit.removes.empty()) (void)co_await place.store.commit(std::move(commit));
}

}  // namespace hookreel::media
