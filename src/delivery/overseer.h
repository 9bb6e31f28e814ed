// Writes down what was found of an endpoint's health, and tells its operator.
//
// The change of the endpoint and the event that tells of it are one commit. An endpoint that is
// not in the directory has its health in memory only: nothing is written of it, and it is never
// disabled. Threads: any.
#pragma once

#include "base/log.h"
#include "delivery/ports.h"
#include "store/announcer.h"
#include "store/endpoints.h"

namespace hookreel::delivery {

class EndpointOverseer final : public Overseer {
 public:
    // What it works with outlives it.
    struct Needs {
        store::Endpoints& endpoints;
        const store::Announcer& announcer;
        const Clock& clock;
        const Log& log;
    };
    explicit EndpointOverseer(Needs needs) : needs_(needs) {}

    Task<void> record(model::EndpointId id, Finding finding) override;

 private:
    Needs needs_;
};

}  // namespace hookreel::delivery
