// What a step made, as a part of its file or as a file of its own. Pure rules.
#pragma once

#include <optional>
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

// The new file of the library that an output is by itself, with the name, the class and the tags of
// its source; nothing when it belongs to that.
std::optional<model::Asset> own_file_of(const model::Asset& source, const model::Work& work,
                                        TimePoint now);

// What the quota counts of the outputs that are at this path.
std::uint64_t counted_bytes(const model::Asset& asset, std::string_view path);

}  // namespace hookreel::media
