#include "media/templates/watermark_change.h"

namespace hookreel::media {
namespace {

template <class T>
void set(T& to, const std::optional<T>& from) {
    if (from) to = *from;
}

}  // namespace

Result<void> apply(const WatermarkChange& change, model::WatermarkTemplate& to) {
    if (change.image && !to.image) return fail(Code::invalid, "the watermark is not an image");
    if (change.text && !to.text) return fail(Code::invalid, "the watermark is not a text");
    if (change.drawn && !to.drawn) return fail(Code::invalid, "the watermark is not a drawing");
    set(to.name, change.name);
    set(to.comment, change.comment);
    set(to.corner, change.corner);
    set(to.x, change.x);
    set(to.y, change.y);
    if (change.image) {
        set(to.image->width, change.image->width);
        set(to.image->height, change.image->height);
        set(to.image->repeat, change.image->repeat);
        set(to.image->transparency_percent, change.image->transparency_percent);
    }
    if (change.text) {
        set(to.text->font, change.text->font);
        set(to.text->size_pixels, change.text->size_pixels);
        set(to.text->color, change.text->color);
        set(to.text->opacity, change.text->opacity);
    }
    if (change.drawn) {
        set(to.drawn->width, change.drawn->width);
        set(to.drawn->height, change.drawn->height);
    }
    return {};
}

}  // namespace hookreel::media
