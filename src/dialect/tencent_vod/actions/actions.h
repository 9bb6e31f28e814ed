// The actions that are built. A new one is a function on its shelf and a row in the table of
// actions.cc.
#pragma once

#include "dialect/tencent_vod/actions/frame/call.h"

namespace hookreel::dialect::tencent_vod {

// Null for an action that the definition knows and this server does not perform yet.
Function find_function(const schema::Action& action);

}  // namespace hookreel::dialect::tencent_vod
