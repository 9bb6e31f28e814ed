// Makes addresses of the library's files, the same in all dialects.
#pragma once

#include <string>
#include <string_view>

namespace hookreel::dialect {

struct MediaUrls {
    std::string base;  // "http://HOST:PORT/media", without a slash at the end.

    // Empty for an empty path.
    std::string of(std::string_view path) const {
        return path.empty() ? std::string() : base + "/" + std::string(path);
    }
};

}  // namespace hookreel::dialect
