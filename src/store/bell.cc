#include "store/bell.h"

#include <algorithm>

namespace hookreel::store {

Bell::Bell(Executor loop, std::move_only_function<void()> heard)
    : work_(loop), heard_(std::move(heard)) {}

void Bell::ring() {
    if (heard_) heard_();
}

void Bell::ring_within(const std::shared_ptr<Bell>& bell, Duration wait) {
    if (!bell->heard_) return;
    const auto at = std::chrono::steady_clock::now() +
                    std::clamp<Duration>(wait, Duration(0), std::chrono::hours(24));
    if (bell->timer_ && bell->timer_->expiry() <= at) return;
    bell->timer_ = std::make_unique<Timer>(bell->loop(), at);
    bell->timer_->async_wait([bell](const boost::system::error_code& error) {
        if (error) return;
        bell->timer_.reset();
        bell->ring();
    });
}

void Bell::silence() {
    heard_ = nullptr;
    timer_.reset();
    work_.reset();
}

void ring(std::shared_ptr<Bell> bell) {
    const Executor loop = bell->loop();
    asio::post(loop, [bell = std::move(bell)] { bell->ring(); });
}

}  // namespace hookreel::store
