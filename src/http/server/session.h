// One connection of the server: reads requests one after the other and has them answered.
//
// Answers of pipelined requests are collected and written together, unless a handler makes them
// wait. Threads: the connection's loop.
#pragma once

#include <boost/intrusive/list.hpp>
#include <ctime>
#include <optional>
#include <string>

#include "http/parser.h"
#include "http/server/server.h"
#include "http/server/wire.h"

namespace hookreel::http {

// The value of the Date field, made once a second. Not thread-safe.
class DateField {
 public:
    std::string_view now();

 private:
    std::time_t second_ = 0;
    std::string text_;
};

// What all sessions of a server share; outlives them.
struct SessionShared {
    ServerLimits limits;
    Handler handler;
    const Log& log;
    std::optional<TlsServerContext> tls;
    ServerCounters counters;
};

// What the sessions of one loop share; outlives them.
struct SessionContext {
    SessionShared& shared;
    DeadlineSweep sweep;
    DateField date;
};

class Session final : public Request,
                      public boost::intrusive::list_base_hook<
                          boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
    Session(SessionContext& context, Socket socket, std::string peer);

    // Serves until either side ends the connection.
    Task<void> run();
    // Ends at once when no request is under way, else after its answer.
    void stop();
    // Ends at its next wait, whatever is under way.
    void cut();

    const RequestHead& head() const override { return head_; }
    bool secure() const override { return wire_->stream().is_tls(); }
    bool peer_is_gone() const override { return wire_->stream().peer_is_gone(); }
    std::optional<std::uint64_t> content_length() const override;
    Task<Result<std::size_t>> read(std::span<char> into) override;

 private:
    // What there is to do after a step.
    enum class Next { serve, close, linger };

    // False: there is nothing to serve, and a peer that speaks plain HTTP was told so.
    Task<bool> start_tls();
    // The last answer goes out, and the connection ends so that the peer gets it.
    Task<void> end(Next next);
    Task<Next> serve_one();
    Task<Next> read_head();
    Task<Next> answer();
    Task<Next> write_answer(Response response);
    Task<Next> skip_body();
    // Fails with timed_out when the peer let us wait too long, in one piece or over all of them.
    Task<Result<std::size_t>> read_in_time(std::span<char> into);
    Task<Result<std::size_t>> read_piece(std::span<char> into);
    Task<Result<std::size_t>> read_chunked(std::span<char> into);

    void begin_body();
    bool may_keep_alive(const Response& response);
    bool has_unread_body() const { return !body_done_; }
    void append_head(const Response& response, Next next);
    Next refuse(int status, std::string_view why);

    SessionShared& shared_;
    SessionContext& context_;
    std::shared_ptr<Wire> wire_;
    std::string peer_;
    Patience patience_;
    RequestParser parser_;
    RequestHead head_;

    BodyFraming framing_ = BodyFraming::none;
    std::uint64_t body_left_ = 0;                        // Of a body with a length.
    std::uint64_t body_received_ = 0;                    // Of a chunked body.
    std::chrono::steady_clock::duration body_waited_{};  // For the peer alone.
    bool body_done_ = true;
    bool peer_waits_ = false;  // For "100 Continue".
    std::optional<Error> body_error_;

    bool is_idle_ = true;  // Between requests.
    bool is_stopping_ = false;
};

}  // namespace hookreel::http
