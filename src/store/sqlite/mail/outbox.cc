#include "store/sqlite/mail/outbox.h"

namespace hookreel::store {

void Outbox::add(const Executor& loop, Job job) {
    for (Parcel& parcel : parcels_) {
        if (parcel.loop != loop) continue;
        parcel.jobs.push_back(std::move(job));
        return;
    }
    parcels_.push_back({loop, {}});
    parcels_.back().jobs.push_back(std::move(job));
}

void Outbox::ring(std::shared_ptr<Waiter> waiter) {
    const Executor loop = waiter->loop();
    add(loop, [waiter = std::move(waiter)] { waiter->wake(); });
}

void Outbox::ring(std::shared_ptr<Bell> bell) {
    const Executor loop = bell->loop();
    add(loop, [bell = std::move(bell)] { bell->ring(); });
}

void Outbox::send() {
    for (Parcel& parcel : parcels_)
        asio::post(parcel.loop, [jobs = std::move(parcel.jobs)]() mutable {
            for (Job& job : jobs)
                job();
        });
    parcels_.clear();
}

}  // namespace hookreel::store
