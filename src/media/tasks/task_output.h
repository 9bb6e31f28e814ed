// What a step made, as a part of its file. Pure rules.
#pragma once

#include <string_view>

#include "model/media.h"
#include "model/task.h"

namespace hookreel::media {

std::uint64_t definition_of(const model::Work& work);

// The asset with what a step made. The first step of a template in its task (`place` 0, as in
// StepOrder) takes the place of all that earlier tasks made by that template, the further ones
// stand beside it. Moving pictures are of a part of the file, and only that of the same part is
// replaced.
model::Asset with_output(model::Asset asset, const model::Work& work, unsigned place);

// What the quota counts of the outputs that are at this path.
std::uint64_t counted_bytes(const model::Asset& asset, std::string_view path);

}  // namespace hookreel::media
