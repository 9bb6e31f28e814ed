// What the actions that create a template do with it, of whatever kind it is.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "dialect/tencent_vod/actions/frame/call.h"
#include "dialect/tencent_vod/protocol/json_text.h"
#include "media/files/templates.h"

namespace hookreel::dialect::tencent_vod {

// Keeps it for the application of the call, and answers with its number. `full` is what a caller is
// told when the application has as many as it may have: LimitExceeded.TooMuchTemplate.
template <class Template>
Task<Answer<std::string>> create_template(const Call& call, Answer<Template> made,
                                          std::string_view full) {
    if (!made) co_return std::unexpected(std::move(made.error()));
    const Result<std::uint64_t> definition =
        co_await call.with.templates.create(call.application_id(), std::move(*made));
    if (definition) co_return write_members({{"Definition", *definition}});
    co_return failed(call, definition.error(),
                     {{Code::too_large, "LimitExceeded.TooMuchTemplate", std::string(full)}});
}

}  // namespace hookreel::dialect::tencent_vod
