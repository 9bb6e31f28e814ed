// What a step is asked to lay over its pictures. Pure functions.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "dialect/tencent_vod/protocol/parameters.h"
#include "media/drawings/local_drawings.h"
#include "model/overlay.h"
#include "model/watermark.h"

namespace hookreel::dialect::tencent_vod {

// Of a step. Ours: the API names none.
inline constexpr std::size_t mosaics_max = 10;
inline constexpr std::size_t watermarks_max = 10;
inline constexpr std::size_t mark_text_max = 100;             // Characters (SDK, WatermarkInput).
inline constexpr std::size_t svg_characters_max = 2'000'000;  // The same.
inline constexpr std::size_t drawings_max = 20;               // Of a call. Ours.

// The member MosaicSet; none when it is absent. Errors: InvalidParameterValue.
Answer<std::vector<model::Mosaic>> read_mosaics(const Members& input);

// The drawings that a call brings (SvgContent), each once; what is made of the call names their
// paths.
class SentDrawings {
 public:
    explicit SentDrawings(model::ApplicationId application) : application_(application) {}

    // The path of the drawing. Errors: InvalidParameterValue (too long, too many).
    Answer<std::string> add(std::string content);
    std::map<std::string, media::Drawing> take() && { return std::move(drawings_); }

 private:
    model::ApplicationId application_;
    std::map<std::string, media::Drawing> drawings_;
};

// The member WatermarkSet; none when it is absent. Whether its templates exist is found out by the
// step. Errors: InvalidParameterValue.
Answer<std::vector<model::Watermark>> read_watermarks(const Members& input, SentDrawings& drawings);

}  // namespace hookreel::dialect::tencent_vod
