// SessionId, SessionContext and TasksPriority among the parameters, as every action that asks for
// work has them. Pure functions.
#pragma once

#include <initializer_list>
#include <string_view>
#include <utility>

#include "dialect/tencent_vod/protocol/errors.h"
#include "dialect/tencent_vod/protocol/parameters.h"
#include "dialect/tencent_vod/protocol/schema.h"

namespace hookreel::dialect::tencent_vod {

struct SessionParts {
    std::string id;             // Of at most 50 characters (spec d).
    std::string context;        // Of at most 1000 (spec c.1, Rules).
    std::int64_t priority = 0;  // From -10 to 10.
};
// Errors: the code of the parameter where the action lists one, else InvalidParameterValue.
Answer<SessionParts> read_session(const schema::Action& action, const Members& parameters);

// The request with them.
template <class Request>
Answer<Request> with_session(Request request, const schema::Action& action,
                             const Members& parameters) {
    Answer<SessionParts> session = read_session(action, parameters);
    if (!session) return std::unexpected(std::move(session.error()));
    request.session_id = std::move(session->id);
    request.session_context = std::move(session->context);
    request.priority = session->priority;
    return request;
}

// The code of a SessionId that was used already.
std::string_view used_session_code(const schema::Action& action);
inline constexpr std::string_view used_session_message =
    "The SessionId was used within the last 3 days.";

}  // namespace hookreel::dialect::tencent_vod
