// The flat form of parameters: dotted keys with indices, every value a text.
#pragma once

#include "base/json.h"
#include "dialect/tencent_vod/protocol/errors.h"
#include "dialect/tencent_vod/protocol/schema.h"
#include "dialect/tencent_vod/protocol/signature.h"

namespace hookreel::dialect::tencent_vod {

inline constexpr int flat_depth_max = 16;

// Folds `A.B.0.C=x` into objects and lists and reads each text as the definition's type. Keys that
// the definition does not know are kept as null at the top and dropped below. Memory follows the
// number of pairs, never the size of an index. Errors: InvalidParameter (a text that is not of the
// type, an index with a gap before it, a key given twice, too deep).
Answer<json::object> read_flat_form(const schema::Object& type, const Form& form);

}  // namespace hookreel::dialect::tencent_vod
