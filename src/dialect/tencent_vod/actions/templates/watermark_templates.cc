// CreateWatermarkTemplate, DescribeWatermarkTemplates, ModifyWatermarkTemplate and
// DeleteWatermarkTemplate.
#include <algorithm>

#include "dialect/tencent_vod/actions/frame/template_parts.h"
#include "dialect/tencent_vod/actions/templates/template_actions.h"
#include "dialect/tencent_vod/actions/templates/watermark_recipe.h"
#include "dialect/tencent_vod/protocol/json_text.h"

namespace hookreel::dialect::tencent_vod {
namespace {

constexpr std::string_view no_template = "ResourceNotFound.TemplateNotExist";

std::unexpected<WireError> not_kept(const Call& call, const Error& error) {
    return failed(
        call, error,
        {{Code::too_large, "LimitExceeded.TooMuchTemplate",
          "There are 50 watermark templates, which is the most."},
         {Code::not_found, no_template, "There is no watermark template of this Definition."},
         {Code::invalid, "InvalidParameterValue",
          "ImageTemplate is for watermarks of the type image, TextTemplate for those of text, "
          "SvgTemplate for those of svg."}});
}

std::string image_url(const Call& call, const model::WatermarkTemplate& one) {
    return one.image ? call.with.urls.of(one.image->path) : std::string();
}

}  // namespace

Task<Answer<std::string>> create_watermark_template(const Call& call) {
    Answer<NewWatermark> read = read_watermark_template(call.parameters);
    if (!read) co_return std::unexpected(std::move(read.error()));
    const Result<model::WatermarkTemplate> made = co_await call.with.templates.create(
        call.application_id(), std::move(read->made), std::move(read->image));
    if (!made) co_return not_kept(call, made.error());
    co_return write_members(
        {{"Definition", made->definition}, {"ImageUrl", image_url(call, *made)}});
}

Task<Answer<std::string>> modify_watermark_template(const Call& call) {
    Answer<WatermarkReading> read = read_watermark_change(call.parameters);
    if (!read) co_return std::unexpected(std::move(read.error()));
    const bool has_image = read->image.has_value();
    const std::uint64_t definition = *call.parameters.natural("Definition");
    const Result<model::WatermarkTemplate> made = co_await call.with.templates.modify(
        call.application_id(), definition, std::move(read->change), std::move(read->image));
    if (!made) co_return not_kept(call, made.error());
    co_return write_members({{"ImageUrl", has_image ? image_url(call, *made) : std::string()}});
}

Task<Answer<std::string>> delete_watermark_template(const Call& call) {
    const std::uint64_t definition = *call.parameters.natural("Definition");
    const Result<void> done =
        co_await call.with.templates.remove_watermark(call.application_id(), definition);
    if (!done) co_return not_kept(call, done.error());
    co_return std::string();
}

Task<Answer<std::string>> describe_watermark_templates(const Call& call) {
    const std::string type = call.parameters.text_or_empty("Type");
    if (!type.empty() && type != "image" && type != "text" && type != "svg")
        co_return refuse("InvalidParameterValue.Type", "Type must be image, text or svg.");
    const Answer<TemplateQuery> query =
        read_page(call.parameters, call.parameters.naturals("Definitions"));
    if (!query) co_return std::unexpected(query.error());
    const Result<model::OwnTemplates> own = co_await call.with.templates.own(call.application_id());
    if (!own) co_return failed(call, own.error());
    std::vector<model::WatermarkTemplate> all;
    const auto is_wanted = [&type](const model::WatermarkTemplate& one) {
        return type.empty() || type == watermark_type(one);
    };
    std::ranges::copy_if(own->watermarks, std::back_inserter(all), is_wanted);
    const auto write = [&call](const model::WatermarkTemplate& one) {
        return watermark_template(one, call.with.urls);
    };
    TemplatePage found = template_page(all, *query, write);
    json::object object = {{"TotalCount", found.total},
                           {"WatermarkTemplateSet", std::move(found.page)}};
    co_return write_members(with_nulls(std::move(object), *call.action.output));
}

}  // namespace hookreel::dialect::tencent_vod
