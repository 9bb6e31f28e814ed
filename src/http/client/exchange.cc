#include "http/client/exchange.h"

#include <fmt/format.h>

#include <algorithm>

namespace hookreel::http {

using boost::system::error_code;

Exchange::Exchange(DeadlineSweep& sweep, Duration timeout)
    : timeout_(timeout),
      begin_(std::chrono::steady_clock::now()),
      deadline_(sweep, [this] { interrupt(Code::timed_out); }) {
    deadline_.set(timeout, begin_);
}

void Exchange::wait_on(Socket& socket, std::string_view phase) {
    socket_ = &socket;
    phase_ = phase;
}

void Exchange::interrupt(Code reason) {
    if (!reason_) reason_ = reason;
    error_code ignored;
    if (socket_ != nullptr) socket_->cancel(ignored);
}

Duration Exchange::left() const {
    const auto left = begin_ + timeout_ - std::chrono::steady_clock::now();
    return std::max(Duration(1), std::chrono::ceil<Duration>(left));
}

Error Exchange::timed_out(std::string_view phase) const {
    return {Code::timed_out, fmt::format("timeout: {}, after {} ms", phase, timeout_.count())};
}

Error Exchange::failure(std::string_view kind, const error_code& error) const {
    if (reason_ == Code::timed_out) return timed_out(phase_);
    if (reason_ || error == asio::error::operation_aborted)
        return {Code::cancelled, "cancelled: the request was given up"};
    const auto text = error == asio::error::eof ? "the peer closed" : error.message();
    return {Code::network, fmt::format("{}: {}, {}", kind, phase_, text)};
}

}  // namespace hookreel::http
