// What is changed of a watermark template, or said of a new one. Pure.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "model/watermark.h"

namespace hookreel::media {

// What is absent stays as it is.
struct ImageMarkChange {
    std::optional<model::Extent> width{};
    std::optional<model::Extent> height{};
    std::optional<model::Repeat> repeat{};
    std::optional<int> transparency_percent{};
};
struct TextMarkChange {
    std::optional<model::Font> font{};
    std::optional<int> size_pixels{};
    std::optional<std::uint32_t> color{};
    std::optional<double> opacity{};
};
struct DrawnMarkChange {
    std::optional<model::DrawnSide> width{};
    std::optional<model::DrawnSide> height{};
};
struct WatermarkChange {
    std::optional<std::string> name{};
    std::optional<std::string> comment{};
    std::optional<model::Corner> corner{};
    std::optional<model::Extent> x{};
    std::optional<model::Extent> y{};
    std::optional<ImageMarkChange> image{};
    std::optional<TextMarkChange> text{};
    std::optional<DrawnMarkChange> drawn{};
};

// Errors: invalid (what is said of one kind is not for another).
Result<void> apply(const WatermarkChange& change, model::WatermarkTemplate& to);

}  // namespace hookreel::media
