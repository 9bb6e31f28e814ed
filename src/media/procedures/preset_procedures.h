// The procedures that every application has from the start (Tencent 266/14058).
#pragma once

#include <string_view>
#include <vector>

#include "model/procedure.h"

namespace hookreel::media {

// Constant. Those with encrypted streams are known by name; this server does not make them.
const std::vector<model::Procedure>& preset_procedures();
// Null when there is none of that name.
const model::Procedure* find_preset_procedure(std::string_view name);

}  // namespace hookreel::media
