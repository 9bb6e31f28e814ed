// A transcode template with what a request says in place of what it says itself: for good
// (ModifyTranscodeTemplate), or for one task (OverrideParameter). Pure functions.
#pragma once

#include "dialect/tencent_vod/protocol/parameters.h"
#include "model/task.h"

namespace hookreel::dialect::tencent_vod {

// Both together are held to the rules of CreateTranscodeTemplate. What the new container or codec
// does not have falls away, and a Vcrf brings its Mode along. Number and times are not set. Errors:
// those of read_transcode_template.
Answer<model::TranscodeTemplate> changed_transcode(const model::TranscodeTemplate& base,
                                                   const Members& change);

// The template of that number as OverrideParameter changes it. Errors: those above;
// InvalidParameterValue (no such template, one that copies what is there).
Answer<model::ChangedTemplate> read_override(const Members& override, std::uint64_t definition,
                                             const model::OwnTemplates& own);

}  // namespace hookreel::dialect::tencent_vod
