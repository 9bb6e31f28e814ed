// CreateImageSpriteTemplate, DescribeImageSpriteTemplates, ModifyImageSpriteTemplate and
// DeleteImageSpriteTemplate.
#include <fmt/format.h>

#include "dialect/tencent_vod/actions/frame/template_parts.h"
#include "dialect/tencent_vod/actions/templates/describe_templates.h"
#include "dialect/tencent_vod/actions/templates/keep_template.h"
#include "dialect/tencent_vod/actions/templates/picture_recipe.h"
#include "dialect/tencent_vod/actions/templates/template_actions.h"
#include "media/ffmpeg/presets.h"

namespace hookreel::dialect::tencent_vod {
namespace {

constexpr std::uint64_t sheet_side_max = 15'000;  // Spec d: pixels.

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
    const Answer<Sampling> sampling = read_sampling(parameters);
    if (!sampling) return std::unexpected(sampling.error());
    made.sample_type = sampling->type;
    made.interval = sampling->interval;
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
    json::object object = described(one);
    object.emplace("Width", std::uint64_t(one.width));
    object.emplace("Height", std::uint64_t(one.height));
    object.emplace("ResolutionAdaptive", resolution_adaptive(one.sides));
    object.emplace("SampleType", name(one.sample_type));
    object.emplace("SampleInterval", std::uint64_t(one.interval));
    object.emplace("RowCount", std::uint64_t(one.rows));
    object.emplace("ColumnCount", std::uint64_t(one.columns));
    object.emplace("FillType", name(one.fill));
    object.emplace("Format", name(one.format));
    return object;
}

Answer<model::SpriteTemplate> change_template(const model::SpriteTemplate& now,
                                              const Members& change) {
    return read_changed(sprite_template(now), change, "CreateImageSpriteTemplate", read_template);
}

}  // namespace

Task<Answer<std::string>> create_image_sprite_template(const Call& call) {
    return create_template(call, read_template(call.parameters),
                           "There are 16 sprite templates, which is the most.");
}

Task<Answer<std::string>> describe_image_sprite_templates(const Call& call) {
    const auto collect = [](const model::OwnTemplates& own) {
        return after_presets(std::span(&media::sprite_preset(), 1), own.sprites);
    };
    const TemplateKind<model::SpriteTemplate> kind{sprite_template, "ImageSpriteTemplateSet"};
    return describe_templates(call, call.parameters.naturals("Definitions"), kind, collect);
}

Task<Answer<std::string>> modify_image_sprite_template(const Call& call) {
    return modify_template(call, change_template);
}

Task<Answer<std::string>> delete_image_sprite_template(const Call& call) {
    return delete_template<model::SpriteTemplate>(call);
}

}  // namespace hookreel::dialect::tencent_vod
