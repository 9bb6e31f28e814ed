#include "dialect/tencent_vod/actions/actions.h"

#include <array>

#include "dialect/tencent_vod/actions/applications/application_actions.h"
#include "dialect/tencent_vod/actions/editing/editing_actions.h"
#include "dialect/tencent_vod/actions/events/event_actions.h"
#include "dialect/tencent_vod/actions/library/library_actions.h"
#include "dialect/tencent_vod/actions/tasks/task_actions.h"
#include "dialect/tencent_vod/actions/templates/template_actions.h"
#include "dialect/tencent_vod/actions/uploads/upload_actions.h"
#include "dialect/tencent_vod/events/external_json.h"

namespace hookreel::dialect::tencent_vod {
namespace {

struct Row {
    std::string_view action;
    Function function;
};

constexpr std::array rows = {
    Row{"ApplyUpload", apply_upload},
    Row{"CommitUpload", commit_upload},
    Row{"ComposeMedia", compose_media},
    Row{"ConfirmEvents", confirm_events},
    Row{"CreateAdaptiveDynamicStreamingTemplate", create_adaptive_dynamic_streaming_template},
    Row{"CreateAnimatedGraphicsTemplate", create_animated_graphics_template},
    Row{"CreateHeadTailTemplate", create_head_tail_template},
    Row{"CreateImageSpriteTemplate", create_image_sprite_template},
    Row{"CreateProcedureTemplate", create_procedure_template},
    Row{"CreateSampleSnapshotTemplate", create_sample_snapshot_template},
    Row{"CreateSnapshotByTimeOffsetTemplate", create_snapshot_by_time_offset_template},
    Row{"CreateSubAppId", create_sub_app_id},
    Row{"CreateTranscodeTemplate", create_transcode_template},
    Row{"CreateWatermarkTemplate", create_watermark_template},
    Row{"DeleteAdaptiveDynamicStreamingTemplate", delete_adaptive_dynamic_streaming_template},
    Row{"DeleteAnimatedGraphicsTemplate", delete_animated_graphics_template},
    Row{"DeleteHeadTailTemplate", delete_head_tail_template},
    Row{"DeleteImageSpriteTemplate", delete_image_sprite_template},
    Row{"DeleteMedia", delete_media},
    Row{"DeleteProcedureTemplate", delete_procedure_template},
    Row{"DeleteSampleSnapshotTemplate", delete_sample_snapshot_template},
    Row{"DeleteSnapshotByTimeOffsetTemplate", delete_snapshot_by_time_offset_template},
    Row{"DeleteTranscodeTemplate", delete_transcode_template},
    Row{"DeleteWatermarkTemplate", delete_watermark_template},
    Row{"DescribeAdaptiveDynamicStreamingTemplates", describe_adaptive_dynamic_streaming_templates},
    Row{"DescribeAnimatedGraphicsTemplates", describe_animated_graphics_templates},
    Row{"DescribeEventConfig", describe_event_config},
    Row{"DescribeEventsState", describe_events_state},
    Row{"DescribeHeadTailTemplates", describe_head_tail_templates},
    Row{"DescribeImageSpriteTemplates", describe_image_sprite_templates},
    Row{"DescribeMediaInfos", describe_media_infos},
    Row{"DescribeProcedureTemplates", describe_procedure_templates},
    Row{"DescribeSampleSnapshotTemplates", describe_sample_snapshot_templates},
    Row{"DescribeSnapshotByTimeOffsetTemplates", describe_snapshot_by_time_offset_templates},
    Row{"DescribeSubAppIds", describe_sub_app_ids},
    Row{"DescribeTaskDetail", describe_task_detail},
    Row{"DescribeTasks", describe_tasks},
    Row{"DescribeTranscodeTemplates", describe_transcode_templates},
    Row{"DescribeWatermarkTemplates", describe_watermark_templates},
    Row{"EditMedia", edit_media},
    Row{"ManageTask", manage_task},
    Row{"ModifyAdaptiveDynamicStreamingTemplate", modify_adaptive_dynamic_streaming_template},
    Row{"ModifyAnimatedGraphicsTemplate", modify_animated_graphics_template},
    Row{"ModifyEventConfig", modify_event_config},
    Row{"ModifyHeadTailTemplate", modify_head_tail_template},
    Row{"ModifyImageSpriteTemplate", modify_image_sprite_template},
    Row{"ModifyMediaInfo", modify_media_info},
    Row{"ModifySampleSnapshotTemplate", modify_sample_snapshot_template},
    Row{"ModifySnapshotByTimeOffsetTemplate", modify_snapshot_by_time_offset_template},
    Row{"ModifyTranscodeTemplate", modify_transcode_template},
    Row{"ModifyWatermarkTemplate", modify_watermark_template},
    Row{"ParseStreamingManifest", parse_streaming_manifest},
    Row{"ProcessMedia", process_media},
    Row{"ProcessMediaByProcedure", process_media_by_procedure},
    Row{"ProcessMediaByUrl", process_media_by_url},
    Row{"PullEvents", pull_events},
    Row{"PullUpload", pull_upload},
    Row{"ResetProcedureTemplate", reset_procedure_template},
    Row{"SearchMedia", search_media},
};

}  // namespace

Function find_function(const schema::Action& action) {
    const auto found = std::ranges::find(rows, action.name, &Row::action);
    if (found != rows.end()) return found->function;
    return find_external_action(action.name) ? external_work : nullptr;
}

}  // namespace hookreel::dialect::tencent_vod
