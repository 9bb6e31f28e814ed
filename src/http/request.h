// A request as whoever answers it sees it, and who answers it.
//
// Threads: the loop of the request's connection.
#pragma once

#include <functional>
#include <optional>

#include "base/async.h"
#include "base/trace_context.h"
#include "http/message.h"

namespace hookreel::http {

// One request as the handler sees it. The body is read by the handler, as far as it wants; what it
// leaves is skipped up to a small limit, else the connection is closed after the answer.
class Request : public ByteSource {
 public:
    // The trace of which the answering is a part; set by the server's door before the handler is
    // called.
    TraceContext trace;
    // The pattern of the path, such as "/api/v1/endpoints/{id}"; set by who knows it, for traces.
    std::string route;

    virtual const RequestHead& head() const = 0;
    // Whether it came over TLS.
    virtual bool secure() const = 0;
    // Whether the caller hung up meanwhile, so that an answer would reach nobody. A look, not a
    // wait; a handler that waited long asks before it takes anything for its caller.
    virtual bool peer_is_gone() const { return false; }
    // The announced length, if there is one.
    virtual std::optional<std::uint64_t> content_length() const = 0;
};

// Exceptions that leave a handler become 500 and a log line.
using Handler = std::function<Task<Response>(Request&)>;

}  // namespace hookreel::http
