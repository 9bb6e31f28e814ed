#include "base/result.h"

namespace hookreel {

std::string_view name(Code code) {
    switch (code) {
        case Code::invalid:
            return "invalid";
        case Code::not_found:
            return "not_found";
        case Code::conflict:
            return "conflict";
        case Code::lease_lost:
            return "lease_lost";
        case Code::too_large:
            return "too_large";
        case Code::denied:
            return "denied";
        case Code::timed_out:
            return "timed_out";
        case Code::network:
            return "network";
        case Code::protocol:
            return "protocol";
        case Code::unavailable:
            return "unavailable";
        case Code::cancelled:
            return "cancelled";
        case Code::internal:
            return "internal";
    }
    return "internal";
}

}  // namespace hookreel
