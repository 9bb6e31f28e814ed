// Strong types for identifiers: an Id<Tag> holds text, a Number<Tag> an integer. Two tags never
// mix.
//
//     using FileId = Id<struct FileTag>;          // 17 to 20 decimal digits, may exceed 2^63:
//     stays text using ApplicationId = Number<struct ApplicationTag>;
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace hookreel {

template <class Tag>
class Id {
 public:
    Id() = default;
    explicit Id(std::string text) : text_(std::move(text)) {}

    const std::string& text() const { return text_; }
    bool empty() const { return text_.empty(); }
    auto operator<=>(const Id&) const = default;

 private:
    std::string text_;
};

template <class Tag>
class Number {
 public:
    constexpr Number() = default;
    constexpr explicit Number(std::uint64_t value) : value_(value) {}

    constexpr std::uint64_t value() const { return value_; }
    constexpr auto operator<=>(const Number&) const = default;

 private:
    std::uint64_t value_ = 0;
};

}  // namespace hookreel

template <class Tag>
struct std::hash<hookreel::Id<Tag>> {
    std::size_t operator()(const hookreel::Id<Tag>& id) const {
        return std::hash<std::string>{}(id.text());
    }
};
template <class Tag>
struct std::hash<hookreel::Number<Tag>> {
    std::size_t operator()(hookreel::Number<Tag> n) const {
        return std::hash<std::uint64_t>{}(n.value());
    }
};
