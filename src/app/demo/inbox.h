// The callbacks that came to the demo's receiver, in order, each taken once. Threads: one loop.
#pragma once

#include <deque>
#include <string>

#include "app/client/receiver/receiver.h"
#include "base/async.h"

namespace hookreel::app::demo {

class Inbox {
 public:
    explicit Inbox(Executor executor);

    void put(const client::Callback& callback);
    // The next callback. Errors: timed_out; invalid (it was no JSON object).
    Task<Result<json::object>> take(Duration at_most);
    std::size_t size() const { return callbacks_.size(); }

 private:
    std::deque<Result<json::value>> callbacks_;
    Timer arrival_;
};

}  // namespace hookreel::app::demo
