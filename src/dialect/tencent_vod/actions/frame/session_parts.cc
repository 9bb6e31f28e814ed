#include "dialect/tencent_vod/actions/frame/session_parts.h"

#include <fmt/format.h>

namespace hookreel::dialect::tencent_vod {
namespace {

constexpr std::size_t session_id_max = 50;
constexpr std::size_t session_context_max = 1000;
constexpr std::int64_t priority_max = 10;

constexpr std::string_view session_id_code = "InvalidParameterValue.SessionId";

std::string_view first_listed(const schema::Action& action,
                              std::initializer_list<std::string_view> codes) {
    for (const std::string_view code : codes)
        if (action.lists(code)) return code;
    return "InvalidParameterValue";
}

}  // namespace

Answer<SessionParts> read_session(const schema::Action& action, const Members& parameters) {
    SessionParts session{.id = parameters.text_or_empty("SessionId"),
                         .context = parameters.text_or_empty("SessionContext"),
                         .priority = parameters.integer("TasksPriority").value_or(0)};
    if (characters(session.id) > session_id_max)
        return refuse(
            first_listed(action, {"InvalidParameterValue.SessionIdTooLong", session_id_code}),
            fmt::format("SessionId may have {} characters.", session_id_max));
    if (characters(session.context) > session_context_max)
        return refuse(first_listed(action, {"InvalidParameterValue.SessionContextTooLong"}),
                      fmt::format("SessionContext may have {} characters.", session_context_max));
    if (session.priority < -priority_max || session.priority > priority_max)
        return refuse("InvalidParameterValue",
                      fmt::format("TasksPriority must be from -{0} to {0}.", priority_max));
    return session;
}

std::string_view used_session_code(const schema::Action& action) {
    return first_listed(action, {session_id_code});
}

}  // namespace hookreel::dialect::tencent_vod
