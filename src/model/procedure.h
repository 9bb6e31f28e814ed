// Work under a name: done on every file that names it.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "model/task.h"

namespace hookreel::model {

struct Procedure {
    std::string name;
    std::string comment;
    std::vector<Work> works;  // Without outputs.
    TimePoint created{};
    TimePoint updated{};
    // The review that a service is asked for besides: a JSON object in the words of the asking API;
    // empty: none.
    std::string review{};
};
template <class V>
void fields(V& v, Of<Procedure, V> p) {
    v("name", p.name);
    v("comment", p.comment);
    v("works", p.works);
    v("created", p.created);
    v("updated", p.updated);
    v("review", p.review);
}

}  // namespace hookreel::model
