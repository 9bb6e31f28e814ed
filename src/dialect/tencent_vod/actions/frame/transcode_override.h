// OverrideParameter: a transcode template as one task changes it for itself. Pure functions.
#pragma once

#include "dialect/tencent_vod/protocol/parameters.h"
#include "model/task.h"

namespace hookreel::dialect::tencent_vod {

// The template of that number, with what `override` says in place of what it says itself; both
// together are held to the rules of CreateTranscodeTemplate. What the new container or codec does
// not have falls away, and a Vcrf brings its Mode along. Errors: those of read_transcode_template;
// InvalidParameterValue (no such template, one that copies what is there).
Answer<model::ChangedTemplate> read_override(const Members& override, std::uint64_t definition,
                                             const model::OwnTemplates& own);

}  // namespace hookreel::dialect::tencent_vod
