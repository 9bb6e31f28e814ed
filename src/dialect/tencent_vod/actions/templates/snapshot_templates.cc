// CreateSnapshotByTimeOffsetTemplate, DescribeSnapshotByTimeOffsetTemplates,
// ModifySnapshotByTimeOffsetTemplate and DeleteSnapshotByTimeOffsetTemplate.
#include "dialect/tencent_vod/actions/frame/template_parts.h"
#include "dialect/tencent_vod/actions/templates/describe_templates.h"
#include "dialect/tencent_vod/actions/templates/keep_template.h"
#include "dialect/tencent_vod/actions/templates/picture_recipe.h"
#include "dialect/tencent_vod/actions/templates/template_actions.h"
#include "media/ffmpeg/presets.h"

namespace hookreel::dialect::tencent_vod {
namespace {

Answer<model::SnapshotTemplate> read_template(const Members& parameters) {
    return read_picture(parameters);
}

Answer<model::SnapshotTemplate> change_template(const model::SnapshotTemplate& now,
                                                const Members& change) {
    return read_changed(picture(now), change, "CreateSnapshotByTimeOffsetTemplate", read_template);
}

}  // namespace

Task<Answer<std::string>> create_snapshot_by_time_offset_template(const Call& call) {
    return create_template(call, read_template(call.parameters),
                           "There are 16 snapshot templates, which is the most.");
}

Task<Answer<std::string>> describe_snapshot_by_time_offset_templates(const Call& call) {
    const auto collect = [](const model::OwnTemplates& own) {
        return after_presets(std::span(&media::snapshot_preset(), 1), own.snapshots);
    };
    const TemplateKind<model::SnapshotTemplate> kind{picture, "SnapshotByTimeOffsetTemplateSet"};
    return describe_templates(call, call.parameters.naturals("Definitions"), kind, collect);
}

Task<Answer<std::string>> modify_snapshot_by_time_offset_template(const Call& call) {
    return modify_template(call, change_template);
}

Task<Answer<std::string>> delete_snapshot_by_time_offset_template(const Call& call) {
    return delete_template<model::SnapshotTemplate>(call);
}

}  // namespace hookreel::dialect::tencent_vod
