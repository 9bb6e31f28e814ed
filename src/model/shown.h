// How pictures are seen, other than how they are stored: pure functions of what was probed.
#pragma once

#include "model/media.h"

namespace hookreel::model {

// Whether the sides are exchanged.
inline bool is_turned(const Metadata& metadata) {
    return metadata.rotate == 90 || metadata.rotate == 270;
}

}  // namespace hookreel::model
