// CreateTranscodeTemplate, DescribeTranscodeTemplates, ModifyTranscodeTemplate and
// DeleteTranscodeTemplate.
#include <algorithm>

#include "dialect/tencent_vod/actions/frame/template_parts.h"
#include "dialect/tencent_vod/actions/frame/transcode_override.h"
#include "dialect/tencent_vod/actions/frame/transcode_recipe.h"
#include "dialect/tencent_vod/actions/templates/describe_templates.h"
#include "dialect/tencent_vod/actions/templates/keep_template.h"
#include "dialect/tencent_vod/actions/templates/template_actions.h"
#include "media/ffmpeg/presets.h"

namespace hookreel::dialect::tencent_vod {
namespace {

// Negative numbers name nothing.
std::vector<std::uint64_t> definitions_of(const Members& parameters) {
    std::vector<std::uint64_t> definitions;
    for (const std::int64_t number : parameters.integers("Definitions"))
        definitions.push_back(number < 0 ? 0 : static_cast<std::uint64_t>(number));
    return definitions;
}

struct Filter {
    std::string container_type;
    bool finds_any = true;  // False: TEHD or enhancement is asked for, which no template has.

    bool passes(const model::TranscodeTemplate& one) const {
        return finds_any && (container_type.empty() ||
                             container_type == hookreel::dialect::tencent_vod::container_type(one));
    }
};

Answer<Filter> read_filter(const Members& parameters) {
    const auto one_of = [](const std::string& text, std::string_view first,
                           std::string_view second) {
        return text.empty() || text == first || text == second;
    };
    Filter filter{.container_type = parameters.text_or_empty("ContainerType")};
    if (!one_of(filter.container_type, "Video", "PureAudio"))
        return refuse("InvalidParameterValue.ContainerType",
                      "ContainerType must be Video or PureAudio.");
    const std::string tehd = parameters.text_or_empty("TEHDType");
    if (!one_of(tehd, "Common", "TEHD"))
        return refuse("InvalidParameterValue.TEHDType", "TEHDType must be Common or TEHD.");
    const std::string enhanced = parameters.text_or_empty("EnhanceType");
    filter.finds_any = tehd != "TEHD" && (enhanced.empty() || enhanced == "None") &&
                       !parameters.has("EnhanceScenarioType");
    return filter;
}

}  // namespace

Task<Answer<std::string>> create_transcode_template(const Call& call) {
    return create_template(call, read_transcode_template(call.parameters),
                           "There are 100 transcode templates, which is the most.");
}

Task<Answer<std::string>> describe_transcode_templates(const Call& call) {
    const Answer<Filter> filter = read_filter(call.parameters);
    if (!filter) co_return std::unexpected(filter.error());
    const auto collect = [&filter](const model::OwnTemplates& own) {
        std::vector<model::TranscodeTemplate> all;
        const auto passes = [&filter](const model::TranscodeTemplate& one) {
            return filter->passes(one);
        };
        std::ranges::copy_if(media::transcode_templates(), std::back_inserter(all), passes);
        std::ranges::copy_if(own.transcodes, std::back_inserter(all), passes);
        return all;
    };
    const TemplateKind<model::TranscodeTemplate> kind{transcode_template, "TranscodeTemplateSet"};
    std::vector<std::uint64_t> definitions = definitions_of(call.parameters);
    co_return co_await describe_templates(call, std::move(definitions), kind, collect);
}

Task<Answer<std::string>> modify_transcode_template(const Call& call) {
    return modify_template(call, changed_transcode);
}

Task<Answer<std::string>> delete_transcode_template(const Call& call) {
    return delete_template<model::TranscodeTemplate>(call);
}

}  // namespace hookreel::dialect::tencent_vod
