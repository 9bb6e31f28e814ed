#include "dialect/tencent_vod/actions/templates/picture_recipe.h"

#include <fmt/format.h>

#include "dialect/tencent_vod/actions/frame/template_parts.h"

namespace hookreel::dialect::tencent_vod {

Answer<model::SnapshotTemplate> read_picture(const Members& parameters) {
    const SideRules rules{.side_min = 32,
                          .side_max = 4096,
                          .sides_code = "InvalidParameterValue.Resolution",
                          .fill_code = "InvalidParameterValue",
                          .fills = {"stretch", "black", "white", "gauss"}};
    Answer<TemplateWords> words = read_words(parameters);
    if (!words) return std::unexpected(std::move(words.error()));
    const Answer<PictureSides> picture = read_sides(parameters, rules);
    if (!picture) return std::unexpected(picture.error());
    const Answer<model::ImageFormat> format =
        read_format(parameters, "InvalidParameterValue.Format");
    if (!format) return std::unexpected(format.error());
    return model::SnapshotTemplate{.name = std::move(words->name),
                                   .width = picture->width,
                                   .height = picture->height,
                                   .sides = picture->sides,
                                   .fill = picture->fill,
                                   .format = *format,
                                   .comment = std::move(words->comment)};
}

json::object picture(const model::SnapshotTemplate& one) {
    json::object object = described(one);
    object.emplace("Width", std::uint64_t(one.width));
    object.emplace("Height", std::uint64_t(one.height));
    object.emplace("ResolutionAdaptive", resolution_adaptive(one.sides));
    object.emplace("Format", name(one.format));
    object.emplace("FillType", name(one.fill));
    return object;
}

Answer<Sampling> read_sampling(const Members& parameters) {
    constexpr std::uint64_t percent_max = 100;
    constexpr std::uint64_t seconds_max = 86'400;  // Ours: a day.
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
    return Sampling{*type, static_cast<int>(interval)};
}

}  // namespace hookreel::dialect::tencent_vod
