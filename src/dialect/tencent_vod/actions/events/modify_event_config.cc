#include <fmt/format.h>

#include <algorithm>

#include "dialect/tencent_vod/actions/events/event_actions.h"
#include "http/url.h"

namespace hookreel::dialect::tencent_vod {
namespace {

// The action lists InvalidParameter only (spec b.1).
std::unexpected<WireError> bad(std::string_view parameter, std::string_view rule) {
    return refuse("InvalidParameter", fmt::format("The parameter `{}` {}.", parameter, rule));
}

// Reads one of an enum's names into `value`, which stays when the parameter is absent.
template <class Enum>
Answer<void> read_name(const Members& parameters, std::string_view parameter, Enum& value) {
    const std::optional<std::string_view> text = parameters.text(parameter);
    if (!text) return {};
    const Result<Enum> parsed = parse_enum<Enum>(*text);
    if (!parsed)
        return bad(parameter, fmt::format("must be {}",
                                          fmt::join(names(static_cast<Enum*>(nullptr)), " or ")));
    value = *parsed;
    return {};
}

Answer<void> read_url(const Members& parameters, std::string& url) {
    const std::optional<std::string_view> text = parameters.text("NotificationUrl");
    if (!text) return {};
    if (!text->empty())
        if (const Result<http::Url> parsed = http::parse_url(*text); !parsed)
            return bad("NotificationUrl",
                       "must be empty or an http(s) URL: " + parsed.error().detail);
    url = *text;
    return {};
}

bool is_alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// Open point 9: empty clears it.
Answer<void> read_sign_key(const Members& parameters, std::string& sign_key) {
    const std::optional<std::string_view> text = parameters.text("SignKey");
    if (!text) return {};
    if (text->size() > 32 || !std::ranges::all_of(*text, is_alphanumeric))
        return bad("SignKey", "must have at most 32 letters and digits");
    sign_key = *text;
    return {};
}

Answer<model::EventSettings> changed(model::EventSettings settings, const Members& parameters) {
    const Answer<void> results[] = {
        read_name(parameters, "Mode", settings.mode),
        read_name(parameters, "UploadMediaCompleteEventSwitch", settings.upload_complete),
        read_name(parameters, "DeleteMediaCompleteEventSwitch", settings.delete_complete),
        read_name(parameters, "PersistenceCompleteEventSwitch", settings.persistence_complete),
        read_url(parameters, settings.notification_url),
        read_sign_key(parameters, settings.sign_key),
    };
    for (const Answer<void>& result : results)
        if (!result) return std::unexpected(result.error());
    return settings;
}

}  // namespace

// Parameters that are absent leave their setting as it is.
Task<Answer<std::string>> modify_event_config(const Call& call) {
    const Answer<model::EventSettings> checked = changed(call.application->events, call.parameters);
    if (!checked) co_return std::unexpected(checked.error());
    // Again on the newest settings: another change may have come first.
    const auto edit = [&call](model::Application& application) {
        application.events = *changed(application.events, call.parameters);
    };
    const Result<store::Applications::Pointer> done =
        co_await call.with.applications.change(call.application_id(), edit);
    if (!done) co_return failed(call, done.error());
    const std::string trouble = note_trouble(call, (*done)->events.notification_url);
    if (!trouble.empty())
        call.with.log.warning("callbacks cannot be sent",
                              {{"application", call.application_id().value()}, {"why", trouble}});
    co_return std::string();
}

}  // namespace hookreel::dialect::tencent_vod
