// A queue that an application pulls by a name of its own, and what it wants to hear there.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/json.h"
#include "model/endpoint.h"
#include "model/filter.h"
#include "model/ids.h"

namespace hookreel::model {

struct Consumer {
    std::string name;  // 1 to 64 of a-z, A-Z, 0-9, '.', '_' and '-'.
    ApplicationId application;
    EventFilter filter;
    Order order = Order::none;
    TimePoint created{};

    bool operator==(const Consumer&) const = default;
};
template <class V>
void fields(V& v, Of<Consumer, V> c) {
    v("name", c.name);
    v("application", c.application);
    v("filter", c.filter);
    v("order", c.order);
    v("created", c.created);
}

}  // namespace hookreel::model
