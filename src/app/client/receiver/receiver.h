// Takes normal callbacks, checks their signature, and answers as it is told: well, with an error,
// late, or not in time.
//
// Threads: one loop.
#pragma once

#include <functional>
#include <string>

#include "base/async.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "http/server/server.h"

namespace hookreel::app::client {

// What the `Sign` and `T` of a callback say (Tencent b.4).
enum class Signature {
    unchecked,  // No key was given.
    good,
    missing,
    wrong,
    expired,
};
std::string_view name(Signature signature);

// Whether `event` was signed with `key`: Sign = MD5(key + T), and T is not yet over.
Signature check_signature(const json::object& event, std::string_view key, TimePoint now);

struct Callback {
    int number = 1;  // 1 for the first that came.
    TimePoint at{};
    std::string target;
    std::string body;
    Result<json::value> event;  // An error when the body is not JSON.
    Signature signature = Signature::unchecked;
};

struct ReceiverOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;
    std::string sign_key;  // Empty: signatures are not checked.
    int status = 200;
    Duration delay{0};   // Before each answer.
    int fail_first = 0;  // So many callbacks get no answer in time.
};

class Receiver {
 public:
    using OnCallback = std::function<void(const Callback&)>;

    // The references outlive it. `on_callback` runs before the answer is given.
    Receiver(Loop& loop, ReceiverOptions options, const Clock& clock, const Log& log,
             OnCallback on_callback);

    // Errors: as http::Server::start.
    Result<void> start();
    // "http://127.0.0.1:9000/callback"
    std::string url() const;
    Task<void> stop();

 private:
    Task<http::Response> take(http::Request& request);

    ReceiverOptions options_;
    const Clock& clock_;
    OnCallback on_callback_;
    int taken_ = 0;
    http::Server server_;
};

}  // namespace hookreel::app::client
