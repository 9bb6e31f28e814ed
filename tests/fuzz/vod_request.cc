// Any bytes as the parameters and the signature of an API call.
//
// The first byte chooses the action, the second how the rest is read. What parses must hold the
// definition's types, or Members would throw; and what a form gives is what its JSON gives.
#include <cstdlib>

#include "base/text.h"
#include "dialect/tencent_vod/protocol/json_text.h"
#include "dialect/tencent_vod/protocol/parameters.h"
#include "dialect/tencent_vod/protocol/signature.h"

namespace {

using namespace hookreel;
using namespace hookreel::dialect::tencent_vod;

void read_parameters(const schema::Object& type, std::string_view text) {
    const auto checked = parse_parameters(type, text, Unknown::ignored);
    if (!checked) return;
    const auto again = parse_parameters(type, write_json(*checked), Unknown::refused);
    if (!again || again->size() != checked->size()) std::abort();
}

void read_form(const schema::Object& type, std::string_view text) {
    const Result<Form> form = parse_form(text);
    if (!form) return;
    const auto checked = parse_parameters(type, *form, Unknown::ignored);
    if (!checked) return;
    const auto again = parse_parameters(type, write_json(*checked), Unknown::refused);
    if (!again || again->size() != checked->size()) std::abort();
}

void verify(std::string_view text) {
    const std::size_t cut = text.find('\n');
    http::RequestHead head{"POST",
                           "/",
                           {{"Authorization", std::string(text.substr(0, cut))},
                            {"X-TC-Timestamp", "1772439000"},
                            {"Host", "localhost"},
                            {"Content-Type", "application/json"}},
                           "127.0.0.1"};
    const std::string_view body = cut == text.npos ? std::string_view() : text.substr(cut + 1);
    const KeyLookup any = [](std::string_view) { return std::optional<std::string>("key"); };
    DerivedKeys derived;
    const TimePoint now = from_unix_seconds(1772439000);
    (void)verify_tc3({head, body}, now, any, derived);
    if (const Result<Form> form = parse_form(body)) (void)verify_v1(head, *form, now, any);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const auto actions = schema::actions();
    const schema::Object& type = *actions[data[0] % actions.size()].input;
    const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
    switch (data[1] % 3) {
        case 0:
            read_parameters(type, text);
            break;
        case 1:
            read_form(type, text);
            break;
        default:
            verify(text);
    }
    return 0;
}
