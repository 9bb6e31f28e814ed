#include "dialect/tencent_vod/actions/frame/time_parts.h"

#include <fmt/format.h>

namespace hookreel::dialect::tencent_vod {

Answer<std::optional<TimePoint>> read_time(const Members& parameters, std::string_view name,
                                           std::string_view code) {
    if (!parameters.has(name)) return std::optional<TimePoint>();
    const Result<TimePoint> time = parse_time(*parameters.text(name));
    if (!time)
        return refuse(code, fmt::format("`{}` must be a time such as 2030-01-01T00:00:00Z.", name));
    return *time;
}

Answer<std::optional<TimePoint>> read_expiry(const Members& parameters, TimePoint now,
                                             std::string_view code) {
    if (!parameters.has("ExpireTime")) return std::optional<TimePoint>();
    const Result<TimePoint> expires = parse_time(*parameters.text("ExpireTime"));
    if (!expires || *expires <= now)
        return refuse(code, "ExpireTime must be a time to come, such as 2030-01-01T00:00:00Z.");
    return *expires;
}

Answer<media::TimeSpan> read_span(const std::optional<Members>& range) {
    media::TimeSpan span;
    if (!range) return span;
    Answer<std::optional<TimePoint>> after = read_time(*range, "After", "InvalidParameterValue");
    if (!after) return std::unexpected(std::move(after.error()));
    Answer<std::optional<TimePoint>> before = read_time(*range, "Before", "InvalidParameterValue");
    if (!before) return std::unexpected(std::move(before.error()));
    return media::TimeSpan{*after, *before};
}

}  // namespace hookreel::dialect::tencent_vod
