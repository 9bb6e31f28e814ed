// The native API: JSON over HTTP under /api/v1, as its OpenAPI document describes it.
//
// A request is refused by the first of these that fails: its path and method, the token, the rate,
// the scope, the parameters, the kind and size of the body, what is in it. All of that comes from
// the definition; the functions of api/resources do the rest. Threads: any loop; many requests at a
// time.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "api/access/rate_limits.h"
#include "api/resources/call.h"
#include "api/resources/handle_seal.h"
#include "api/resources/operations.h"
#include "base/async.h"
#include "http/request.h"

namespace hookreel::api {

class NativeApi {
 public:
    // What the services are made of; all outlive this.
    struct Parts {
        store::Store& store;
        store::Applications& applications;
        store::Endpoints& endpoints;
        store::Consumers& consumers;
        store::AccessKeys& keys;
        const store::Announcer& announcer;
        const Clock& clock;
        const Log& log;
        UploadPorts uploads;
        Handshake* handshake = nullptr;  // Null: endpoints have no origin.
        // Heard after a delivery was made due by hand: it is to be sent before others. May be
        // empty.
        std::function<void(const store::Delivery&)> retried{};
        // How endpoints are doing; empty: nobody knows, as if each sent freely.
        AskStandings standings{};
        SpanSink* spans = nullptr;  // Null: nobody looks at traces.
    };
    struct Values {
        Catalogue catalogue;
        std::vector<EndpointDialect> dialects;  // The first is the default; at least one.
        std::string owner_token;                // Empty: none.
        ApiSettings settings;
    };

    // Throws std::logic_error when the definition and the functions do not fit together.
    NativeApi(Parts parts, Values values);

    // Reads tokens and accounts, and finishes what a crash cut. Called once, before `handle`.
    Task<Result<void>> load();

    // Answers a request whose path begins with /api/.
    Task<http::Response> handle(http::Request& request);

    // Removes one step of audit records that are too old; how many.
    Task<Result<int>> purge(TimePoint now);
    // Does so every hour, until it is cancelled.
    Task<void> tend();

    const Definition& definition() const { return definition_; }

 private:
    Answer<const Operation*> route(const http::RequestHead& head, json::object& path) const;
    Answer<Caller> authenticate(const http::Request& request, TimePoint now);
    Answer<model::ApplicationId> application(const Caller& caller, const json::object& query) const;
    Task<Answer<http::Response>> answer(http::Request& request, TimePoint now,
                                        http::Headers& headers);

    const Values values_;
    Tokens tokens_;
    Accounts accounts_;
    HandleSeal handles_;
    const Services services_;
    const Definition definition_;
    std::map<std::string, Function, std::less<>> functions_;  // By operation.
    RateLimits rates_;
    RateLimits refusals_;  // Of wrong tokens, by address.
};

}  // namespace hookreel::api
