// Deadlines of many connections, watched by one timer of the loop.
//
// A timer per operation costs more than the operation; here, setting a deadline is two stores. The
// timer runs only while some deadline is set, sweeps over all of them when the earliest is due, and
// ends with the last Deadline. A deadline may come late by a sixteenth of its duration, at most a
// second, so that those near each other share a wake-up. Threads: one loop.
#pragma once

#include <boost/intrusive/list.hpp>
#include <chrono>
#include <functional>
#include <memory>

#include "base/async.h"

namespace hookreel::http {

class Deadline;

class DeadlineSweep {
 public:
    using Time = std::chrono::steady_clock::time_point;

    explicit DeadlineSweep(Executor executor);
    ~DeadlineSweep();
    DeadlineSweep(const DeadlineSweep&) = delete;
    DeadlineSweep& operator=(const DeadlineSweep&) = delete;

 private:
    friend class Deadline;
    struct State;

    std::shared_ptr<State> state_;
};

// One deadline, which can be set again and again. It is cleared before `on_expired` is called, and
// when it is destroyed; `on_expired` may destroy other deadlines, but not its own. It is not set
// any more after its sweep ended.
class Deadline : public boost::intrusive::list_base_hook<
                     boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
    Deadline(DeadlineSweep& sweep, std::move_only_function<void()> on_expired);
    ~Deadline();
    Deadline(const Deadline&) = delete;
    Deadline& operator=(const Deadline&) = delete;

    // From `now` on; replaces what was set.
    void set(Duration duration, DeadlineSweep::Time now = std::chrono::steady_clock::now());
    void clear() { at_ = DeadlineSweep::Time::max(); }

 private:
    friend struct DeadlineSweep::State;

    DeadlineSweep::Time at_ = DeadlineSweep::Time::max();
    std::move_only_function<void()> on_expired_;
    DeadlineSweep::State* state_;
};

}  // namespace hookreel::http
