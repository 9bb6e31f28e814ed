// What the settings of a server mean for its media: where files lie, how much is taken, who may
// have them. Pure functions.
#pragma once

#include <optional>
#include <string>

#include "app/config.h"
#include "base/clock.h"
#include "media/external/external_workers.h"
#include "media/pulls/pull_workers.h"
#include "media/steps/step_runner.h"
#include "media/uploads/local_uploads.h"
#include "model/media_link.h"

namespace hookreel::app {

media::LocalUploadsOptions upload_options(const Config& config, const std::string& data_folder);
media::PullOptions pull_options(const Config& config, const std::string& data_folder);
media::StepOptions step_options(const std::string& media_folder);
media::ExternalOptions external_options(const Config& config);

// None when media is open to everybody. `clock` outlives it.
std::optional<model::LinkSigner> link_signer(const Config& config, const Clock& clock);
// What stands before /media/ in the path of public addresses: a proxy may take it away.
std::string public_path(const Config& config);

}  // namespace hookreel::app
