// What the actions about templates have in common. Pure functions.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/tencent_vod/protocol/json_text.h"
#include "dialect/tencent_vod/protocol/parameters.h"
#include "model/template.h"

namespace hookreel::dialect::tencent_vod {

inline constexpr std::size_t template_name_max = 64;      // Characters. Ours: the API names none.
inline constexpr std::size_t template_comment_max = 256;  // The same.

struct TemplateWords {
    std::string name;
    std::string comment;
};
// Errors: InvalidParameterValue.Name, InvalidParameterValue.Comment.
Answer<TemplateWords> read_words(const Members& parameters);

// Which sides a kind of template takes, besides 0. The codes are those that its action lists.
struct SideRules {
    std::uint64_t side_min = 0;
    std::uint64_t side_max = 0;
    std::string_view sides_code;  // For ResolutionAdaptive.
    std::string_view fill_code;   // For FillType.
    std::vector<std::string_view> fills;
};
struct PictureSides {
    int width = 0;
    int height = 0;
    model::Sides sides = model::Sides::long_and_short;
    model::Fill fill = model::Fill::black;
};
// Width, Height, ResolutionAdaptive and FillType. Errors: InvalidParameterValue.Width,
// InvalidParameterValue.Height, those of the rules.
Answer<PictureSides> read_sides(const Members& parameters, const SideRules& rules);

// jpg when it is absent.
Answer<model::ImageFormat> read_format(const Members& parameters, std::string_view code);

// "open" or "close".
std::string_view resolution_adaptive(model::Sides sides);

// Which templates are asked for, and which page of them.
struct TemplateQuery {
    std::vector<std::uint64_t> definitions;  // Empty: all.
    std::string type;                        // "Preset", "Custom", or empty: both.
    std::uint64_t offset = 0;
    std::uint64_t limit = 0;

    bool asks_for(std::uint64_t definition) const;
};
// `definitions` is the member of that name. Errors: InvalidParameterValue.Definitions,
// InvalidParameterValue.Limit.
Answer<TemplateQuery> read_page(const Members& parameters, std::vector<std::uint64_t> definitions);
// The same with Type. Errors also: InvalidParameterValue.Type.
Answer<TemplateQuery> read_query(const Members& parameters, std::vector<std::uint64_t> definitions);

inline std::string_view template_type(std::uint64_t definition) {
    return model::is_own_definition(definition) ? "Custom" : "Preset";
}
// Presets are as old as the API.
std::string template_time(std::uint64_t definition, TimePoint time);
// Those of earlier builds could not be changed, and do not say when they were.
template <class Template>
std::string update_time(const Template& one) {
    return template_time(one.definition, std::max(one.created, one.updated));
}

// What templates of all kinds say besides what they do: number, type, words and times.
template <class Template>
json::object described(const Template& one) {
    return {{"Definition", one.definition},
            {"Type", template_type(one.definition)},
            {"Name", one.name},
            {"Comment", one.comment},
            {"CreateTime", template_time(one.definition, one.created)},
            {"UpdateTime", update_time(one)}};
}

struct TemplatePage {
    json::array page;
    std::uint64_t total = 0;
};
// The page of those that are asked for, each written by `write`.
template <class Template, class Write>
TemplatePage template_page(const std::vector<Template>& all, const TemplateQuery& query,
                           Write write) {
    TemplatePage made;
    for (const Template& one : all) {
        if (!query.asks_for(one.definition)) continue;
        if (made.total >= query.offset && made.page.size() < query.limit)
            made.page.push_back(write(one));
        ++made.total;
    }
    return made;
}

}  // namespace hookreel::dialect::tencent_vod
