// Sends requests on to one URL, as a gateway does (RFC 9110, 7.6): with their method, the fields
// that are meant for the other end, and the body byte for byte; and brings the answer back.
//
// Bounded: 30 s for all of it, 4 MiB of answer. A target that is not there is an answer too, 502,
// or 504 when it took too long. What comes back to where it went out is answered with 508. Threads:
// one loop.
#pragma once

#include <string>
#include <string_view>

#include "http/client/client.h"
#include "http/message.h"

namespace hookreel::app::client {

// Without the fields of one connection (RFC 9110, 7.6.1), and without those that are written anew:
// Host, Content-Length.
http::Headers end_to_end(const http::Headers& headers);

struct Forwarded {
    http::Response response;  // For whoever sent the request.
    Duration took{0};
    std::string trouble;  // Why there is no answer of the target; empty: there is.
};

class Forwarder {
 public:
    // `client` outlives it.
    Forwarder(http::Client& client, http::Url target);

    Task<Forwarded> send(http::RequestHead head, std::string body);
    // The target as it was given, "http://127.0.0.1:3000/hook".
    std::string target() const;

 private:
    bool came_from_here(const http::Headers& headers) const;
    Forwarded no_answer(int status, std::string trouble) const;

    http::Client& client_;
    http::Url target_;
    std::string via_;  // Ours in Via, by which a loop is noticed.
};

}  // namespace hookreel::app::client
