#include "model/access_key.h"

#include <algorithm>

namespace hookreel::model {

bool AccessKey::may(Right right) const {
    return std::ranges::find(rights, right) != rights.end();
}

}  // namespace hookreel::model
