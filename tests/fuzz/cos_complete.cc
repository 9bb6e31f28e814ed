// The document that completes a multipart upload, from whoever holds temporary keys.
#include <cstdlib>

#include "dialect/cos/xml.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
    namespace cos = hookreel::dialect::cos;
    const std::string_view text(reinterpret_cast<const char*>(bytes), count);
    const auto parts = cos::parse_complete(text);
    if (!parts) return 0;
    // What was taken keeps the promises of the header, and comes back when it is written again.
    std::string again;
    for (const cos::CompletedPart& part : *parts) {
        if (part.number < 1 || part.number > 10'000 || part.etag.empty()) std::abort();
        again += "<Part>" + cos::element({"PartNumber", std::to_string(part.number)}) +
                 cos::element({"ETag", '"' + part.etag + '"'}) + "</Part>";
    }
    const auto same =
        cos::parse_complete("<CompleteMultipartUpload>" + again + "</CompleteMultipartUpload>");
    const bool is_text = cos::escape(again).find('?') == std::string::npos;
    if (is_text && again.size() < cos::complete_bytes_max && same && *same != *parts) std::abort();
    return 0;
}
