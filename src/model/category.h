// Whether a file is seen, heard or looked at: Tencent's Category.
#pragma once

#include <array>

#include "model/media.h"

namespace hookreel::model {

enum class Category { video, audio, image };
constexpr std::array<std::string_view, 3> names(Category*) {
    return {"Video", "Audio", "Image"};
}
// By the streams when they are known, else by the extension.
Category category(const Asset& asset);

}  // namespace hookreel::model
