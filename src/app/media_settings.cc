#include "app/media_settings.h"

namespace hookreel::app {

media::LocalUploadsOptions upload_options(const Config& config, const std::string& data_folder) {
    media::LocalUploadsOptions options;
    options.data_folder = data_folder;
    options.reserve_bytes = config.disk_reserve_mib << 20;
    options.object_bytes_max = config.upload_max_mib << 20;
    return options;
}

media::PullOptions pull_options(const Config& config, const std::string& data_folder) {
    media::PullOptions options;
    options.data_folder = data_folder;
    options.pulls_max = config.pulls_at_once;
    options.download.reserve_bytes = config.disk_reserve_mib << 20;
    return options;
}

media::StepOptions step_options(const std::string& media_folder) {
    media::StepOptions options;
    options.ffmpeg = "/usr/bin/ffmpeg";
    options.media_folder = media_folder;
    return options;
}

media::ExternalOptions external_options(const Config& config) {
    constexpr Duration for_ever = std::chrono::days(3650);
    media::ExternalOptions options;
    options.time_limit =
        config.external_time_limit == Duration(0) ? for_ever : config.external_time_limit;
    return options;
}

std::optional<model::LinkSigner> link_signer(const Config& config, const Clock& clock) {
    if (config.media_key.empty()) return std::nullopt;
    return std::optional<model::LinkSigner>(std::in_place, config.media_key, config.media_link_life,
                                            clock);
}

std::string public_path(const Config& config) {
    const std::size_t host = config.public_url.find("://");
    if (host == std::string::npos) return {};
    const std::size_t path = config.public_url.find('/', host + 3);
    return path == std::string::npos ? std::string() : config.public_url.substr(path);
}

}  // namespace hookreel::app
