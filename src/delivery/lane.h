// One endpoint: what is held of its queue, and how much of it may be sent now.
//
// The decisions, without store, timer or coroutine; the sender acts on them. What is `ready` is
// leased and not yet sent, so that a slot that falls free goes on at once. Threads: the sender's
// loop.
#pragma once

#include <array>
#include <boost/container/deque.hpp>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "delivery/ports.h"
#include "delivery/rules/health.h"
#include "delivery/rules/throttle.h"
#include "delivery/slots.h"
#include "model/endpoint.h"
#include "model/standing.h"
#include "store/store.h"

namespace hookreel::delivery {

// What one request carries.
struct Parcel {
    Turn turn = Turn::first;
    std::vector<store::Lease> leases;  // At least one.
    std::vector<std::string> keys{};   // That nothing else may be sent of meanwhile.
};

class Lane {
 public:
    // sends: as far as its limits go. keeps: what waits stays in the queue. buries: what comes goes
    // to the dead letters.
    enum class Mode { sends, keeps, buries };
    // As the metrics count it.
    enum class State { enabled, held_back, paused, disabled };

    // `renderer` is null when nobody speaks the endpoint's dialect. `rules` outlives the lane.
    Lane(EndpointPtr endpoint, const Renderer* renderer, const HealthRules& rules);
    ~Lane();
    Lane(const Lane&) = delete;
    Lane& operator=(const Lane&) = delete;

    // A new URL or state is tried at once, whatever the old one did.
    void set(EndpointPtr endpoint, const Renderer* renderer);
    void remove();

    const model::Endpoint& endpoint() const { return *endpoint_; }
    const Renderer* renderer() const { return renderer_; }
    // Of the endpoint. Errors: invalid.
    const Result<http::Url>& url() const;
    // Without its query, which may hold a receiver's secrets.
    std::string url_to_log() const { return endpoint_->url.substr(0, endpoint_->url.find('?')); }
    const std::shared_ptr<const http::ClientTls>& tls() const { return tls_; }
    bool is_removed() const { return removed_; }
    Mode mode() const;
    State state() const;
    // `clock` is the wall's time at `now`.
    model::Standing standing(Instant now, TimePoint clock) const;
    // Why it buries, for people.
    std::string reason() const;

    // How many more events may be leased now: no more than are sent soon, for what is leased is
    // nobody else's, and is told as being sent.
    int room(Instant now) const;
    // Until something may be sent or leased again; 0: no time to wait for.
    Duration pause(Instant now) const;
    // How long a lease is held: for one send of each slot, and then its own.
    Duration lease_time(Duration margin) const { return 2 * endpoint_->schedule.timeout + margin; }

    void add(std::vector<store::Lease> leases);
    // Whether one more send may begin, as far as this endpoint goes.
    bool may_send(Instant now) const;
    bool has_ready(Turn turn) const;
    bool has_ready() const { return !ready_.empty(); }
    // The oldest ones that find a slot; taken away and counted as in flight. Call it when it
    // may_send.
    std::optional<Parcel> begin(const Slots& slots, Instant now);
    // The same for one that goes before all others.
    Parcel begin(store::Lease lease);
    // `keys`: those of its parcel.
    void end(const std::vector<std::string>& keys);
    int in_flight() const { return in_flight_; }
    Need need() const { return in_flight_ == 0 ? Need::one : Need::more; }
    // What is ready and will not be sent soon, to be given back or buried.
    std::vector<store::Lease> take_unsendable(Instant now);
    std::vector<store::Lease> take_all();
    // The event, if it is ready.
    std::optional<store::Lease> take(const model::EventId& event);

    // Learns from a send that ended.
    void heard(const Send& send, TimePoint now);
    int own_faults() const { return own_faults_; }
    // What is to be written of it; see finding().
    std::optional<Finding> examine(TimePoint now);

    // What the sender has under way for it.
    std::shared_ptr<store::Bell> bell;  // Of its queue; silent when the lane is gone.
    bool watching = false;              // The bell rings when there is something to lease.
    bool feeding = false;               // A lease is being asked for.
    bool reporting = false;             // A finding is being written.
    bool disabling = false;             // And that finding disables it.
    int pending = 0;                    // Timers and requests that come back to it.
    Instant alarm = Instant::max();
    std::array<bool, 4> parked{};  // By line: stands in it for a slot.
    std::optional<State> counted;  // By the metrics.

    bool is_idle() const {
        return ready_.empty() && behind() == 0 && in_flight_ == 0 && pending == 0 && !reporting &&
               parked == std::array<bool, 4>{};
    }

 private:
    // Of an endpoint by key and at most once: what is being sent is spent, so the store lets go
    // what comes after it. Until that has ended it waits here.
    struct Line {
        std::set<std::string, std::less<>> busy_keys;
        std::vector<store::Lease> behind;
    };

    void adopt();
    std::vector<store::Lease> take_behind(std::size_t kept);
    bool finds_slot(const Slots& slots, Turn turn) const;
    bool is_held_back() const;
    std::size_t behind() const { return line_ ? line_->behind.size() : 0; }
    void occupy(Parcel& parcel);
    int batch_max() const;

    EndpointPtr endpoint_;
    const Renderer* renderer_;
    mutable std::unique_ptr<const Result<http::Url>> url_;  // Taken apart when it is first asked.
    const HealthRules& rules_;
    std::shared_ptr<const http::ClientTls> tls_;
    boost::container::deque<store::Lease> ready_;  // Small while it is empty.
    std::size_t ready_again_ = 0;                  // Of these, to be tried again.
    std::unique_ptr<Line> line_;                   // Made when it is first needed.
    int in_flight_ = 0;
    Window window_;
    Pace pace_;
    Breaker breaker_;
    Health health_;
    TimePoint heard_{};   // When a send ended last.
    int own_faults_ = 0;  // In a row.
    bool removed_ = false;
};

}  // namespace hookreel::delivery
