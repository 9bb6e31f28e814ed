// The body of a publish, from anybody with a token: the definition's schema takes or refuses it,
// and the parts of what was taken are cut out as they were written.
#include <cstdlib>

#include "api/frame/definition.h"
#include "api/frame/raw_json.h"

namespace {

using namespace hookreel;

const json::value& data_of(const json::value& event) {
    return event.as_object().at("data");
}

// The raw text of a member is what the parser found there.
void compare(std::string_view text, const json::value& event) {
    const auto raw = api::raw_member(text, "data");
    if (!raw) return;  // Its name is written with escapes.
    const Result<json::value> again = parse_json(*raw, {.depth_max = 32});
    if (!again) std::abort();
    // A name that comes twice, once with escapes: the parser takes the last.
    if (*again != data_of(event) && !text.contains("\\u")) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
    static const api::Definition definition{api::Catalogue()};
    static const api::Operation& publish = *definition.find("POST", "/api/v1/events").operation;
    const std::string_view text(reinterpret_cast<const char*>(bytes), count);
    api::raw_elements(text);
    api::raw_member(text, "data");
    const Result<json::value> body = parse_json(text, {.depth_max = 32});
    if (!body) return 0;
    std::vector<api::FieldError> errors;
    api::check(*publish.body, *body, "", errors);
    if (!errors.empty()) return 0;
    if (body->is_object()) {
        compare(text, *body);
        return 0;
    }
    const auto elements = api::raw_elements(text);
    if (elements.size() != body->as_array().size()) std::abort();
    for (std::size_t i = 0; i < elements.size(); ++i)
        compare(elements[i], body->as_array()[i]);
    return 0;
}
