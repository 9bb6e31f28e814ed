// The making of a new file in the words of the API: EditMediaTask and ComposeMediaTask.
//
// The same functions serve the events and DescribeTaskDetail. Pure functions.
#pragma once

#include "base/json.h"
#include "dialect/tencent_vod/events/media_json.h"
#include "model/edit.h"

namespace hookreel::dialect::tencent_vod {

// EditMediaTask. Its work is a cut. `asset` is null unless it went well and the file is still
// there.
json::object edit_task(const model::Edit& edit, const model::Asset* asset, const MediaUrls& urls);

// ComposeMediaTask. Its work is a composition.
json::object compose_task(const model::Edit& edit, const model::Asset* asset,
                          const MediaUrls& urls);

}  // namespace hookreel::dialect::tencent_vod
