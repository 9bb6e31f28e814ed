// The senders of all loops, as one: each endpoint is served by one of them, chosen by its id.
//
// Threads: `set`, `remove`, `send_now` and `standings` may be called on any thread while the loops
// run, or before; the changes of one endpoint take effect in the order of the calls.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "delivery/sender.h"

namespace hookreel::delivery {

class Senders {
 public:
    // A loop with the transport that belongs to it.
    struct Place {
        Loop& loop;
        Transport& transport;
    };
    // What the senders share; all outlive them.
    struct Shared {
        store::Store& store;
        const Renderers& renderers;
        const Clock& clock;
        const Log& log;
        Overseer* overseer = nullptr;  // Null: health is kept in memory only.
        SpanSink* spans = nullptr;     // Null: traces are passed on, but not shown.
    };

    // At least one place.
    Senders(std::span<const Place> places, Shared shared, SenderLimits limits = {});
    ~Senders();
    Senders(const Senders&) = delete;
    Senders& operator=(const Senders&) = delete;

    // As those of Sender, soon.
    void set(EndpointPtr endpoint);
    void remove(model::EndpointId id);
    void send_now(model::EndpointId id, model::EventId event);

    // How those of the endpoints are doing that have a sender. Any loop.
    Task<model::Standings> standings(std::vector<model::EndpointId> ids);

    // Stops all senders at the same time; each has `grace`. Called once, on any of the loops.
    Task<void> stop(Duration grace);

    const Counters& counters() const { return counters_; }

 private:
    struct Post;

    Post& post_of(const model::EndpointId& id);

    Counters counters_;
    std::vector<std::unique_ptr<Post>> posts_;
};

}  // namespace hookreel::delivery
