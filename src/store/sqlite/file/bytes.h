// Integers and texts in blobs, little-endian, and the reader that checks every size.
//
// Values and pure functions. What is read is checked, because a disk may lie.
#pragma once

#include <bit>
#include <cstring>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hookreel::store {

static_assert(std::endian::native == std::endian::little, "the layout is little-endian");

// An integer, or an array of them.
template <class Integers>
void put(std::string& out, Integers value) {
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    out.append(bytes, sizeof value);
}

// Over what is there already.
template <class Integer>
void put_at(std::string& out, std::size_t at, Integer value) {
    std::memcpy(out.data() + at, &value, sizeof value);
}

// Takes values from the front of bytes that may be too short.
class ByteCursor {
 public:
    explicit ByteCursor(std::string_view bytes) : bytes_(bytes) {}

    template <class Integer>
    Integer integer() {
        Integer value{};
        if (const std::string_view bytes = take(sizeof value); !bytes.empty())
            std::memcpy(&value, bytes.data(), sizeof value);
        return value;
    }
    std::string text(std::size_t size) { return std::string(take(size)); }
    std::string_view take(std::size_t size) {
        if (size > bytes_.size()) {
            short_ = true;
            size = 0;
        }
        const std::string_view taken = bytes_.substr(0, size);
        bytes_.remove_prefix(size);
        return taken;
    }
    // The next piece that is preceded by its size.
    std::string_view piece() { return take(integer<std::uint32_t>()); }
    bool at_end() const { return bytes_.empty(); }
    std::size_t left() const { return bytes_.size(); }
    // Whether more was asked for than there was.
    bool ran_short() const { return short_; }

 private:
    std::string_view bytes_;
    bool short_ = false;
};

inline std::unexpected<Error> damaged(std::string_view what) {
    return fail(Code::internal, "the database holds a damaged " + std::string(what));
}

}  // namespace hookreel::store
