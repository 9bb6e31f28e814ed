// That work of whatever kind has ended, in a record of its own: by these, what ended last is found
// without reading all that was asked for.
//
// Their ids are "<application>/<time><id of the work>", in ascending order the last to end first.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/json.h"
#include "model/ids.h"
#include "store/store.h"

namespace hookreel::media {

struct EndMark {
    int kind = 0;      // The number of a store::Kind: the work's record is of this kind,
    std::string id{};  // and of this id.
    TimePoint ended{};

    store::RecordKey work() const { return {static_cast<store::Kind>(kind), id}; }
};
template <class V>
void fields(V& v, Of<EndMark, V> m) {
    v("kind", m.kind);
    v("id", m.id);
    v("ended", m.ended);
}

// Belongs into the commit that ends the work, whose key is "<application>/<id>".
store::Put end_mark(const store::RecordKey& work, TimePoint ended);

// What is just before the marks of those that ended at this time, and behind those that ended
// later; `never`: before all.
std::string place_before_ends(model::ApplicationId application, TimePoint ended);

}  // namespace hookreel::media
