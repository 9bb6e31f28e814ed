// A connected socket, plain or with TLS.
//
// A call that succeeds at once does not suspend: `write_now` first, then `write_some` for the rest.
// One read and one write may be under way at a time. Threads: one loop.
#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>

#include "base/async.h"
#include "http/message.h"
#include "http/tls.h"

namespace hookreel::http {

using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
// An error, or how many bytes; the form in which Asio gives it.
using IoResult = std::tuple<boost::system::error_code, std::size_t>;

class Stream {
 public:
    // `socket` is open and does not block.
    explicit Stream(Socket socket) : socket_(std::move(socket)) {}
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    // Errors: network, with the reason of the handshake's failure; cancelled.
    Task<Result<void>> start_tls(TlsConnection tls);
    bool is_tls() const { return tls_ != nullptr; }
    // Of the other end; nothing without TLS.
    std::optional<CertificateFacts> peer_certificate() const {
        return tls_ ? http::peer_certificate(tls_.get()) : std::nullopt;
    }

    // Waits for the first byte of a connection without reading it; eof when none comes. Before
    // start_tls only.
    Task<std::tuple<boost::system::error_code, char>> first_byte();
    // At least one byte; asio::error::eof at the end.
    Task<IoResult> read_some(std::span<char> into);
    // What fits without waiting, which may be nothing. After less than all of it, the next write
    // must begin with the bytes that were left.
    IoResult write_now(std::string_view bytes);
    // At least one byte.
    Task<IoResult> write_some(std::string_view bytes);
    // At least one byte, at most 256 KiB. eof: the file is shorter than it was.
    Task<IoResult> write_file_some(const FileBody& file);

    // What a read would bring at once, without reading it: 1 for bytes, 0 for nothing yet, an error
    // for the end. A look, not a wait.
    IoResult look();
    // Whether that is anything.
    bool has_input();
    // Whether the peer closed its side with nothing unread before it. A look, not a wait.
    bool peer_is_gone() const;
    // What is under way ends with operation_aborted.
    void cancel();
    // Says to the peer that nothing more is sent.
    void end_output();

    Socket& socket() { return socket_; }

 private:
    Task<IoResult> read_tls(std::span<char> into);
    Task<IoResult> write_tls_file(const FileBody& file);
    Task<IoResult> send_file(const FileBody& file);
    // After a TLS call returned `result`: waits until it may go on. An error ends it.
    Task<boost::system::error_code> wait_tls(int result);

    Socket socket_;
    TlsConnection tls_;
};

// A broken connection must not end the process: TLS and sendfile cannot ask for that by a flag.
// Server and Client call it when they are made.
void ignore_broken_pipes();

}  // namespace hookreel::http
