#include "media/crew/rota.h"

namespace hookreel::media {

std::vector<std::size_t> Rota::order() const {
    const std::size_t first = is_turn() ? next_turn_ : 0;
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < queues_; ++i)
        order.push_back((first + i) % queues_);
    return order;
}

void Rota::serve(std::size_t queue) {
    if (is_turn()) next_turn_ = (queue + 1) % queues_;
    ++served_;
}

}  // namespace hookreel::media
