// Tells whether a request of Standard Webhooks 1.0.0 is genuine and fresh, and if not, why
// ("Verifying signatures"). The signature is over "<id>.<seconds>.<body>", the bytes as they came.
//
// Genuine: one of its signatures fits one of the receiver's keys; `v1` is compared in constant
// time. Fresh: its timestamp is at most 5 minutes off, in either direction. That it came twice is
// not noticed: a receiver remembers ids. Pure functions.
#pragma once

#include <array>
#include <expected>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "http/message.h"
#include "model/secrets.h"

namespace hookreel::dialect::standard {

inline constexpr Duration timestamp_tolerance = std::chrono::minutes(5);
inline constexpr std::size_t signatures_max = 32;  // Of one request.

enum class Reason {
    missing,      // A webhook-* field is not there, or empty.
    malformed,    // A field breaks its form, is there twice, or holds too many signatures.
    too_old,      // Sent more than the tolerance ago: a recording, or a clock is wrong.
    too_new,      // Sent more than the tolerance from now: a clock is wrong.
    unsupported,  // No signature of a kind for which there is a key.
    wrong,        // None fits: another secret, or something was changed on its way.
};
constexpr std::array<std::string_view, 6> names(Reason*) {
    return {"missing", "malformed", "too_old", "too_new", "unsupported", "wrong"};
}

// The detail is for people. It names the field, and never tells what would have been right.
struct Refusal {
    Reason reason = Reason::wrong;
    std::string detail;
};

struct Verified {
    std::string id;       // The same in every attempt; without a '.'.
    TimePoint sent{};     // By the clock of the sender.
    std::size_t key = 0;  // Which of the keys fits, the first of them.
};

// `headers` and `body` as they came; an id with a '.' is malformed, because then the signed text
// could be cut in two ways. Signatures of unknown versions are passed over. The fields are looked
// at before the time, the time before the signatures.
std::expected<Verified, Refusal> verify(std::span<const model::VerifyingKey> keys,
                                        const http::Headers& headers, std::string_view body,
                                        TimePoint now);

}  // namespace hookreel::dialect::standard
