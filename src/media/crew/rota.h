// At which of several queues to look first, so that what is urgent goes first and nobody waits for
// ever.
//
// The queues are in order of urgency, and the first that has something is served. But every 8th
// lease is somebody's turn: the first queue with something after the one that had the last turn. So
// while n queues have something, each is served at least once in 8 n leases, and within a queue the
// oldest goes first. In memory only: a restart counts anew. Pure; threads: one.
#pragma once

#include <cstddef>
#include <vector>

namespace hookreel::media {

class Rota {
 public:
    static constexpr std::size_t turn_every = 8;

    explicit Rota(std::size_t queues) : queues_(queues) {}

    // The queues, by number, as they are to be looked at for the next lease.
    std::vector<std::size_t> order() const;
    // That one had something.
    void serve(std::size_t queue);

 private:
    bool is_turn() const { return (served_ + 1) % turn_every == 0; }

    std::size_t queues_;
    std::size_t served_ = 0;
    std::size_t next_turn_ = 0;
};

}  // namespace hookreel::media
