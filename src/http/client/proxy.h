// An egress proxy: an HTTP proxy through which all requests of a client go.
//
// https goes through a tunnel (CONNECT), so the proxy sees host and port only; http is handed over
// in absolute form, so the proxy sees all of it, and its own answers (502, 504) look like the
// receiver's. With a proxy it is the proxy that looks names up and connects: our address rules then
// hold for targets that are written as addresses, or as localhost, and the proxy must hold its own
// rules for names. The proxy itself is the operator's choice and not checked. Values, no threads.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "http/url.h"

namespace hookreel::http {

struct Proxy {
    Url url;
    std::string authorization;  // The value of Proxy-Authorization; empty: none. A secret.
};

// "http://proxy.example:3128" or "http://user:password@proxy.example:3128", user and password
// percent-encoded. The connection to the proxy itself is not encrypted. Errors: invalid, without
// repeating the text, which may hold a password.
Result<Proxy> parse_proxy(std::string_view text);

}  // namespace hookreel::http
