// Tells whether a callback is genuine, by the keys of a receiver, and if not, why. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/client/receiver/reading.h"
#include "base/clock.h"
#include "model/secrets.h"

namespace hookreel::app::client {

struct ReceiverKeys {
    std::string sign_key;                      // Of Tencent VOD; empty: not checked.
    std::vector<model::VerifyingKey> secrets;  // Of all other dialects; empty: not checked.
};

enum class Signature {
    unchecked,  // There is no key for it.
    good,
    missing,
    malformed,
    wrong,
    expired,  // T is over.
    too_old,  // The rest: as dialect::standard::Reason.
    too_new,
    unsupported,
};
std::string_view name(Signature signature);

struct Verdict {
    Signature signature = Signature::unchecked;
    std::string detail;  // What was checked, or why not, or what is wrong; for people.
};

// Of Tencent VOD: Sign = MD5(key + T), and T is not yet over (Tencent b.4). Of the others: the
// webhook-* fields, over the raw body.
Verdict check_signature(const ReceiverKeys& keys, const Reading& reading,
                        const http::Headers& headers, std::string_view body, TimePoint now);

}  // namespace hookreel::app::client
