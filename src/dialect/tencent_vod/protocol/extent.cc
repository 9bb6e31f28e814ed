#include "dialect/tencent_vod/protocol/extent.h"

#include <fmt/format.h>

#include "base/text.h"

namespace hookreel::dialect::tencent_vod {
namespace {

Result<model::Extent> parse_extent(std::string_view text) {
    if (text.ends_with("%"))
        return map(parse_real(text.substr(0, text.size() - 1)),
                   [](double value) { return model::Extent{value, model::Unit::percent}; });
    if (!text.ends_with("px")) return fail(Code::invalid, "neither % nor px");
    return map(parse_unsigned(text.substr(0, text.size() - 2)), [](std::uint64_t value) {
        return model::Extent{static_cast<double>(value), model::Unit::pixels};
    });
}

}  // namespace

Answer<model::Extent> read_extent(const Members& members, std::string_view name,
                                  model::Extent otherwise, std::string_view code) {
    if (!members.has(name)) return otherwise;
    const Result<model::Extent> extent = parse_extent(*members.text(name));
    const double most = extent && extent->unit == model::Unit::percent ? 100 : extent_pixels_max;
    // Negated, so that what is no number is refused too.
    if (!extent || !(extent->value >= 0 && extent->value <= most))
        return refuse(code,
                      fmt::format("{} must be like 10% or 100px: at most 100% or 8192px.", name));
    return *extent;
}

std::string extent_text(model::Extent extent) {
    return fmt::format("{}{}", extent.value, name(extent.unit));
}

}  // namespace hookreel::dialect::tencent_vod
