// CreateHeadTailTemplate, DescribeHeadTailTemplates, ModifyHeadTailTemplate and
// DeleteHeadTailTemplate.
#include <fmt/format.h>

#include <algorithm>

#include "dialect/tencent_vod/actions/frame/template_parts.h"
#include "dialect/tencent_vod/actions/templates/keep_template.h"
#include "dialect/tencent_vod/actions/templates/template_actions.h"
#include "dialect/tencent_vod/protocol/json_text.h"

namespace hookreel::dialect::tencent_vod {
namespace {

constexpr std::size_t candidates_max = 5;  // SDK, CreateHeadTailTemplate.

Answer<std::vector<model::FileId>> read_candidates(const Members& parameters,
                                                   std::string_view member) {
    std::vector<model::FileId> files;
    for (const std::string& id : parameters.texts(member)) {
        if (id.empty() || id.size() > file_id_bytes_max)
            return refuse("InvalidParameterValue", fmt::format("{} takes FileIds.", member));
        files.emplace_back(id);
    }
    if (files.size() > candidates_max)
        return refuse("InvalidParameterValue", fmt::format("{} may have 5 files.", member));
    return files;
}

Answer<model::HeadTailTemplate> read_template(const Members& parameters) {
    Answer<TemplateWords> words = read_words(parameters);
    if (!words) return std::unexpected(std::move(words.error()));
    model::HeadTailTemplate made;
    made.name = std::move(words->name);
    made.comment = std::move(words->comment);
    Answer<std::vector<model::FileId>> heads = read_candidates(parameters, "HeadCandidateSet");
    if (!heads) return std::unexpected(std::move(heads.error()));
    made.heads = std::move(*heads);
    Answer<std::vector<model::FileId>> tails = read_candidates(parameters, "TailCandidateSet");
    if (!tails) return std::unexpected(std::move(tails.error()));
    made.tails = std::move(*tails);
    if (!parameters.has("FillType")) return made;
    const Result<model::Fill> fill = parse_enum<model::Fill>(*parameters.text("FillType"));
    if (!fill)
        return refuse("InvalidParameterValue.Type",
                      "FillType must be stretch, black, white or gauss.");
    made.fill = *fill;
    return made;
}

json::array file_set(const std::vector<model::FileId>& files) {
    json::array set;
    for (const model::FileId& file : files)
        set.emplace_back(file.text());
    return set;
}

json::object head_tail_template(const model::HeadTailTemplate& one) {
    return {{"Definition", one.definition},
            {"Name", one.name},
            {"Comment", one.comment},
            {"HeadCandidateSet", file_set(one.heads)},
            {"TailCandidateSet", file_set(one.tails)},
            {"FillType", name(one.fill)},
            {"CreateTime", iso8601(one.created)},
            {"UpdateTime", iso8601(one.updated)}};
}

Answer<model::HeadTailTemplate> change_template(const model::HeadTailTemplate& now,
                                                const Members& change) {
    return read_changed(head_tail_template(now), change, "CreateHeadTailTemplate", read_template);
}

}  // namespace

Task<Answer<std::string>> create_head_tail_template(const Call& call) {
    return create_template(call, read_template(call.parameters),
                           "There are 100 templates of heads and tails.");
}

Task<Answer<std::string>> modify_head_tail_template(const Call& call) {
    return modify_template(call, change_template);
}

Task<Answer<std::string>> delete_head_tail_template(const Call& call) {
    return delete_template<model::HeadTailTemplate>(call);
}

Task<Answer<std::string>> describe_head_tail_templates(const Call& call) {
    std::vector<std::uint64_t> definitions;
    for (const std::int64_t one : call.parameters.integers("Definitions"))
        definitions.push_back(static_cast<std::uint64_t>(one));
    const Answer<TemplateQuery> query = read_page(call.parameters, std::move(definitions));
    // The action's list of codes names no parameter.
    if (!query) co_return refuse("InvalidParameterValue", query.error().message);
    const Result<model::OwnTemplates> own = co_await call.with.templates.own(call.application_id());
    if (!own) co_return failed(call, own.error());
    TemplatePage found = template_page(own->heads_tails, *query, head_tail_template);
    json::object object = {{"TotalCount", found.total},
                           {"HeadTailTemplateSet", std::move(found.page)}};
    co_return write_members(with_nulls(std::move(object), *call.action.output));
}

}  // namespace hookreel::dialect::tencent_vod
