#include "http/stream.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace hookreel::http {

using boost::system::error_code;

namespace {

constexpr std::size_t file_piece_max = 256 * 1024;
constexpr std::size_t tls_file_piece_max = 16 * 1024;  // One TLS record.

error_code last_error() {
    return {errno, boost::system::system_category()};
}

bool would_block() {
    return errno == EAGAIN || errno == EWOULDBLOCK;
}

std::string handshake_error(const ssl_st* tls) {
    auto refused = refused_certificate(tls);
    return refused.empty() ? take_tls_error() : refused;
}

}  // namespace

Task<Result<void>> Stream::start_tls(TlsConnection tls) {
    tls_ = std::move(tls);
    SSL_set_fd(tls_.get(), socket_.native_handle());
    for (;;) {
        ERR_clear_error();
        const int result = SSL_do_handshake(tls_.get());
        if (result == 1) co_return Result<void>();
        const int state = SSL_get_error(tls_.get(), result);
        if (state == SSL_ERROR_SSL) co_return fail(Code::network, handshake_error(tls_.get()));
        const auto error = co_await wait_tls(result);
        const bool is_aborted = error == asio::error::operation_aborted;
        if (!error) continue;
        const auto text = error == asio::error::eof ? "the peer closed" : error.message();
        co_return fail(is_aborted ? Code::cancelled : Code::network, text);
    }
}

Task<error_code> Stream::wait_tls(int result) {
    auto kind = Socket::wait_read;
    switch (SSL_get_error(tls_.get(), result)) {
        case SSL_ERROR_WANT_READ:
            break;
        case SSL_ERROR_WANT_WRITE:
            kind = Socket::wait_write;
            break;
        case SSL_ERROR_ZERO_RETURN:
            co_return asio::error::eof;
        case SSL_ERROR_SYSCALL:
            co_return errno != 0 ? last_error() : asio::error::eof;
        default:
            co_return take_tls_error_code();
    }
    const auto [error] = co_await socket_.async_wait(kind, use_result);
    co_return error;
}

Task<std::tuple<error_code, char>> Stream::first_byte() {
    for (;;) {
        const auto [error] = co_await socket_.async_wait(Socket::wait_read, use_result);
        if (error) co_return std::tuple(error, '\0');
        char byte = 0;
        const auto count = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        if (count > 0) co_return std::tuple(error_code(), byte);
        if (count == 0) co_return std::tuple(error_code(asio::error::eof), '\0');
        if (!would_block() && errno != EINTR) co_return std::tuple(last_error(), '\0');
    }
}

Task<IoResult> Stream::read_some(std::span<char> into) {
    if (tls_) return read_tls(into);
    return socket_.async_read_some(asio::buffer(into.data(), into.size()), use_result);
}

Task<IoResult> Stream::read_tls(std::span<char> into) {
    // Mostly nothing has come yet, and a read would only say so.
    if (SSL_has_pending(tls_.get()) == 0) {
        const auto [error] = co_await socket_.async_wait(Socket::wait_read, use_result);
        if (error) co_return IoResult(error, 0);
    }
    for (;;) {
        ERR_clear_error();
        std::size_t count = 0;
        const int result = SSL_read_ex(tls_.get(), into.data(), into.size(), &count);
        if (result == 1) co_return IoResult(error_code(), count);
        const auto error = co_await wait_tls(result);
        if (error) co_return IoResult(error, 0);
    }
}

IoResult Stream::write_now(std::string_view bytes) {
    if (tls_) {
        ERR_clear_error();
        std::size_t count = 0;
        const int result = SSL_write_ex(tls_.get(), bytes.data(), bytes.size(), &count);
        if (result == 1) return {error_code(), count};
        const int state = SSL_get_error(tls_.get(), result);
        if (state == SSL_ERROR_WANT_READ || state == SSL_ERROR_WANT_WRITE) return {{}, 0};
        if (state == SSL_ERROR_SSL) return {take_tls_error_code(), 0};
        return {asio::error::connection_reset, 0};
    }
    for (;;) {
        const auto count = ::send(socket_.native_handle(), bytes.data(), bytes.size(),
                                  MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count >= 0) return {error_code(), static_cast<std::size_t>(count)};
        if (would_block()) return {error_code(), 0};
        if (errno != EINTR) return {last_error(), 0};
    }
}

Task<IoResult> Stream::write_some(std::string_view bytes) {
    if (!tls_) {
        const auto [error, count] =
            co_await socket_.async_write_some(asio::buffer(bytes), use_result);
        co_return IoResult(error, count);
    }
    for (;;) {
        ERR_clear_error();
        std::size_t count = 0;
        const int result = SSL_write_ex(tls_.get(), bytes.data(), bytes.size(), &count);
        if (result == 1) co_return IoResult(error_code(), count);
        const auto error = co_await wait_tls(result);
        if (error) co_return IoResult(error, 0);
    }
}

Task<IoResult> Stream::write_file_some(const FileBody& file) {
    return tls_ ? write_tls_file(file) : send_file(file);
}

Task<IoResult> Stream::send_file(const FileBody& file) {
    const auto piece = std::min<std::uint64_t>(file.length, file_piece_max);
    for (;;) {
        auto offset = static_cast<off_t>(file.offset);
        const auto count = ::sendfile(socket_.native_handle(), *file.descriptor, &offset, piece);
        if (count > 0) co_return IoResult(error_code(), static_cast<std::size_t>(count));
        if (count == 0) co_return IoResult(asio::error::eof, 0);
        if (errno == EINTR) continue;
        if (!would_block()) co_return IoResult(last_error(), 0);
        const auto [error] = co_await socket_.async_wait(Socket::wait_write, use_result);
        if (error) co_return IoResult(error, 0);
    }
}

Task<IoResult> Stream::write_tls_file(const FileBody& file) {
    std::array<char, tls_file_piece_max> piece;
    const auto wanted = std::min<std::uint64_t>(file.length, piece.size());
    const auto count =
        ::pread(*file.descriptor, piece.data(), wanted, static_cast<off_t>(file.offset));
    if (count < 0) co_return IoResult(last_error(), 0);
    if (count == 0) co_return IoResult(asio::error::eof, 0);
    const std::string_view all(piece.data(), static_cast<std::size_t>(count));
    // OpenSSL wants the same bytes again after a wait, so the piece is written whole.
    for (std::size_t done = 0; done < all.size();) {
        const auto [error, written] = co_await write_some(all.substr(done));
        if (error) co_return IoResult(error, 0);
        done += written;
    }
    co_return IoResult(error_code(), all.size());
}

IoResult Stream::look() {
    char byte;
    if (!tls_ || SSL_has_pending(tls_.get()) == 0) {
        const auto count = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        if (count == 0) return {asio::error::eof, 0};
        if (count < 0) return {would_block() ? error_code() : last_error(), 0};
        if (!tls_) return {error_code(), 1};
    }
    // Session tickets may have come, which are no input.
    ERR_clear_error();
    const int result = SSL_peek(tls_.get(), &byte, 1);
    if (result > 0) return {error_code(), 1};
    switch (SSL_get_error(tls_.get(), result)) {
        case SSL_ERROR_WANT_READ:
            return {error_code(), 0};
        case SSL_ERROR_ZERO_RETURN:
            return {asio::error::eof, 0};
        default:
            return {take_tls_error_code(), 0};
    }
}

bool Stream::has_input() {
    const auto [error, count] = look();
    return error || count > 0;
}

bool Stream::peer_is_gone() const {
    char byte;
    const int descriptor = const_cast<Socket&>(socket_).native_handle();
    const auto count = ::recv(descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return count == 0 || (count < 0 && !would_block());
}

void Stream::cancel() {
    error_code ignored;
    socket_.cancel(ignored);
}

void Stream::end_output() {
    error_code ignored;
    if (tls_) SSL_shutdown(tls_.get());
    ERR_clear_error();
    socket_.shutdown(Socket::shutdown_send, ignored);
}

void ignore_broken_pipes() {
    struct sigaction current{};
    ::sigaction(SIGPIPE, nullptr, &current);
    if (current.sa_handler == SIG_DFL) std::signal(SIGPIPE, SIG_IGN);
}

}  // namespace hookreel::http
