// CreateSampleSnapshotTemplate, DescribeSampleSnapshotTemplates, ModifySampleSnapshotTemplate and
// DeleteSampleSnapshotTemplate.
#include "dialect/tencent_vod/actions/templates/describe_templates.h"
#include "dialect/tencent_vod/actions/templates/keep_template.h"
#include "dialect/tencent_vod/actions/templates/picture_recipe.h"
#include "dialect/tencent_vod/actions/templates/template_actions.h"
#include "media/ffmpeg/presets.h"

namespace hookreel::dialect::tencent_vod {
namespace {

Answer<model::SampleTemplate> read_template(const Members& parameters) {
    Answer<model::SnapshotTemplate> picture = read_picture(parameters);
    if (!picture) return std::unexpected(std::move(picture.error()));
    const Answer<Sampling> sampling = read_sampling(parameters);
    if (!sampling) return std::unexpected(sampling.error());
    return model::SampleTemplate{std::move(*picture), sampling->type, sampling->interval};
}

json::object sample_template(const model::SampleTemplate& one) {
    json::object object = picture(one);
    object.emplace("SampleType", name(one.sample_type));
    object.emplace("SampleInterval", std::uint64_t(one.interval));
    return object;
}

Answer<model::SampleTemplate> change_template(const model::SampleTemplate& now,
                                              const Members& change) {
    return read_changed(sample_template(now), change, "CreateSampleSnapshotTemplate",
                        read_template);
}

}  // namespace

Task<Answer<std::string>> create_sample_snapshot_template(const Call& call) {
    return create_template(call, read_template(call.parameters),
                           "There are 16 templates of samples, which is the most.");
}

Task<Answer<std::string>> describe_sample_snapshot_templates(const Call& call) {
    const auto collect = [](const model::OwnTemplates& own) {
        return after_presets(std::span(&media::sample_preset(), 1), own.samples);
    };
    const TemplateKind<model::SampleTemplate> kind{sample_template, "SampleSnapshotTemplateSet"};
    return describe_templates(call, call.parameters.naturals("Definitions"), kind, collect);
}

Task<Answer<std::string>> modify_sample_snapshot_template(const Call& call) {
    return modify_template(call, change_template);
}

Task<Answer<std::string>> delete_sample_snapshot_template(const Call& call) {
    return delete_template<model::SampleTemplate>(call);
}

}  // namespace hookreel::dialect::tencent_vod
