// Endpoints as the API finds, reads and writes them. Pure functions.
#pragma once

#include "api/frame/fields.h"
#include "api/frame/problem.h"
#include "api/resources/call.h"
#include "model/endpoint.h"

namespace hookreel::api {

// The endpoint that the path names, when the caller may know of it.
Answer<store::Endpoints::Pointer> meant_endpoint(const Call& call);

// Whether anybody would send to it: what is for a disabled one only dies. Errors: 409.
Answer<void> check_enabled(const model::Endpoint& endpoint);
// Whether it is sent to now: a paused one is not either. Errors: 409.
Answer<void> check_sent_to(const model::Endpoint& endpoint);

// Sets what the fields name and leaves the rest. Null brings a member back to its default, which is
// the dialect's own for the schedule.
Answer<void> read_endpoint(const Fields& fields, const Services& with, model::Endpoint& endpoint);

// redacted: the values of its headers and the query of its URL, which may let whoever knows them
// into the receiver, are "***".
enum class View { whole, redacted };
// whole for whoever may change endpoints.
View view_of(const Caller& caller);

// Everything but secrets and private keys. `standing` is null when nobody knows it.
json::object endpoint_json(const model::Endpoint& endpoint, const model::Standing* standing,
                           View view);
// Without its query, which may hold secrets.
std::string shown_url(const model::Endpoint& endpoint);
// The names of the members in which they differ, as the audit log tells them: "headers, secrets,
// url: https://example.com/hook".
std::string changed_members(const model::Endpoint& before, const model::Endpoint& after);
// The live secrets with their values.
json::array secrets_json(const model::Endpoint& endpoint, TimePoint now);
// What a receiver verifies with: the secret itself, or the public key that belongs to it.
std::string verification_key(const model::Secret& secret);

// Null when there is none of that name.
const EndpointDialect* find_dialect(const Services& with, std::string_view name);

}  // namespace hookreel::api
