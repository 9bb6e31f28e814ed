// CreateImageSpriteTemplate and DescribeImageSpriteTemplates.
#include <fmt/format.h>

#include "dialect/tencent_vod/actions/frame/template_parts.h"
#include "dialect/tencent_vod/actions/templates/create_template.h"
#include "dialect/tencent_vod/actions/templates/describe_templates.h"
#include "dialect/tencent_vod/actions/templates/template_actions.h"
#include "media/ffmpeg/presets.h"

namespace hookreel::dialect::tencent_vod {
namespace {

constexpr std::uint64_t sheet_side_max = 15'000;  // Spec d: pixels.
constexpr std::uint64_t percent_max = 100;
constexpr std::uint64_t seconds_max = 86'400;  // Ours: a day.

// The preset's own cell is smaller than the API lets others be (spec d), and copies of the preset
// are made, also by the platform's sample.
bool is_preset_cell(const Members& parameters) {
    const model::SpriteTemplate& preset = media::sprite_preset();
    return parameters.natural("Width") == std::uint64_t(preset.width) &&
           parameters.natural("Height") == std::uint64_t(preset.height);
}

Answer<PictureSides> read_cell(const Members& parameters) {
    return read_sides(parameters, {.side_min = is_preset_cell(parameters) ? 1u : 128u,  // Spec d.
                                   .side_max = 4096,
                                   .sides_code = "InvalidParameterValue.Resolution",
                                   .fill_code = "InvalidParameterValue",
                                   .fills = {"stretch", "black"}});
}

// How many cells there are on one side of a sheet, each so many pixels wide or more.
Answer<int> read_count(const Members& parameters, std::string_view name, int cell_side) {
    const std::uint64_t count = *parameters.natural(name);
    const std::uint64_t count_max =
        sheet_side_max / static_cast<std::uint64_t>(std::max(cell_side, 1));
    if (count < 1 || count > count_max)
        return refuse(fmt::format("InvalidParameterValue.{}", name),
                      fmt::format("{} must be from 1 to {}: a side of a sheet has at most 15000 "
                                  "pixels.",
                                  name, count_max));
    return static_cast<int>(count);
}

Answer<model::SpriteTemplate> read_samples(const Members& parameters, model::SpriteTemplate made) {
    const Result<model::SampleType> type =
        parse_enum<model::SampleType>(*parameters.text("SampleType"));
    if (!type)
        return refuse("InvalidParameterValue.SampleType", "SampleType must be Percent or Time.");
    const std::uint64_t interval = *parameters.natural("SampleInterval");
    const std::uint64_t interval_max =
        *type == model::SampleType::percent ? percent_max : seconds_max;
    if (interval < 1 || interval > interval_max)
        return refuse("InvalidParameterValue.SampleInterval",
                      fmt::format("SampleInterval must be from 1 to {}.", interval_max));
    made.sample_type = *type;
    made.interval = static_cast<int>(interval);
    const Answer<int> rows = read_count(parameters, "RowCount", made.height);
    if (!rows) return std::unexpected(rows.error());
    const Answer<int> columns = read_count(parameters, "ColumnCount", made.width);
    if (!columns) return std::unexpected(columns.error());
    made.rows = *rows;
    made.columns = *columns;
    return made;
}

Answer<model::SpriteTemplate> read_template(const Members& parameters) {
    Answer<TemplateWords> words = read_words(parameters);
    if (!words) return std::unexpected(std::move(words.error()));
    const Answer<PictureSides> cell = read_cell(parameters);
    if (!cell) return std::unexpected(cell.error());
    const Answer<model::ImageFormat> format = read_format(parameters, "InvalidParameterValue");
    if (!format) return std::unexpected(format.error());
    model::SpriteTemplate made{.width = cell->width,
                               .height = cell->height,
                               .sides = cell->sides,
                               .fill = cell->fill,
                               .format = *format,
                               .name = std::move(words->name),
                               .comment = std::move(words->comment)};
    return read_samples(parameters, std::move(made));
}

json::object sprite_template(const model::SpriteTemplate& one) {
    const std::string time = template_time(one.definition, one.created);
    return {{"Definition", one.definition},
            {"Type", template_type(one.definition)},
            {"Name", one.name},
            {"Width", std::uint64_t(one.width)},
            {"Height", std::uint64_t(one.height)},
            {"ResolutionAdaptive", resolution_adaptive(one.sides)},
            {"SampleType", name(one.sample_type)},
            {"SampleInterval", std::uint64_t(one.interval)},
            {"RowCount", std::uint64_t(one.rows)},
            {"ColumnCount", std::uint64_t(one.columns)},
            {"CreateTime", time},
            {"UpdateTime", time},
            {"FillType", name(one.fill)},
            {"Comment", one.comment},
            {"Format", name(one.format)}};
}

}  // namespace

Task<Answer<std::string>> create_image_sprite_template(const Call& call) {
    return create_template(call, read_template(call.parameters),
                           "There are 16 sprite templates, which is the most.");
}

Task<Answer<std::string>> describe_image_sprite_templates(const Call& call) {
    const auto collect = [](const model::OwnTemplates& own) {
        return after_preset(media::sprite_preset(), own.sprites);
    };
    const TemplateKind<model::SpriteTemplate> kind{sprite_template, "ImageSpriteTemplateSet"};
    return describe_templates(call, call.parameters.naturals("Definitions"), kind, collect);
}

}  // namespace hookreel::dialect::tencent_vod
