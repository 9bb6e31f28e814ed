#include "model/category.h"

#include <algorithm>

namespace hookreel::model {
namespace {

constexpr std::array<std::string_view, 9> audio_types = {"mp3", "m4a", "aac", "flac", "ogg",
                                                         "wav", "amr", "wma", "ape"};
constexpr std::array<std::string_view, 6> image_types = {"jpg", "jpeg", "png",
                                                         "gif", "bmp",  "webp"};

}  // namespace

Category category(const Asset& asset) {
    if (asset.metadata && !asset.metadata->video.empty()) return Category::video;
    if (asset.metadata && !asset.metadata->audio.empty()) return Category::audio;
    if (std::ranges::find(audio_types, asset.type) != audio_types.end()) return Category::audio;
    if (std::ranges::find(image_types, asset.type) != image_types.end()) return Category::image;
    return Category::video;
}

}  // namespace hookreel::model
