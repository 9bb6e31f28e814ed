// An owner's marks on pictures: the files that ffmpeg gets for them, and its filters.
//
// Pure functions. The text of a mark is never part of a command: ffmpeg reads it from a file, and
// no character of it means anything. A picture is decoded by ffmpeg in the sandbox, like a source;
// so is a drawing, once and by itself, and what it looks like is a picture then.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "media/ffmpeg/overlays.h"
#include "model/watermark.h"

namespace hookreel::media {

// A mark that is ready to be laid over pictures.
struct Mark {
    model::WatermarkTemplate look{};
    // Of an image, or of a drawing's picture, its absolute path; of a text the name of the file in
    // the working folder that holds it.
    std::string file{};
    Offsets offsets{};

    bool is_image() const { return look.image || look.drawn; }
};

// How many of them are images or drawings, each of which is an input of its own.
std::size_t image_count(const std::vector<Mark>& marks);
// Where the first of these inputs stands in the command.
struct FirstInput {
    std::size_t number = 1;
};
// Filters that lay them over in their order, to be written behind another filter; empty when there
// are none.
std::string mark_filters(const std::vector<Mark>& marks, const Canvas& canvas, FirstInput first);

// The sides of a drawing on a picture of that size; 0 where they follow from the drawing.
Size drawn_size(const model::DrawnMark& mark, Size canvas);
// The size in which it is sharp on all of them, the same way.
Size sharp_size(const model::DrawnMark& mark, const std::vector<Size>& canvases);

// Those that are seen at that time of a video of that length, then for as long as the picture
// stands. Both are in seconds.
struct Moment {
    double at = 0;
    double length = 0;
};
std::vector<Mark> marks_at(const std::vector<Mark>& marks, Moment moment);

// The file of a font, where Debian's packages put it: fonts-dejavu-core, fonts-wqy-microhei.
std::string_view font_file(model::Font font);

}  // namespace hookreel::media
