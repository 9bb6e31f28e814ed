// CreateSnapshotByTimeOffsetTemplate and DescribeSnapshotByTimeOffsetTemplates.
#include "dialect/tencent_vod/actions/frame/template_parts.h"
#include "dialect/tencent_vod/actions/templates/create_template.h"
#include "dialect/tencent_vod/actions/templates/describe_templates.h"
#include "dialect/tencent_vod/actions/templates/template_actions.h"
#include "media/ffmpeg/presets.h"

namespace hookreel::dialect::tencent_vod {
namespace {

Answer<model::SnapshotTemplate> read_template(const Members& parameters) {
    const SideRules rules{.side_min = 32,  // Spec d.
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

json::object snapshot_template(const model::SnapshotTemplate& one) {
    const std::string time = template_time(one.definition, one.created);
    return {{"Definition", one.definition},
            {"Type", template_type(one.definition)},
            {"Name", one.name},
            {"Comment", one.comment},
            {"Width", std::uint64_t(one.width)},
            {"Height", std::uint64_t(one.height)},
            {"ResolutionAdaptive", resolution_adaptive(one.sides)},
            {"Format", name(one.format)},
            {"CreateTime", time},
            {"UpdateTime", time},
            {"FillType", name(one.fill)}};
}

}  // namespace

Task<Answer<std::string>> create_snapshot_by_time_offset_template(const Call& call) {
    return create_template(call, read_template(call.parameters),
                           "There are 16 snapshot templates, which is the most.");
}

Task<Answer<std::string>> describe_snapshot_by_time_offset_templates(const Call& call) {
    const auto collect = [](const model::OwnTemplates& own) {
        return after_preset(media::snapshot_preset(), own.snapshots);
    };
    const TemplateKind<model::SnapshotTemplate> kind{snapshot_template,
                                                     "SnapshotByTimeOffsetTemplateSet"};
    return describe_templates(call, call.parameters.naturals("Definitions"), kind, collect);
}

}  // namespace hookreel::dialect::tencent_vod
