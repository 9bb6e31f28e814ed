// Recipes: for steps, and for work under a name. What each does is said by the API's definition.
#pragma once

#include "dialect/tencent_vod/actions/frame/call.h"

namespace hookreel::dialect::tencent_vod {

Task<Answer<std::string>> create_adaptive_dynamic_streaming_template(const Call& call);
Task<Answer<std::string>> create_animated_graphics_template(const Call& call);
Task<Answer<std::string>> create_head_tail_template(const Call& call);
Task<Answer<std::string>> create_image_sprite_template(const Call& call);
Task<Answer<std::string>> create_procedure_template(const Call& call);
Task<Answer<std::string>> create_sample_snapshot_template(const Call& call);
Task<Answer<std::string>> create_snapshot_by_time_offset_template(const Call& call);
Task<Answer<std::string>> create_transcode_template(const Call& call);
Task<Answer<std::string>> create_watermark_template(const Call& call);
Task<Answer<std::string>> delete_adaptive_dynamic_streaming_template(const Call& call);
Task<Answer<std::string>> delete_animated_graphics_template(const Call& call);
Task<Answer<std::string>> delete_head_tail_template(const Call& call);
Task<Answer<std::string>> delete_image_sprite_template(const Call& call);
Task<Answer<std::string>> delete_procedure_template(const Call& call);
Task<Answer<std::string>> delete_sample_snapshot_template(const Call& call);
Task<Answer<std::string>> delete_snapshot_by_time_offset_template(const Call& call);
Task<Answer<std::string>> delete_transcode_template(const Call& call);
Task<Answer<std::string>> delete_watermark_template(const Call& call);
Task<Answer<std::string>> describe_adaptive_dynamic_streaming_templates(const Call& call);
Task<Answer<std::string>> describe_animated_graphics_templates(const Call& call);
Task<Answer<std::string>> describe_head_tail_templates(const Call& call);
Task<Answer<std::string>> describe_image_sprite_templates(const Call& call);
Task<Answer<std::string>> describe_procedure_templates(const Call& call);
Task<Answer<std::string>> describe_sample_snapshot_templates(const Call& call);
Task<Answer<std::string>> describe_snapshot_by_time_offset_templates(const Call& call);
Task<Answer<std::string>> describe_transcode_templates(const Call& call);
Task<Answer<std::string>> describe_watermark_templates(const Call& call);
Task<Answer<std::string>> modify_adaptive_dynamic_streaming_template(const Call& call);
Task<Answer<std::string>> modify_animated_graphics_template(const Call& call);
Task<Answer<std::string>> modify_head_tail_template(const Call& call);
Task<Answer<std::string>> modify_image_sprite_template(const Call& call);
Task<Answer<std::string>> modify_sample_snapshot_template(const Call& call);
Task<Answer<std::string>> modify_snapshot_by_time_offset_template(const Call& call);
Task<Answer<std::string>> modify_transcode_template(const Call& call);
Task<Answer<std::string>> modify_watermark_template(const Call& call);
Task<Answer<std::string>> reset_procedure_template(const Call& call);

}  // namespace hookreel::dialect::tencent_vod
