// What CreateTranscodeTemplate asks for, and a transcode template in the API's words. Pure
// functions.
#pragma once

#include "dialect/tencent_vod/protocol/parameters.h"
#include "model/template.h"

namespace hookreel::dialect::tencent_vod {

// Without number and time. What the API knows and this server cannot make is refused, never left
// out: with the code of the parameter where the action lists one, else FailedOperation.
Answer<model::TranscodeTemplate> read_transcode_template(const Members& parameters);

// "Video" when the container can hold a picture, else "PureAudio".
std::string_view container_type(const model::TranscodeTemplate& one);

// A TranscodeTemplate of the API. Its Definition is a text, as nowhere else.
json::object transcode_template(const model::TranscodeTemplate& one);

}  // namespace hookreel::dialect::tencent_vod
