// Keys and data of applications: the neutral body stays JSON, and its data is found in it again.
// Secrets and headers that a caller sets are taken or refused, never half.
#include "base/json.h"
#include "dialect/standard/events/event_body.h"
#include "dialect/standard/sending/cloud_events.h"
#include "dialect/standard/signing/signature.h"
#include "model/headers.h"
#include "model/secrets.h"

using namespace hookreel;
namespace standard = dialect::standard;

namespace {

void require(bool holds) {
    if (!holds) __builtin_trap();
}

void check_event(const std::string& key, const std::string& data) {
    if (!parse_json(data)) return;
    const model::Event event{model::EventId("e1"), model::ApplicationId(1), TimePoint{},
                             model::CustomEvent{"a.b", key, data}};
    const std::string body = standard::event_body(event, {});
    require(parse_json(body).has_value());
    require(standard::data_of(body) == data);
}

void check_secret(const std::string& value) {
    for (const auto algorithm :
         {model::Secret::Algorithm::hmac_sha256, model::Secret::Algorithm::ed25519}) {
        const model::Secret secret{algorithm, value};
        const bool sound = model::signing_key(secret).has_value();
        require(standard::signatures({secret}, {"e1", TimePoint{}, "{}"}).has_value() == sound);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(bytes), size);
    const std::size_t half = text.find('\n');
    const std::string first = text.substr(0, half);
    const std::string rest = half == std::string::npos ? "" : text.substr(half + 1);
    check_event(first, rest);
    check_secret(first);
    for (const char c : standard::header_value(text))
        require(c > ' ' && c < 0x7f);
    if (model::check_header({first, rest})) require(!rest.contains('\n') && !first.contains(':'));
    return 0;
}
