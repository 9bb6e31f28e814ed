// Manifests whose files need links: what names a file in an HLS playlist, a DASH manifest or the
// WebVTT of a sprite gets the query of a link. Pure functions.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace hookreel::api {

inline constexpr std::size_t manifest_bytes_max = 8 * 1024 * 1024;

// Whether the file names others.
bool is_manifest(std::string_view path);

// The query of a link for the files of a folder, which is relative to the manifest's: "" or
// "0/".
using QueryOfFolder = std::function<std::string(std::string_view folder)>;

// The text with a query behind each relative name. Whole addresses, names from the root and names
// that lead upwards stay as they are.
std::string with_queries(std::string_view path, std::string_view text, const QueryOfFolder& query);

}  // namespace hookreel::api
