// The heads and tails of a work: which of the candidates are shown with this film.
#pragma once

#include <vector>

#include "media/steps/step_tools.h"

namespace hookreel::media {

struct Attachments {
    std::vector<Attached> heads;
    std::vector<Attached> tails;
};

// What heads and tails go with.
struct Film {
    const model::Metadata& metadata;
    enum class Output { pictures, sound_only } output = Output::pictures;
};

// The candidate whose shape is nearest to the film's, the first of those that are equally near;
// null when none of them is there, with a picture where the output has some. Pure.
const model::Asset* nearest(const std::vector<model::FileId>& candidates,
                            const std::vector<model::Asset>& there, const Film& film);

// All that the templates name, in their order; ffmpeg may then read all of it. Failures:
// definition_not_exist (no such template, or it was removed meanwhile), source_file_error (no
// candidate of a list can be used, or its bytes just went). Blocks.
StepResult<Attachments> make_attachments(StepRun& run, const std::vector<std::uint64_t>& templates,
                                         Film::Output output);
// Whether one of them was deleted since then: why all else failed. Blocks.
bool any_is_gone(const Attachments& attachments);

}  // namespace hookreel::media
