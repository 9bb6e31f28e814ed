// CreateHeadTailTemplate, DescribeHeadTailTemplates, ModifyHeadTailTemplate and
// DeleteHeadTailTemplate.
#include <fmt/format.h>

#include <algorithm>

#include "dialect/tencent_vod/actions/frame/template_parts.h"
#include "dialect/tencent_vod/actions/templates/create_template.h"
#include "dialect/tencent_vod/actions/templates/template_actions.h"
#include "dialect/tencent_vod/protocol/json_text.h"

namespace hookreel::dialect::tencent_vod {
namespace {

constexpr std::size_t candidates_max = 5;  // SDK, CreateHeadTailTemplate.

using Candidates = std::optional<std::vector<model::FileId>>;

// Given and empty, a list becomes empty.
Answer<Candidates> read_candidates(const Members& parameters, std::string_view member) {
    if (!parameters.as_object().contains(member)) return Candidates();
    const std::vector<std::string> ids = parameters.texts(member);
    if (ids.size() > candidates_max)
        return refuse("InvalidParameterValue", fmt::format("{} may have 5 files.", member));
    const auto is_wrong = [](const std::string& id) {
        return id.empty() || id.size() > file_id_bytes_max;
    };
    if (std::ranges::any_of(ids, is_wrong))
        return refuse("InvalidParameterValue", fmt::format("{} takes FileIds.", member));
    std::vector<model::FileId> files;
    for (const std::string& id : ids)
        files.emplace_back(id);
    return Candidates(std::move(files));
}

Answer<media::HeadTailChange> read_change(const Members& parameters) {
    const Answer<TemplateWords> words = read_words(parameters);
    if (!words) return std::unexpected(words.error());
    media::HeadTailChange change;
    if (parameters.text("Name")) change.name = words->name;
    if (parameters.text("Comment")) change.comment = words->comment;
    Answer<Candidates> heads = read_candidates(parameters, "HeadCandidateSet");
    if (!heads) return std::unexpected(std::move(heads.error()));
    change.heads = std::move(*heads);
    Answer<Candidates> tails = read_candidates(parameters, "TailCandidateSet");
    if (!tails) return std::unexpected(std::move(tails.error()));
    change.tails = std::move(*tails);
    if (!parameters.has("FillType")) return change;
    const Result<model::Fill> fill = parse_enum<model::Fill>(*parameters.text("FillType"));
    if (!fill)
        return refuse("InvalidParameterValue.Type",
                      "FillType must be stretch, black, white or gauss.");
    change.fill = *fill;
    return change;
}

Answer<model::HeadTailTemplate> read_template(const Members& parameters) {
    Answer<media::HeadTailChange> said = read_change(parameters);
    if (!said) return std::unexpected(std::move(said.error()));
    model::HeadTailTemplate made;
    made.name = said->name.value_or("");
    made.comment = said->comment.value_or("");
    made.heads = said->heads.value_or(std::vector<model::FileId>());
    made.tails = said->tails.value_or(std::vector<model::FileId>());
    made.fill = said->fill.value_or(model::Fill::stretch);
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

// Of no template when it is negative.
std::uint64_t definition_of(const Call& call) {
    return static_cast<std::uint64_t>(*call.parameters.integer("Definition"));
}

Answer<std::string> changed(const Call& call, const Result<void>& done) {
    if (done) return std::string();
    return failed(call, done.error(),
                  {{Code::not_found, "ResourceNotFound.TemplateNotExist",
                    "There is no template of heads and tails of this Definition."}});
}

}  // namespace

Task<Answer<std::string>> create_head_tail_template(const Call& call) {
    Answer<model::HeadTailTemplate> made = read_template(call.parameters);
    constexpr std::string_view full = "There are 100 templates of heads and tails.";
    co_return co_await create_template(call, std::move(made), full);
}

Task<Answer<std::string>> modify_head_tail_template(const Call& call) {
    Answer<media::HeadTailChange> change = read_change(call.parameters);
    if (!change) co_return std::unexpected(std::move(change.error()));
    const Result<void> done = co_await call.with.templates.modify(
        call.application_id(), definition_of(call), std::move(*change));
    co_return changed(call, done);
}

Task<Answer<std::string>> delete_head_tail_template(const Call& call) {
    const Result<void> done =
        co_await call.with.templates.remove_head_tail(call.application_id(), definition_of(call));
    co_return changed(call, done);
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
