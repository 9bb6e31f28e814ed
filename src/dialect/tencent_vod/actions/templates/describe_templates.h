// What the actions that describe templates do, of whatever kind they are.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dialect/tencent_vod/actions/frame/call.h"
#include "dialect/tencent_vod/actions/frame/template_parts.h"
#include "dialect/tencent_vod/protocol/json_text.h"
#include "media/files/templates.h"

namespace hookreel::dialect::tencent_vod {

// A kind of templates: how one is written, and the member of the answer that has the page.
template <class Template>
struct TemplateKind {
    json::object (*write)(const Template& one);
    const char* set_name;
};

// Answers with the page that the call asks for, among what `collect` makes of the application's own
// templates. `definitions` are those that the call names.
template <class Template, class Collect>
Task<Answer<std::string>> describe_templates(const Call& call,
                                             std::vector<std::uint64_t> definitions,
                                             TemplateKind<Template> kind, Collect collect) {
    const Answer<TemplateQuery> query = read_query(call.parameters, std::move(definitions));
    if (!query) co_return std::unexpected(query.error());
    const Result<model::OwnTemplates> own = co_await call.with.templates.own(call.application_id());
    if (!own) co_return failed(call, own.error());
    const std::vector<Template> all = collect(*own);
    TemplatePage found = template_page(all, *query, kind.write);
    json::object object = {{"TotalCount", found.total}, {kind.set_name, std::move(found.page)}};
    co_return write_members(with_nulls(std::move(object), *call.action.output));
}

// The presets of a kind, before the application's own.
template <class Template>
std::vector<Template> after_presets(std::span<const Template> presets,
                                    const std::vector<Template>& own) {
    std::vector<Template> all(presets.begin(), presets.end());
    all.insert(all.end(), own.begin(), own.end());
    return all;
}

}  // namespace hookreel::dialect::tencent_vod
