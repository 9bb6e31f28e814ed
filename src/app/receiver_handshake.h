// Asks receivers over the outgoing connections of the loop that asks.
//
// Threads: any loop of those that it was given.
#pragma once

#include <vector>

#include "api/resources/handshake.h"
#include "delivery/senders.h"

namespace hookreel::app {

class ReceiverHandshake final : public api::Handshake {
 public:
    // What the places name outlives this.
    explicit ReceiverHandshake(std::vector<delivery::Senders::Place> places)
        : places_(std::move(places)) {}

    Task<Result<double>> ask(model::Endpoint endpoint) override;

 private:
    std::vector<delivery::Senders::Place> places_;
};

}  // namespace hookreel::app
