// The procedures of applications: kept, changed, found, and made into tasks.
//
// All of an application's own are one record, so that their number and names are checked by the
// commit that writes them. A task keeps the works of the procedure that it was made of, whatever
// becomes of that. Threads: any loop. Durability: what returned success is on disk.
#pragma once

#include "base/clock.h"
#include "media/files/procedures.h"
#include "media/procedures/preset_procedures.h"
#include "model/procedure.h"

namespace hookreel::media {

inline constexpr std::size_t procedures_max = 50;  // Of an application, besides the presets.

class LocalProcedures final : public Procedures {
 public:
    // All that is given outlives this.
    LocalProcedures(store::Store& store, const Clock& clock) : store_(store), clock_(clock) {}

    // Errors: conflict (the name is taken, also by a preset), too_large (there are 50, or 1 MiB of
    // them), unavailable.
    Task<Result<void>> create(model::ApplicationId application, model::Procedure procedure);
    // Replaces all but the time of its creation. Errors: not_found (also a preset), too_large,
    // unavailable.
    Task<Result<void>> reset(model::ApplicationId application, model::Procedure procedure);
    // Errors: not_found (also a preset), unavailable.
    Task<Result<void>> remove(model::ApplicationId application, std::string name);

    // An own one or a preset. Errors: not_found, unavailable.
    Task<Result<model::Procedure>> find(model::ApplicationId application, std::string name);
    // Its own, oldest first. Errors: unavailable.
    Task<Result<std::vector<model::Procedure>>> own(model::ApplicationId application);

    Task<Result<PreparedTask>> prepare(ProcedureRequest request) override;

 private:
    store::Store& store_;
    const Clock& clock_;
};

}  // namespace hookreel::media
