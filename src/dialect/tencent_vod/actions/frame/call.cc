#include "dialect/tencent_vod/actions/frame/call.h"

#include "media/files/quota.h"

namespace hookreel::dialect::tencent_vod {

std::string note_trouble(const Call& call, std::string_view url) {
    if (!call.with.callback_trouble || url.empty()) return {};
    std::string trouble = call.with.callback_trouble(url);
    if (!trouble.empty()) call.notes.set(warning_header, trouble);
    return trouble;
}

std::unexpected<WireError> failed(const Call& call, const Error& error,
                                  std::initializer_list<ErrorRule> rules) {
    // Spec a.5, a common code: no action lists one for it.
    if (media::is_over_quota(error)) return refuse("LimitExceeded", error.detail);
    if (error.code == Code::internal || error.code == Code::unavailable)
        call.with.log.error("an API call failed", {{"action", call.action.name},
                                                   {"application", call.application_id().value()},
                                                   {"error", name(error.code)},
                                                   {"detail", error.detail}});
    return std::unexpected(wire_error(call.action, error, rules));
}

}  // namespace hookreel::dialect::tencent_vod
