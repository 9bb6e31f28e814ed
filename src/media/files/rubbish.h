// What is to be removed from the library, as records of the store.
//
// The record is written in the commit that takes the name away, so that bytes never stay behind.
// Its id is the path, relative to the library. Threads: any loop.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "media/files/file_io.h"
#include "model/media.h"
#include "store/store.h"

namespace hookreel::media {

struct Rubbish {
    // Until then it is looked at again: a task that ran when its file was removed may still put
    // something there.
    TimePoint until{};
};
template <class V>
void fields(V& v, Of<Rubbish, V> r) {
    v("until", r.until);
}

inline store::RecordKey rubbish_key(std::string path) {
    return {store::Kind::rubbish, std::move(path)};
}
inline store::Put rubbish(std::string path, TimePoint until) {
    return {rubbish_key(std::move(path)), to_json_text(Rubbish{until}), std::nullopt};
}

// The files of one state of an asset that another state of it does not refer to.
std::vector<std::string> files_beyond(const model::Asset& asset, const model::Asset& other);

// Where it lies. All outlives the removal.
struct RubbishPlace {
    store::Store& store;
    FileThreads& threads;
    const Clock& clock;
    const std::string& folder;  // Of the library.
};
// Removes what is on record of these paths; what cannot be removed now stays on record until the
// next sweep.
Task<void> remove_rubbish(RubbishPlace place, std::vector<std::string> paths);

}  // namespace hookreel::media
