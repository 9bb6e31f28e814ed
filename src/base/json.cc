#include "base/json.h"

#include "base/text.h"

namespace hookreel {

Result<json::value> parse_json(std::string_view text, JsonLimits limits) {
    if (text.size() > limits.bytes_max)
        return fail(Code::too_large, fmt::format("JSON of {} bytes; at most {} are taken",
                                                 text.size(), limits.bytes_max));
    json::parse_options options;
    options.max_depth = limits.depth_max;
    boost::system::error_code error;
    json::value value = json::parse(text, error, {}, options);
    if (error == json::error::too_deep)
        return fail(Code::too_large, fmt::format("JSON nested deeper than {}", limits.depth_max));
    if (error && !is_utf8(text)) return fail(Code::invalid, "not UTF-8");
    if (error) return fail(Code::invalid, fmt::format("not valid JSON: {}", error.message()));
    return value;
}

}  // namespace hookreel
