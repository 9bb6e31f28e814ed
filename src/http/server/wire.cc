#include "http/server/wire.h"

#include <array>
#include <boost/asio/post.hpp>

namespace hookreel::http {

using boost::system::error_code;

namespace {

constexpr Duration linger_time{2'000};
// So that who sends more than an API takes (10 MiB) gets to read why it was refused.
constexpr std::size_t linger_bytes_max = 16 * 1024 * 1024;
// A larger buffer is given back when it was written.
constexpr std::size_t output_kept_max = 16 * 1024;

}  // namespace

Wire::Wire(Socket socket, DeadlineSweep& sweep, std::size_t input_bytes_max)
    : stream_(std::move(socket)), input_(input_bytes_max), deadline_(sweep, [this] {
          is_expired_ = true;
          stream_.cancel();
      }) {}

void Wire::cut() {
    is_cut_ = true;
    stream_.cancel();
}

void Wire::set_deadline(Duration limit) {
    is_expired_ = false;
    deadline_.set(limit);
}

// The deadline may pass just when a read has its bytes, and then there is nothing to cancel: so it
// is also asked before each wait.
Result<void> Wire::check() const {
    if (is_cut_) return fail(Code::cancelled, "the server is stopping");
    if (is_expired_) return fail(Code::timed_out, "the peer was too slow");
    return {};
}

Error Wire::broken(const error_code& error) const {
    if (const auto checked = check(); !checked) return checked.error();
    return {Code::network, error == asio::error::eof ? "the peer closed" : error.message()};
}

Task<Result<void>> Wire::fill() {
    if (auto checked = check(); !checked) co_return checked;
    const auto space = input_.space();
    if (space.empty()) co_return fail(Code::too_large, "the input buffer is full");
    const auto [error, count] = co_await stream_.read_some(space);
    if (error) co_return fail(broken(error));
    input_.commit(count);
    co_return Result<void>();
}

Task<Result<std::size_t>> Wire::read(std::span<char> into) {
    if (const auto checked = check(); !checked) co_return fail(checked.error());
    const auto [error, count] = co_await stream_.read_some(into);
    if (error) co_return fail(broken(error));
    co_return count;
}

bool Wire::flush_now() {
    while (output_done_ < output_.size()) {
        const auto rest = std::string_view(output_).substr(output_done_);
        const auto [error, count] = stream_.write_now(rest);
        if (error || count == 0) return false;  // `flush` meets the error again and reports it.
        output_done_ += count;
    }
    output_done_ = 0;
    output_.clear();
    if (output_.capacity() > output_kept_max) output_.shrink_to_fit();
    return true;
}

void Wire::flush_soon() {
    if (flush_is_posted_ || output_.empty()) return;
    flush_is_posted_ = true;
    asio::post(stream_.socket().get_executor(), [self = weak_from_this()] {
        const auto wire = self.lock();
        if (!wire) return;
        wire->flush_is_posted_ = false;
        if (!wire->is_writing_) wire->flush_now();
    });
}

Result<void> Wire::limit_wait(const Patience& patience, DeadlineSweep::Time end) {
    const auto now = std::chrono::steady_clock::now();
    const auto left = std::chrono::ceil<Duration>(end - now);
    is_expired_ = left <= Duration(0);
    if (!is_expired_) deadline_.set(std::min(left, patience.stall), now);
    return check();
}

Task<Result<void>> Wire::flush(Patience patience) {
    if (flush_now()) co_return Result<void>();
    const auto end = std::chrono::steady_clock::now() + patience.whole(output_.size());
    while (!flush_now()) {
        if (auto limited = limit_wait(patience, end); !limited) co_return limited;
        const auto rest = std::string_view(output_).substr(output_done_);
        is_writing_ = true;
        const auto [error, count] = co_await stream_.write_some(rest);
        is_writing_ = false;
        if (error) co_return fail(broken(error));
        output_done_ += count;
    }
    co_return Result<void>();
}

Task<Result<void>> Wire::write(std::string_view bytes, Patience patience) {
    if (auto flushed = co_await flush(patience); !flushed) co_return flushed;
    const auto end = std::chrono::steady_clock::now() + patience.whole(bytes.size());
    while (!bytes.empty()) {
        if (auto limited = limit_wait(patience, end); !limited) co_return limited;
        const auto [error, count] = co_await stream_.write_some(bytes);
        if (error) co_return fail(broken(error));
        bytes.remove_prefix(count);
    }
    co_return Result<void>();
}

Task<Result<void>> Wire::write_file(FileBody file, Patience patience) {
    if (auto flushed = co_await flush(patience); !flushed) co_return flushed;
    const auto end = std::chrono::steady_clock::now() + patience.whole(file.length);
    while (file.length > 0) {
        if (auto limited = limit_wait(patience, end); !limited) co_return limited;
        const auto [error, count] = co_await stream_.write_file_some(file);
        if (error) co_return fail(broken(error));
        file.offset += count;
        file.length -= count;
    }
    co_return Result<void>();
}

Task<void> Wire::linger() {
    stream_.end_output();
    set_deadline(linger_time);
    std::array<char, 4096> ignored;
    for (std::size_t total = 0; total < linger_bytes_max && check();) {
        const auto [error, count] = co_await stream_.read_some(ignored);
        if (error) co_return;
        total += count;
    }
}

}  // namespace hookreel::http
