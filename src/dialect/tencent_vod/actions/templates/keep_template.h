// What the actions that create, change and delete templates do, of whatever kind they are.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "dialect/tencent_vod/actions/frame/call.h"
#include "dialect/tencent_vod/protocol/json_text.h"
#include "dialect/tencent_vod/protocol/schema.h"
#include "media/templates/local_templates.h"

namespace hookreel::dialect::tencent_vod {

// Keeps it for the application of the call, and answers with its number. `full` is what a caller is
// told when the application has as many as it may have: LimitExceeded.TooMuchTemplate.
template <class Template>
Task<Answer<std::string>> create_template(const Call& call, Answer<Template> made,
                                          std::string_view full) {
    if (!made) co_return std::unexpected(std::move(made.error()));
    const Result<std::uint64_t> definition = co_await call.with.templates.shelf<Template>().create(
        call.application_id(), std::move(*made));
    if (definition) co_return write_members({{"Definition", *definition}});
    co_return failed(call, definition.error(),
                     {{Code::too_large, "LimitExceeded.TooMuchTemplate", std::string(full)}});
}

// What the call says in place of what a template says itself; both together are held to the rules
// of the action that creates such templates, whose parameters `read` takes.
template <class Template>
Answer<Template> read_changed(json::object described, const Members& change,
                              std::string_view create_action,
                              Answer<Template> (*read)(const Members& parameters)) {
    for (const auto& [name, value] : change.as_object())
        described[name] = value;
    const schema::Object& type = *schema::find_action(create_action)->input;
    const Answer<json::object> request = check_object(type, described, Unknown::ignored);
    if (!request) return std::unexpected(request.error());
    return read(Members(*request));
}

inline constexpr ErrorRule no_own_template = {
    Code::not_found, "ResourceNotFound.TemplateNotExist",
    "The application made no such template of this Definition. Presets can be neither changed nor "
    "deleted."};

// `change` makes of the template that the call names by Definition what the call says of it.
template <class Template>
Task<Answer<std::string>> modify_template(const Call& call,
                                          Answer<Template> (*change)(const Template& now,
                                                                     const Members& change)) {
    Answer<Template> changed;
    const auto put = [&](const Template& now) -> Result<Template> {
        changed = change(now, call.parameters);
        if (!changed) return fail(Code::invalid, "as the answer says");
        return *changed;
    };
    const Result<void> done = co_await call.with.templates.shelf<Template>().modify(
        call.application_id(), *call.parameters.natural("Definition"), put);
    if (!changed) co_return std::unexpected(std::move(changed.error()));
    if (!done) co_return failed(call, done.error(), {no_own_template});
    co_return std::string();
}

template <class Template>
Task<Answer<std::string>> delete_template(const Call& call) {
    const Result<void> done = co_await call.with.templates.shelf<Template>().remove(
        call.application_id(), *call.parameters.natural("Definition"));
    if (!done) co_return failed(call, done.error(), {no_own_template});
    co_return std::string();
}

}  // namespace hookreel::dialect::tencent_vod
