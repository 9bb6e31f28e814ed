// CreateAnimatedGraphicsTemplate, DescribeAnimatedGraphicsTemplates, ModifyAnimatedGraphicsTemplate
// and DeleteAnimatedGraphicsTemplate.
#include "dialect/tencent_vod/actions/frame/template_parts.h"
#include "dialect/tencent_vod/actions/templates/describe_templates.h"
#include "dialect/tencent_vod/actions/templates/keep_template.h"
#include "dialect/tencent_vod/actions/templates/template_actions.h"
#include "media/ffmpeg/presets.h"

namespace hookreel::dialect::tencent_vod {
namespace {

// SDK, CreateAnimatedGraphicsTemplate.
constexpr std::uint64_t fps_max = 30;
constexpr double quality_max = 100;

Answer<model::AnimationTemplate> read_look(const Members& parameters,
                                           model::AnimationTemplate made) {
    const Result<model::AnimationFormat> format = parse_enum<model::AnimationFormat>(
        parameters.has("Format") ? *parameters.text("Format") : "gif");
    if (!format) return refuse("InvalidParameterValue.Format", "Format must be gif or webp.");
    made.format = *format;
    const std::uint64_t fps = *parameters.natural("Fps");
    if (fps < 1 || fps > fps_max)
        return refuse("InvalidParameterValue.Fps", "Fps must be from 1 to 30.");
    made.fps = static_cast<int>(fps);
    made.quality = parameters.real("Quality").value_or(made.quality);
    if (!(made.quality >= 1 && made.quality <= quality_max))
        return refuse("InvalidParameterValue.Quality", "Quality must be from 1 to 100.");
    return made;
}

Answer<model::AnimationTemplate> read_template(const Members& parameters) {
    const SideRules rules{.side_min = 128,  // SDK.
                          .side_max = 4096,
                          .sides_code = "InvalidParameterValue.Resolution",
                          .fill_code = "InvalidParameterValue",
                          .fills = {}};
    Answer<TemplateWords> words = read_words(parameters);
    if (!words) return std::unexpected(std::move(words.error()));
    const Answer<PictureSides> picture = read_sides(parameters, rules);
    if (!picture) return std::unexpected(picture.error());
    return read_look(parameters, {.name = std::move(words->name),
                                  .width = picture->width,
                                  .height = picture->height,
                                  .sides = picture->sides,
                                  .comment = std::move(words->comment)});
}

json::object animation_template(const model::AnimationTemplate& one) {
    json::object object = described(one);
    object.emplace("Width", std::uint64_t(one.width));
    object.emplace("Height", std::uint64_t(one.height));
    object.emplace("ResolutionAdaptive", resolution_adaptive(one.sides));
    object.emplace("Format", name(one.format));
    object.emplace("Fps", std::uint64_t(one.fps));
    object.emplace("Quality", one.quality);
    return object;
}

Answer<model::AnimationTemplate> change_template(const model::AnimationTemplate& now,
                                                 const Members& change) {
    return read_changed(animation_template(now), change, "CreateAnimatedGraphicsTemplate",
                        read_template);
}

}  // namespace

Task<Answer<std::string>> create_animated_graphics_template(const Call& call) {
    return create_template(call, read_template(call.parameters),
                           "There are 16 templates of animated graphics, which is the most.");
}

Task<Answer<std::string>> describe_animated_graphics_templates(const Call& call) {
    const auto collect = [](const model::OwnTemplates& own) {
        return after_presets(media::animation_presets(), own.animations);
    };
    const TemplateKind<model::AnimationTemplate> kind{animation_template,
                                                      "AnimatedGraphicsTemplateSet"};
    return describe_templates(call, call.parameters.naturals("Definitions"), kind, collect);
}

Task<Answer<std::string>> modify_animated_graphics_template(const Call& call) {
    return modify_template(call, change_template);
}

Task<Answer<std::string>> delete_animated_graphics_template(const Call& call) {
    return delete_template<model::AnimationTemplate>(call);
}

}  // namespace hookreel::dialect::tencent_vod
