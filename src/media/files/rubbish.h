// What is to be removed from the library, as records of the store.
//
// The record is written in the commit that takes the name away, so that bytes never stay behind.
// Its id is the path.
#pragma once

#include <string>

#include "base/json.h"
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

}  // namespace hookreel::media
