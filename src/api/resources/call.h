// A request as the functions of the API see it: routed, allowed, and with everything that the
// definition says of it checked. What they answer, and what they need from outside.
//
// Threads: a Call belongs to one loop; Services are shared by all.
#pragma once

#include <string>
#include <vector>

#include "api/access/accounts.h"
#include "api/access/audit_log.h"
#include "api/access/scopes.h"
#include "api/access/tokens.h"
#include "api/frame/catalogue.h"
#include "api/frame/definition.h"
#include "api/frame/fields.h"
#include "api/frame/problem.h"
#include "api/resources/handle_seal.h"
#include "api/resources/handshake.h"
#include "base/async.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/span.h"
#include "http/client/address_rules.h"
#include "http/request.h"
#include "media/uploads/resumable_uploads.h"
#include "model/endpoint.h"
#include "model/standing.h"
#include "store/access_keys.h"
#include "store/announcer.h"
#include "store/applications.h"
#include "store/consumers.h"
#include "store/endpoints.h"
#include "store/store.h"

namespace hookreel::api {

// A dialect that an endpoint may have.
struct EndpointDialect {
    std::string name;
    model::Schedule schedule;  // Of an endpoint that names none.
};

struct ApiSettings {
    std::size_t event_bytes_max = 256 * 1024;  // Of an event's data.
    double requests_per_second = 0;            // Of a caller; 0: no limit.
    http::AddressRules address_rules;          // Where endpoints may be.
};

// Where files come in.
struct UploadPorts {
    media::Uploads& whole;
    media::ResumableUploads& resumable;
    std::function<std::string(std::string_view path)> address;  // Of a file of the library.
};

using AskStandings = std::function<Task<model::Standings>(std::vector<model::EndpointId>)>;

// All outlive the API.
struct Services {
    store::Store& store;
    store::Applications& applications;
    store::Endpoints& endpoints;
    store::Consumers& consumers;
    const store::Announcer& announcer;
    store::AccessKeys& keys;
    Tokens& tokens;
    Accounts& accounts;
    const Catalogue& catalogue;
    const std::vector<EndpointDialect>& dialects;  // The first is the default.
    const Clock& clock;
    const Log& log;
    const ApiSettings& settings;
    const HandleSeal& handles;
    UploadPorts uploads;
    Handshake* handshake = nullptr;  // Null: endpoints have no origin.
    // Heard after a delivery was made due by hand: it is to be sent before others.
    std::function<void(const store::Delivery&)> retried;
    AskStandings standings;     // May be empty.
    SpanSink* spans = nullptr;  // Null: nobody looks at traces.
};

struct Call {
    const Services& with;
    const Definition& definition;
    http::Request& request;
    const Operation& operation;
    const Caller& caller;
    model::ApplicationId application;  // The one that is meant.
    TimePoint now{};
    json::object path;  // Parameters, checked.
    json::object query;
    json::value body;       // Checked; null when there is none.
    std::string body_text;  // As it came.

    std::string id() const { return Fields(path).text_or("id", ""); }
    // The members of a body; none when there is no body.
    Fields fields() const;
    Fields parameters() const { return Fields(query); }
};

struct Reply {
    std::string body;  // JSON; empty: none.
    int status = 0;    // 0: the operation's own.
    http::Headers headers = {};
};

using Function = Task<Answer<Reply>> (*)(Call&);

Reply reply(const json::value& body);

// The commit of a change begins with its record in the audit log.
struct Change {
    std::string_view action;  // "endpoint.created"
    std::string target;
    std::string detail;
};
store::Commit audited(const Call& call, Change change);

// Times as the API writes them; `never` is null.
json::value time_text(TimePoint time);

// Without a fraction or an exponent where it needs none: 5, not 5E0. At most 2^53.
json::value number(double value);

// Slower rates are no rates: 0, or at least this.
inline constexpr double rate_min = 0.001;
Answer<void> check_rate(std::string_view field, double rate);

// A page: {"items":[…],"next_cursor":…}. `cursor` is the store's own, or empty at the end.
// What is answered says which operation it is of, and goes on with no other.
Reply page(const Call& call, json::array items, const std::string& cursor);
// The cursor of the request, as it was given to `page`; empty: the beginning.
Answer<std::string> cursor(const Call& call);
int limit(const Call& call);
// One page of things that are held in memory, ascending by id.
template <class Thing>
Answer<Reply> page_of(const Call& call, const std::vector<Thing>& all,
                      json::object (*told)(const Thing&)) {
    const Answer<std::string> from = cursor(call);
    if (!from) return std::unexpected(from.error());
    json::array items;
    std::string last, next;
    for (const Thing& thing : all) {
        if (thing.id <= *from) continue;
        if (items.size() == static_cast<std::size_t>(limit(call))) {
            next = last;
            break;
        }
        items.push_back(told(thing));
        last = thing.id;
    }
    return page(call, std::move(items), next);
}
// The members `since` and `until`, which must be in this order.
Answer<store::Span> span(const Fields& fields);
// How those of the endpoints are doing that have a sender.
Task<model::Standings> standings(const Call& call, std::vector<model::EndpointId> ids);

// Searches refuse a cursor that is not theirs with `invalid`.
std::unexpected<Problem> refuse_search(const Error& error);

}  // namespace hookreel::api
