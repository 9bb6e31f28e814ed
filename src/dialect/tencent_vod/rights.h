// Which right of a key pair an action asks for.
//
// A pure function of the action's name, so that an action that is added needs no row: what only
// looks is `read`, and what is not known to do less is `write`.
#pragma once

#include <string_view>

#include "model/access_key.h"

namespace hookreel::dialect::tencent_vod {

model::Right right_of(std::string_view action);

}  // namespace hookreel::dialect::tencent_vod
