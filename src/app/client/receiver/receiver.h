// Takes normal callbacks of every dialect, checks their signature, and answers as it is told: well,
// with an error, late, not in time, or as another server answers to which it sends them on.
//
// Threads: one loop.
#pragma once

#include <functional>
#include <string>

#include "app/client/receiver/forwarder.h"
#include "app/client/receiver/signature_check.h"
#include "base/async.h"
#include "base/log.h"
#include "http/server/server.h"

namespace hookreel::app::client {

struct Callback {
    int number = 1;  // 1 for the first that came.
    TimePoint at{};
    http::RequestHead head;
    std::string body;
    Reading reading;
    Verdict verdict;
};

struct ReceiverOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;
    ReceiverKeys keys;
    int status = 200;
    Duration delay{0};   // Before each answer.
    int fail_first = 0;  // So many callbacks get no answer in time.
};

// Who hears of what comes. All may be empty.
struct ReceiverReports {
    std::function<void(const Callback&)> on_callback;  // Before the answer is given.
    // The question by OPTIONS whether `origin` may call; it may (CloudEvents 1.0.2, HTTP 1.1 Web
    // Hooks, 4).
    std::function<void(std::string_view origin)> on_handshake;
    std::function<void(const Callback&, const Forwarded&)> on_forwarded;
};

class Receiver {
 public:
    // The references outlive it, and the forwarder does, if there is one: then its target answers,
    // also to other methods than POST.
    Receiver(Loop& loop, ReceiverOptions options, const Clock& clock, const Log& log,
             ReceiverReports reports, Forwarder* forwarder = nullptr);

    // Errors: as http::Server::start.
    Result<void> start();
    // "http://127.0.0.1:9000/callback"
    std::string url() const;
    Task<void> stop();

 private:
    Task<http::Response> take(http::Request& request);
    http::Response permit(const http::RequestHead& head);
    Task<http::Response> forward(Callback callback);

    ReceiverOptions options_;
    const Clock& clock_;
    ReceiverReports reports_;
    Forwarder* forwarder_;
    int taken_ = 0;
    http::Server server_;
};

}  // namespace hookreel::app::client
