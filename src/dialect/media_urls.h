// Makes addresses of the library's files, the same in all dialects.
#pragma once

#include <string>
#include <string_view>

#include "model/media_link.h"

namespace hookreel::dialect {

struct MediaUrls {
    std::string base;  // "http://HOST:PORT/media", without a slash at the end.
    // Makes addresses links that end; null: they are open. Outlives this.
    const model::LinkSigner* signer = nullptr;

    // Empty for an empty path.
    std::string of(std::string_view path) const {
        if (path.empty()) return {};
        std::string address = base + "/" + std::string(path);
        return signer ? signer->sign(std::move(address)) : address;
    }
};

}  // namespace hookreel::dialect
