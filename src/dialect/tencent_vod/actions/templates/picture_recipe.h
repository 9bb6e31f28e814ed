// What templates of single pictures say of them, whether for times or samples. Pure functions.
#pragma once

#include "dialect/tencent_vod/protocol/parameters.h"
#include "model/template.h"

namespace hookreel::dialect::tencent_vod {

// Name, Comment, Format and the sides: 0, or 32 to 4096 (spec d; SDK,
// CreateSampleSnapshotTemplate). Errors: as those of read_words, read_sides and read_format.
Answer<model::SnapshotTemplate> read_picture(const Members& parameters);

// All members of a SnapshotByTimeOffsetTemplate of the API, which a SampleSnapshotTemplate has too.
json::object picture(const model::SnapshotTemplate& one);

// SampleType and SampleInterval: of a time up to a day in seconds, which is ours. Errors:
// InvalidParameterValue.SampleType, InvalidParameterValue.SampleInterval.
struct Sampling {
    model::SampleType type = model::SampleType::time;
    int interval = 1;
};
Answer<Sampling> read_sampling(const Members& parameters);

}  // namespace hookreel::dialect::tencent_vod
