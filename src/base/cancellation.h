// Whether somebody asked this task to end.
#pragma once

#include "base/async.h"

namespace hookreel {

// `is_cancelled(co_await asio::this_coro::cancellation_state)`, to be asked after each piece of
// work of a loop: a cancel that comes during the work is remembered, but ends no wait that begins
// after it. The state is handed in because awaiting it never throws; another task would.
inline bool is_cancelled(const asio::cancellation_state& state) {
    return state.cancelled() != asio::cancellation_type::none;
}

}  // namespace hookreel
