// One request of the client under way: how long it may take, and what must be woken when it has
// to end. Threads: one loop.
#pragma once

#include <boost/intrusive/list.hpp>
#include <optional>
#include <string_view>

#include "base/async.h"
#include "base/result.h"
#include "http/deadline_sweep.h"
#include "http/stream.h"

namespace hookreel::http {

class Exchange : public boost::intrusive::list_base_hook<
                     boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
    Exchange(DeadlineSweep& sweep, Duration timeout);
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    // Until `end_opening` it may take no longer than `limit` from here, and no longer than its
    // time.
    void begin_opening(Duration limit);
    void end_opening();

    // Its time begins anew: something came.
    void renew();

    // On what the next waits are, and what for, as errors say it: "connecting".
    void wait_on(Socket& socket, std::string_view phase);
    void wait_on(Timer& timer, std::string_view phase);
    void enter(std::string_view phase) { phase_ = phase; }
    // Before the socket or the timer is moved or closed.
    void leave() {
        socket_ = nullptr;
        timer_ = nullptr;
    }

    // Ends it with timed_out or cancelled; only the first reason counts.
    void interrupt(Code reason);
    bool is_interrupted() const { return reason_.has_value(); }
    DeadlineSweep::Time begin() const { return begin_; }
    // What is left of its time, or of the time for opening, at least a millisecond.
    Duration left() const;

    // What to say of a wait that failed, or was interrupted; `kind` is the class of the error, such
    // as "reset".
    Error failure(std::string_view kind, const boost::system::error_code& error) const;

 private:
    Duration timeout_;
    Duration limit_;  // What is in force now.
    DeadlineSweep::Time begin_;
    DeadlineSweep::Time end_;  // By that limit.
    Socket* socket_ = nullptr;
    Timer* timer_ = nullptr;
    std::string_view phase_ = "the request";
    std::optional<Code> reason_;
    Deadline deadline_;
};

}  // namespace hookreel::http
