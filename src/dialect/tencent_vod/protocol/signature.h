// The two signatures of the API: TC3-HMAC-SHA256 in a header, and the older v1 among the
// parameters.
//
// Signing and verifying are functions of values; only the derived keys are remembered. The rules
// and their oddities: docs/formats/tencent-vod.md, "Signatures". Threads: any.
#pragma once

#include <expected>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/digest.h"
#include "http/message.h"
#include "model/application.h"

namespace hookreel::dialect::tencent_vod {

// How far a request's time may be from ours, in either direction.
inline constexpr std::chrono::seconds signature_window{300};

// In the order in which they are found out.
enum class SignatureFault {
    malformed,  // No signature, or not of the form; also "SKIP", a call that asks to be unsigned.
    no_timestamp,  // Missing, or not a number.
    expired,       // Outside of the window.
    unknown_key,
    wrong,  // It does not fit the request and the key.
};

// The secret key of a key id; nothing when there is no such id.
using KeyLookup = std::function<std::optional<std::string>(std::string_view secret_id)>;

// The keys that TC3 derives from a secret key for one day and service, so that a request costs one
// derivation less. Only keys that proved right are remembered, at most 1,024.
class DerivedKeys {
 public:
    struct Scope {
        std::string_view secret_key;
        std::string_view date;  // "2026-03-02"
        std::string_view service;
    };

    std::optional<std::string> find(const Scope& scope) const;
    void remember(const Scope& scope, std::string key);
    std::size_t size() const;

 private:
    mutable std::mutex mutex_;
    std::unordered_map<std::string, std::string> keys_;
};

struct SignedRequest {
    const http::RequestHead& head;
    std::string_view body;  // The raw bytes.
};

// Checks the Authorization header. Returns the id of the key that signed.
//
// The service is whatever the header says. Host is taken as it came and then without its port, each
// value trimmed and then in lower case, because SDKs differ. Both must be among the signed headers,
// of which at most 32 are taken.
std::expected<std::string, SignatureFault> verify_tc3(const SignedRequest& request, TimePoint now,
                                                      const KeyLookup& key_of,
                                                      DerivedKeys& derived);

using Form = std::vector<std::pair<std::string, std::string>>;  // Decoded, in order.

// Checks the v1 signature among the parameters of a query or form: HmacSHA1, or HmacSHA256 when
// SignatureMethod says so. Returns the id of the key that signed.
std::expected<std::string, SignatureFault> verify_v1(const http::RequestHead& head,
                                                     const Form& parameters, TimePoint now,
                                                     const KeyLookup& key_of);

// A call as a client makes it: POST to "/", with a JSON body.
struct ApiCall {
    std::string action;
    std::string host;        // As the Host header will be: "127.0.0.1:8080".
    std::string body;        // "{}" when there are no parameters.
    std::string token = {};  // Of temporary keys.
};

// All headers of the signed request but Host and Content-Length.
http::Headers sign_tc3(const ApiCall& call, const model::KeyPair& keys, TimePoint now);

// What both signatures sign, and how; for tests and clients of the older form.
std::string derive_key(const DerivedKeys::Scope& scope);
std::string v1_text(std::string_view method, std::string_view host, Form parameters);
std::string v1_signature(Algorithm algorithm, const model::KeyPair& keys, std::string_view text);

}  // namespace hookreel::dialect::tencent_vod
