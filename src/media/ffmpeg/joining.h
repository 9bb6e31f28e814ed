// Heads and tails before and after a film: all parts come into the size, the rate and the sound of
// the output and are set one behind the other, by one graph of filters.
//
// Unlike an edit (media/editing) this is one ffmpeg: there are few parts, and one encoder sees them
// all as one film, with a bitrate that a template gives. Each part lasts as long as the longer of
// its picture and its sound; what it has not got is silence. Pure functions.
#pragma once

#include "media/ffmpeg/arguments.h"
#include "media/ffmpeg/ffmpeg_command.h"

namespace hookreel::media {

// Behind the film and its marks: the heads and tails as inputs, the graph, and what of it is
// encoded.
void add_joined(Arguments& to, const Source& film, const Transcode& transcode);

// Whether the output has sound: some part of it has, and the template wants it.
bool has_sound(const Source& film, const Transcode& transcode);

// How long the parts besides the film are, in all.
double attached_seconds(const Transcode& transcode);

}  // namespace hookreel::media
