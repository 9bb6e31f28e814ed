// The signature of the object protocol, from anyone: the first line is the Authorization header,
// the rest the query.
#include <cstdlib>

#include "base/text.h"
#include "dialect/cos/signature.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
    namespace cos = hookreel::dialect::cos;
    using namespace hookreel;
    const std::string_view text(reinterpret_cast<const char*>(bytes), count);
    const std::size_t line = std::min(text.find('\n'), text.size());
    http::Headers headers = {{"Host", "example.com:80"}};
    headers.add("Authorization", std::string(text.substr(0, line)));
    const Result<cos::Form> query = parse_form(text.substr(std::min(text.size(), line + 1)));
    const cos::Form parameters = query.value_or(cos::Form{});
    const Result<cos::Signature> signature = cos::read_signature(headers, parameters);
    if (!signature) return 0;
    (void)cos::timeliness(*signature, TimePoint(std::chrono::seconds(1'800'000'000)));
    const cos::SignedRequest request{"PUT", "/key", parameters, headers};
    // Nobody can know a key of 32 random letters.
    if (cos::fits(*signature, request, "7dXk2PqVb0aNsE5uRtYw9LmZc4HgJf1Q")) std::abort();
    return 0;
}
