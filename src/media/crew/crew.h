// Workers who take what waits in several queues, so many at once, by the rota.
//
// Idle they sleep in the store, at all queues at the same time, until something comes to one of
// them. Threads: one loop, on which they are made and stopped. Durability: what is taken and what
// waits is the store's; here is nothing that a crash could lose.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "base/log.h"
#include "media/crew/rota.h"
#include "store/store.h"

namespace hookreel::media {

struct CrewOptions {
    std::vector<model::QueueId> queues;  // At least one; the most urgent first.
    int workers = 1;
    Duration hold{60'000};         // Of a lease.
    Duration retry_delay{10'000};  // When the store refuses.
};

class Crew {
 public:
    // Does it, and confirms or gives back the lease, also when it is cancelled. No exceptions.
    using Work = std::function<Task<void>(store::Lease)>;

    // They begin at once. The store and the log outlive them.
    Crew(Executor executor, store::Store& store, const Log& log, CrewOptions options, Work work);

    // Cancels the work under way, gives back what was not begun, and returns when all is done.
    Task<void> stop();

 private:
    struct Taken {
        std::size_t queue;
        store::Lease lease;
    };

    Task<void> attend();
    Task<Result<std::optional<store::Lease>>> next();
    Task<Result<std::optional<Taken>>> look(std::vector<std::size_t> queues);
    Task<Result<std::optional<Taken>>> sleep();
    Task<void> perform(store::Lease lease);
    Task<void> give_back(std::vector<store::Lease> leases);

    store::Store& store_;
    const Log& log_;
    CrewOptions options_;
    Work work_;
    Rota rota_;
    TaskGroup group_;
    Timer freed_;  // Cancelled when a worker is free.
    int busy_ = 0;
    bool stopping_ = false;
};

}  // namespace hookreel::media
