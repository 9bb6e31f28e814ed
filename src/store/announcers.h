// All dialects' announcers as one: an event is stored once, with everybody's entries.
//
// Threads: any.
#pragma once

#include <vector>

#include "store/announcer.h"

namespace hookreel::store {

class Announcers final : public Announcer {
 public:
    // At least one; they outlive this. The first one that has a body for the archive gives it.
    explicit Announcers(std::vector<const Announcer*> all) : all_(std::move(all)) {}

    NewEvent announce(const model::Event& event) const override;

 private:
    std::vector<const Announcer*> all_;
};

}  // namespace hookreel::store
