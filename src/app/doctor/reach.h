// Looks at what is reached over the network: name servers, a receiver's URL from its look-up to its
// certificate, and a running server. Sends no request to the URL. Also at the address under which
// this machine is to be reached.
//
// Each step has a deadline of some seconds. Threads: one loop.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/doctor/finding.h"
#include "base/async.h"
#include "http/client/address_rules.h"
#include "http/tls.h"
#include "http/url.h"

namespace hookreel::app::doctor {

struct Network {
    Loop& loop;
    http::AddressRules rules;  // Of the server, for callbacks.
    std::string ca_file;       // Extra authorities, PEM.
    std::string name_servers;  // "127.0.0.1:5353"; empty: the system's.
};

// Whether name servers answer: for each of `names`, or for a name that cannot exist when there are
// none (RFC 2606).
Task<Findings> check_names(Network& network, std::vector<std::string> names);

// Look-up, address rules, connection, and for https the certificate: chain, name, days left.
Task<Findings> check_url(Network& network, std::string url);

// GET /readyz of the server at that address, and its clock.
Task<Findings> check_server(Network& network, std::string url);

// Where a server would listen.
struct Place {
    std::string address;
    std::uint16_t port = 0;
    http::Url::Scheme scheme = http::Url::Scheme::http;
};
// Whether one could listen there. An address in use is well when a server answers at it.
Task<Findings> check_listening(Network& network, Place place);

// How long a certificate that is valid at `now` stays so.
Finding judge_certificate(std::string_view subject, const http::CertificateFacts& facts,
                          TimePoint now);

}  // namespace hookreel::app::doctor
