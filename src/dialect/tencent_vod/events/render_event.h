// What is said of an event: the EventContent text that is stored when it happens, and what is added
// to it each time that it is handed out.
//
// Stored without EventHandle and without Sign and T, which are new at every attempt. Handing out is
// appending to strings, nothing is parsed. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "dialect/tencent_vod/events/media_json.h"
#include "model/endpoint.h"
#include "model/event.h"
#include "store/store.h"

namespace hookreel::dialect::tencent_vod {

// How long a signed callback stays valid (Tencent ModifyEventConfig, SignKey).
inline constexpr std::chrono::seconds callback_validity{600};

// The text to store for the normal callback: null members are left out.
std::string stored_for_callback(const model::Event& event, const MediaUrls& urls);
// The text to store for PullEvents: null members are shown, but for those at the top (open point
// 16).
std::string stored_for_pull(const model::Event& event, const MediaUrls& urls);

// The body of one attempt of a normal callback: the stored text, with `Sign` and `T` at its end
// when there is a key (open point 8). `stored` is a JSON object.
std::string callback_body(std::string_view stored, std::string_view sign_key, TimePoint now);
// MD5(SignKey + T), lower-case hex.
std::string callback_sign(std::string_view sign_key, std::int64_t t);

// Appends one element of PullEvents' EventSet: the handle, what was stored, and the members of all
// other kinds as null.
void append_pulled(std::string& out, const store::Lease& lease);

// Three sends, 5 s each, 1 s and 3 s between them; any answer counts (open point 6).
model::Schedule schedule();

}  // namespace hookreel::dialect::tencent_vod
