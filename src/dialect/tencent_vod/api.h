// The API of Tencent Cloud VOD (2018-07-17): one URL, an action per request, an answer in JSON.
//
// A request is refused by the first of these that fails: its size, the action, the version, the
// form of the signature, its time, its key, the signature itself, the rate, the rights of the key,
// the parameters, the application (open point 24). Threads: any loop; many requests at a time.
#pragma once

#include "base/async.h"
#include "dialect/tencent_vod/actions/frame/call.h"
#include "dialect/tencent_vod/protocol/rate_limits.h"
#include "dialect/tencent_vod/protocol/signature.h"
#include "http/request.h"

namespace hookreel::dialect::tencent_vod {

struct ApiSettings {
    Unknown unknown_parameters = Unknown::ignored;
    Rates rates = Rates::lifted;
};

// Spec a.4. Over it: RequestSizeLimitExceeded.
inline constexpr std::size_t query_bytes_max = 32 * 1024;
inline constexpr std::size_t form_bytes_max = 1024 * 1024;       // POST with a v1 signature.
inline constexpr std::size_t json_bytes_max = 10 * 1024 * 1024;  // POST with a v3 signature.
inline constexpr std::size_t form_pairs_max = 10'000;

class VodApi {
 public:
    explicit VodApi(Dependencies with, ApiSettings settings = {});

    // Serves a request for "/". The status is 200 whatever happens, but for a body that did not
    // come: 408 when it was too slow, 400 when it broke the protocol.
    Task<http::Response> handle(http::Request& request);

 private:
    struct Incoming;
    // A key pair, with whoever signs with it.
    struct KnownKey {
        Signer signer;
        std::string secret;
    };

    Answer<Incoming> read(const http::RequestHead& head, std::string body) const;
    std::optional<KnownKey> find_key(std::string_view secret_id) const;
    Answer<Signer> authenticate(const http::RequestHead& head, const Incoming& incoming,
                                TimePoint now);
    Answer<json::object> parameters(const Incoming& incoming) const;
    Answer<store::Applications::Pointer> application(const schema::Action& action,
                                                     const Signer& signer,
                                                     const Members& parameters) const;
    Task<Answer<std::string>> answer(const http::Request& request, std::string body,
                                     http::Headers& notes);

    Dependencies with_;
    ApiSettings settings_;
    RateLimits rates_;
    DerivedKeys derived_keys_;
};

}  // namespace hookreel::dialect::tencent_vod
