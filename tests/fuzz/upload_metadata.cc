// What the client of a resumable upload says of its file, from anyone: the first line is
// Upload-Checksum, the rest Upload-Metadata.
#include <cstdlib>

#include "api/resources/tus.h"
#include "base/text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
    using namespace hookreel;
    const std::string_view text(reinterpret_cast<const char*>(bytes), count);
    const std::size_t line = std::min(text.find('\n'), text.size());
    http::Headers headers;
    headers.add("Upload-Checksum", std::string(text.substr(0, line)));
    const auto checksum = api::read_checksum(headers);
    if (checksum && *checksum && (*checksum)->digest.size() < 20) std::abort();
    const auto fields = api::read_metadata(text.substr(std::min(text.size(), line + 1)));
    if (!fields) return 0;
    const auto request = api::read_upload_fields(model::default_application, *fields, TimePoint{});
    if (request && !(is_utf8(request->name) && is_utf8(request->source_context))) std::abort();
    return 0;
}
