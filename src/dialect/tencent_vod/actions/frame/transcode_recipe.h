// What CreateTranscodeTemplate asks for, and a transcode template in the API's words. Pure
// functions.
#pragma once

#include "dialect/tencent_vod/protocol/parameters.h"
#include "model/template.h"

namespace hookreel::dialect::tencent_vod {

// Without number and time. What the API knows and this server cannot make is refused, never left
// out: with the code of the parameter where the action lists one, else FailedOperation.
Answer<model::TranscodeTemplate> read_transcode_template(const Members& parameters);

// What goes with a container, of its sound alone. Errors: InvalidParameterValue.AudioCodec,
// ….AudioBitrate, ….AudioSampleRate, ….AudioChannel.
Answer<model::AudioTemplate> read_audio_template(const Members& audio, std::string_view container);

// "Video" when the container can hold a picture, else "PureAudio".
std::string_view container_type(const model::TranscodeTemplate& one);

// A TranscodeTemplate of the API. Its Definition is a text, as nowhere else.
json::object transcode_template(const model::TranscodeTemplate& one);

// Its parts: what all kinds of templates say of a picture (VideoTemplateInfo) and of sound
// (AudioTemplateInfo).
json::object video_template(const model::VideoTemplate& video);
json::object audio_template(const model::AudioTemplate& audio);

}  // namespace hookreel::dialect::tencent_vod
