// CreateAdaptiveDynamicStreamingTemplate, DescribeAdaptiveDynamicStreamingTemplates,
// ModifyAdaptiveDynamicStreamingTemplate and DeleteAdaptiveDynamicStreamingTemplate.
#include "dialect/tencent_vod/actions/templates/adaptive_recipe.h"
#include "dialect/tencent_vod/actions/templates/describe_templates.h"
#include "dialect/tencent_vod/actions/templates/keep_template.h"
#include "dialect/tencent_vod/actions/templates/template_actions.h"
#include "media/ffmpeg/presets.h"

namespace hookreel::dialect::tencent_vod {
namespace {

Answer<model::AdaptiveTemplate> change_template(const model::AdaptiveTemplate& now,
                                                const Members& change) {
    return read_changed(adaptive_template(now), change, "CreateAdaptiveDynamicStreamingTemplate",
                        read_adaptive_template);
}

}  // namespace

Task<Answer<std::string>> create_adaptive_dynamic_streaming_template(const Call& call) {
    return create_template(call, read_adaptive_template(call.parameters),
                           "There are 16 templates of adaptive streams, which is the most.");
}

Task<Answer<std::string>> describe_adaptive_dynamic_streaming_templates(const Call& call) {
    const auto collect = [](const model::OwnTemplates& own) {
        return after_presets(media::adaptive_presets(), own.adaptives);
    };
    const TemplateKind<model::AdaptiveTemplate> kind{adaptive_template,
                                                     "AdaptiveDynamicStreamingTemplateSet"};
    return describe_templates(call, call.parameters.naturals("Definitions"), kind, collect);
}

Task<Answer<std::string>> modify_adaptive_dynamic_streaming_template(const Call& call) {
    return modify_template(call, change_template);
}

Task<Answer<std::string>> delete_adaptive_dynamic_streaming_template(const Call& call) {
    return delete_template<model::AdaptiveTemplate>(call);
}

}  // namespace hookreel::dialect::tencent_vod
