#include "store/announcers.h"

#include <algorithm>
#include <iterator>

namespace hookreel::store {

NewEvent Announcers::announce(const model::Event& event) const {
    NewEvent all = all_.front()->announce(event);
    for (std::size_t i = 1; i < all_.size(); ++i) {
        NewEvent more = all_[i]->announce(event);
        std::ranges::move(more.entries, std::back_inserter(all.entries));
        if (!all.body) all.body = std::move(more.body);
    }
    return all;
}

}  // namespace hookreel::store
