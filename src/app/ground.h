// What must stand before the address of a server is known: its folder, its store, and what of the
// store is kept at hand.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/config.h"
#include "base/async.h"
#include "base/log.h"
#include "model/application.h"
#include "store/access_keys.h"
#include "store/applications.h"
#include "store/consumers.h"
#include "store/endpoints.h"
#include "store/sqlite/sqlite_store.h"

namespace hookreel::app {

struct Ground {
    std::string data_folder;  // Absolute.
    std::unique_ptr<store::SqliteStore> store;
    std::unique_ptr<store::Applications> applications;
    std::unique_ptr<store::Endpoints> endpoints;
    std::unique_ptr<store::Consumers> consumers;
    std::unique_ptr<store::AccessKeys> keys;
    std::optional<model::KeyPair> new_keys;  // Made now: they are told once.
};

// Makes the folder if need be, opens the store and reads what is kept at hand. Errors: those of the
// folder and the store, with what to do about them. `clock` and `log` outlive it.
Task<Result<Ground>> lay_ground(const Config& config, const Clock& clock, const Log& log);

}  // namespace hookreel::app
