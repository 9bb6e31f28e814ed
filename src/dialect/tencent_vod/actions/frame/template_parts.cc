#include "dialect/tencent_vod/actions/frame/template_parts.h"

#include <fmt/format.h>

#include <algorithm>

namespace hookreel::dialect::tencent_vod {
namespace {

constexpr std::uint64_t limit_default = 10;  // Spec d, DescribeTranscodeTemplates.
constexpr std::uint64_t limit_max = 100;     // The same.
constexpr std::string_view preset_time = "2018-01-01T00:00:00Z";

Answer<int> read_side(const Members& parameters, std::string_view name, const SideRules& rules) {
    const std::uint64_t side = parameters.natural(name).value_or(0);
    if (side != 0 && (side < rules.side_min || side > rules.side_max))
        return refuse(
            fmt::format("InvalidParameterValue.{}", name),
            fmt::format("{} must be 0, or from {} to {}.", name, rules.side_min, rules.side_max));
    return static_cast<int>(side);
}

}  // namespace

Answer<TemplateWords> read_words(const Members& parameters) {
    TemplateWords words{parameters.text_or_empty("Name"), parameters.text_or_empty("Comment")};
    if (characters(words.name) > template_name_max)
        return refuse("InvalidParameterValue.Name", "Name may have 64 characters.");
    if (characters(words.comment) > template_comment_max)
        return refuse("InvalidParameterValue.Comment", "Comment may have 256 characters.");
    return words;
}

Answer<PictureSides> read_sides(const Members& parameters, const SideRules& rules) {
    PictureSides picture;
    const Answer<int> width = read_side(parameters, "Width", rules);
    if (!width) return std::unexpected(width.error());
    const Answer<int> height = read_side(parameters, "Height", rules);
    if (!height) return std::unexpected(height.error());
    picture.width = *width;
    picture.height = *height;
    const std::string adaptive = parameters.text_or_empty("ResolutionAdaptive");
    if (!adaptive.empty() && adaptive != "open" && adaptive != "close")
        return refuse(rules.sides_code, "ResolutionAdaptive must be open or close.");
    if (adaptive == "close") picture.sides = model::Sides::as_named;
    if (!parameters.has("FillType")) return picture;
    const std::string_view fill = *parameters.text("FillType");
    const Result<model::Fill> found = parse_enum<model::Fill>(fill);
    if (!found || std::ranges::find(rules.fills, fill) == rules.fills.end())
        return refuse(rules.fill_code,
                      fmt::format("FillType must be one of {}.", fmt::join(rules.fills, ", ")));
    picture.fill = *found;
    return picture;
}

Answer<model::ImageFormat> read_format(const Members& parameters, std::string_view code) {
    if (!parameters.has("Format")) return model::ImageFormat::jpg;
    const Result<model::ImageFormat> format =
        parse_enum<model::ImageFormat>(*parameters.text("Format"));
    if (!format) return refuse(code, "Format must be jpg, png or webp.");
    return *format;
}

std::string_view resolution_adaptive(model::Sides sides) {
    return sides == model::Sides::long_and_short ? "open" : "close";
}

bool TemplateQuery::asks_for(std::uint64_t definition) const {
    const bool is_named =
        definitions.empty() || std::ranges::find(definitions, definition) != definitions.end();
    return is_named && (type.empty() || type == template_type(definition));
}

Answer<TemplateQuery> read_page(const Members& parameters, std::vector<std::uint64_t> definitions) {
    TemplateQuery query{.definitions = std::move(definitions),
                        .type = {},
                        .offset = parameters.natural("Offset").value_or(0),
                        .limit = parameters.natural("Limit").value_or(limit_default)};
    if (query.definitions.size() > limit_max)
        return refuse("InvalidParameterValue.Definitions", "At most 100 Definitions are taken.");
    if (query.limit > limit_max)
        return refuse("InvalidParameterValue.Limit", "Limit may be at most 100.");
    return query;
}

Answer<TemplateQuery> read_query(const Members& parameters,
                                 std::vector<std::uint64_t> definitions) {
    Answer<TemplateQuery> query = read_page(parameters, std::move(definitions));
    if (!query) return query;
    query->type = parameters.text_or_empty("Type");
    if (!query->type.empty() && query->type != "Preset" && query->type != "Custom")
        return refuse("InvalidParameterValue.Type", "Type must be Preset or Custom.");
    return query;
}

std::string template_time(std::uint64_t definition, TimePoint time) {
    return model::is_own_definition(definition) ? iso8601(time) : std::string(preset_time);
}

}  // namespace hookreel::dialect::tencent_vod
