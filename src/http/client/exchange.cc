#include "http/client/exchange.h"

#include <fmt/format.h>

#include <algorithm>

namespace hookreel::http {

using boost::system::error_code;

namespace {

// So that the sum with the time of day always fits.
constexpr std::chrono::days timeout_max{365};

}  // namespace

Exchange::Exchange(DeadlineSweep& sweep, Duration timeout)
    : timeout_(std::min<Duration>(timeout, timeout_max)),
      limit_(timeout_),
      begin_(std::chrono::steady_clock::now()),
      end_(begin_ + timeout_),
      deadline_(sweep, [this] { interrupt(Code::timed_out); }) {
    deadline_.set(timeout_, begin_);
}

void Exchange::begin_opening(Duration limit) {
    const auto now = std::chrono::steady_clock::now();
    limit_ = std::min(limit, left());
    end_ = now + limit_;
    deadline_.set(limit_, now);
}

void Exchange::end_opening() {
    limit_ = timeout_;
    end_ = begin_ + timeout_;
    if (!reason_) deadline_.set(timeout_, begin_);
}

void Exchange::renew() {
    begin_ = std::chrono::steady_clock::now();
    end_opening();
}

void Exchange::wait_on(Socket& socket, std::string_view phase) {
    socket_ = &socket;
    phase_ = phase;
}

void Exchange::wait_on(Timer& timer, std::string_view phase) {
    timer_ = &timer;
    phase_ = phase;
}

void Exchange::interrupt(Code reason) {
    if (!reason_) reason_ = reason;
    error_code ignored;
    if (socket_ != nullptr) socket_->cancel(ignored);
    if (timer_ != nullptr) timer_->cancel();
}

Duration Exchange::left() const {
    const auto left = end_ - std::chrono::steady_clock::now();
    return std::max(Duration(1), std::chrono::ceil<Duration>(left));
}

Error Exchange::failure(std::string_view kind, const error_code& error) const {
    if (reason_ == Code::timed_out)
        return {Code::timed_out, fmt::format("timeout: {}, after {} ms", phase_, limit_.count())};
    if (reason_ || error == asio::error::operation_aborted)
        return {Code::cancelled, "cancelled: the request was given up"};
    const bool is_tls = error.category() == tls_category();
    const auto text = error == asio::error::eof ? "the peer closed" : error.message();
    return {Code::network, fmt::format("{}: {}, {}", is_tls ? "tls" : kind, phase_, text)};
}

}  // namespace hookreel::http
