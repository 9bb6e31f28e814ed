#include "media/editing/plan_sources.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace hookreel::media {
namespace {

using model::Failure;

constexpr std::array<std::string_view, 5> still_types = {"png", "jpg", "jpeg", "bmp", "gif"};

bool is_still(const model::Asset& asset) {
    return std::ranges::find(still_types, asset.type) != still_types.end();
}

StepResult<Source> source_of(const PlanInput& input, const model::Asset& asset, Stills stills) {
    if (asset.id.text().empty() || asset.path.empty()) return refused(Failure::source_file_error);
    Source source{.path = fmt::format("{}/{}", input.media_folder, asset.path), .metadata = {}};
    if (stills == Stills::taken && is_still(asset)) return source;
    if (!asset.metadata) return refused(Failure::content_malformed);
    if (asset.type == "m3u8" || asset.type == "mpd") return refused(Failure::content_unsupported);
    source.metadata = *asset.metadata;
    if (!source.metadata.video.empty() &&
        (asset.metadata->width <= 0 || asset.metadata->height <= 0))
        return refused(Failure::no_video_resolution);
    return source;
}

}  // namespace

bool has_picture(const Source& source) {
    return !source.metadata.video.empty();
}

bool has_sound(const Source& source) {
    return !source.metadata.audio.empty();
}

double seconds_of_source(const Source& source) {
    constexpr double moment = 0.1;
    const model::Metadata& metadata = source.metadata;
    const double excess = metadata.duration - metadata.video_duration;
    return has_picture(source) && excess > 0 && excess <= moment ? metadata.video_duration
                                                                 : metadata.duration;
}

std::unexpected<StepFailure> refused(model::Failure failure) {
    return std::unexpected(step_failure(failure));
}

StepResult<void> add_sources(RenderPlan& plan, const PlanInput& input, Stills stills) {
    const std::vector<model::FileId> files = model::sources_of(input.request.work);
    for (std::size_t i = 0; i < input.sources.size(); ++i) {
        StepResult<Source> source = source_of(input, input.sources[i], stills);
        if (!source) {
            source.error().message += fmt::format(" ({})", files[i].text());
            return std::unexpected(std::move(source.error()));
        }
        plan.sources.push_back(std::move(*source));
    }
    return {};
}

}  // namespace hookreel::media
