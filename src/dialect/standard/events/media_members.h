// Files of the library and the work on them, as members of an event's data.
//
// Ids are text, sizes are in bytes, durations in seconds, times RFC 3339. What there is none of is
// null, so that an object of one kind always has the same members. What the members mean for
// receivers is said once, in media_schema.cc.
#pragma once

#include <string_view>

#include "base/json_out.h"
#include "dialect/media_urls.h"
#include "model/edit.h"
#include "model/external.h"
#include "model/media.h"
#include "model/pull.h"
#include "model/task.h"

namespace hookreel::dialect::standard {

void append_asset(JsonOut& json, const model::Asset& asset, const MediaUrls& urls);
void append_task(JsonOut& json, const model::Task& task, const MediaUrls& urls);
void append_pull(JsonOut& json, const model::Pull& pull);
void append_edit(JsonOut& json, const model::Edit& edit);
void append_external_task(JsonOut& json, const model::ExternalTask& task);
void append_part(JsonOut& json, const model::AssetPart& part);

// A member that is null when the text is empty.
void append_text_or_null(JsonOut& json, std::string_view name, std::string_view text);
// A member that is null when it never was or never will be.
void append_time_or_null(JsonOut& json, std::string_view name, TimePoint time);

}  // namespace hookreel::dialect::standard
