#include "http/client/client.h"

#include <fmt/format.h>

#include <boost/intrusive/list.hpp>

#include "http/client/dialer.h"
#include "http/client/exchange.h"
#include "http/client/pool.h"
#include "http/client/request_head.h"

namespace hookreel::http {

using boost::system::error_code;

namespace {

// A larger body is written by itself instead of being copied behind the head.
constexpr std::size_t copied_body_max = 64 * 1024;
// Interim answers (1xx) that a server may send before the answer.
constexpr int interim_max = 32;
constexpr int switching_protocols = 101;
constexpr int proxy_wants_credentials = 407;

// How much of a request was written. `part`: the peer answers already, takes no more, or the time
// is over.
enum class Sent { all, part };

// A task that was cancelled while it waited for nothing of the exchange's.
void heed(const asio::cancellation_state& task, Exchange& exchange) {
    if (task.cancelled() != asio::cancellation_type::none) exchange.interrupt(Code::cancelled);
}

void report_sent(ClientRequest& request, std::uint64_t bytes) {
    if (request.on_sent) request.on_sent(bytes);
}

bool is_copied(const MessageBody& body) {
    const auto* text = std::get_if<std::string>(&body);
    return text != nullptr && text->size() <= copied_body_max;
}

ClientResponse take_response(ResponseParser& parser) {
    return {.status = parser.status(),
            .headers = parser.take_headers(),
            .body = parser.take_body(),
            .body_is_whole = parser.body_is_whole()};
}

// Whether there is an answer, of which the end may be missing.
bool has_answer(const ResponseParser& parser) {
    return parser.has_head() && parser.status() >= 200;
}

ClientResponse take_broken(ResponseParser& parser) {
    ClientResponse response = take_response(parser);
    response.body_is_whole = false;
    return response;
}

// Whether what came before the failure is all that the caller needs.
bool is_enough(const ClientRequest& request, const ResponseParser& parser, const Error& failure) {
    return request.needs == ClientRequest::Needs::head && failure.code != Code::cancelled &&
           has_answer(parser);
}

}  // namespace

struct Client::State {
    State(Loop& loop, ClientOptions its_options)
        : options(std::move(its_options)),
          sweep(loop.get_executor()),
          pool(
              loop, sweep,
              {options.idle_per_host_max, options.idle_timeout, options.user_agent, options.proxy}),
          dialer(loop, options, sweep, pool) {}

    // Writes what can be written without waiting, which mostly is everything: the head, and the
    // body if it is short. Returns what is left of them; nothing: all was written.
    std::optional<std::string> write_at_once(Connection& connection, ClientRequest& request);
    // Keeps the connection for later if both messages are complete and nothing is left over.
    void keep(std::unique_ptr<Connection> connection);

    // Whether nothing came on a new connection yet. Errors: protocol, network.
    static Result<void> check_silence(const Exchange& exchange, Connection& connection);
    static Task<Sent> write_rest(const Exchange& exchange, Connection& connection,
                                 ClientRequest& request, std::string head);
    static Task<Sent> write_body(const Exchange& exchange, Connection& connection,
                                 ClientRequest& request);
    // Hands what has come of a body to the request's sink; `head` is filled first. Errors: the
    // sink's.
    static Task<Result<void>> pass_on(Exchange& exchange, ResponseParser& parser,
                                      const ClientRequest& request, ClientResponse& head);
    // Errors: as Client::send.
    static Task<Result<ClientResponse>> read_response(Exchange& exchange, Connection& connection,
                                                      const ClientRequest& request);

    ClientOptions options;
    DeadlineSweep sweep;
    Pool pool;
    Dialer dialer;
    boost::intrusive::list<Exchange, boost::intrusive::constant_time_size<false>> exchanges;
    // Of the request that is being written. One for all: with many connections the memory of each
    // would have left the processor's caches when its turn comes.
    std::string message;
    bool is_closed = false;
};

Client::Client(Loop& loop, ClientOptions options)
    : state_(std::make_shared<State>(loop, std::move(options))) {
    ignore_broken_pipes();
}

Client::~Client() {
    close();
}

void Client::close() {
    state_->is_closed = true;
    state_->pool.close_idle();
    state_->dialer.cancel();
    for (auto& exchange : state_->exchanges)
        exchange.interrupt(Code::cancelled);
}

std::string Client::head(const ClientRequest& request) const {
    std::string text;
    append_head(text, request, state_->pool.host(request).head);
    return text;
}

Task<Result<ClientResponse>> Client::send(ClientRequest request) {
    const auto state = state_;
    if (state->is_closed) co_return fail(Code::cancelled, "cancelled: the client is closed");
    if (const auto checked = check_head(request); !checked) co_return fail(checked.error());

    Exchange exchange(state->sweep, request.timeout);
    state->exchanges.push_back(exchange);
    for (bool may_reuse = true;; may_reuse = false) {
        std::unique_ptr<Connection> connection;
        if (may_reuse) connection = state->pool.take(state->pool.host(request), exchange.begin());
        const bool is_reused = connection != nullptr;
        if (!is_reused) {
            auto opened = co_await state->dialer.open(exchange, request);
            if (!opened) co_return fail(std::move(opened.error()));
            connection = std::move(*opened);
            // It is no answer to what was not asked yet, and might be one that another receiver
            // behind the same address gets told as its own.
            exchange.enter("sending");
            if (const auto silent = State::check_silence(exchange, *connection); !silent)
                co_return fail(silent.error());
        }
        // What is ready in the same turn of the loop is written side by side: a receiver that was
        // woken for the first request is still awake for the others.
        co_await asio::post(use_task);
        heed(co_await asio::this_coro::cancellation_state, exchange);
        if (exchange.is_interrupted()) co_return fail(exchange.failure("reset", {}));
        exchange.wait_on(connection->stream.socket(), "sending");
        connection->has_answered = false;
        auto sent = Sent::all;
        if (auto left = state->write_at_once(*connection, request)) {
            sent = co_await State::write_rest(exchange, *connection, request, std::move(*left));
            heed(co_await asio::this_coro::cancellation_state, exchange);
        }
        // The answer is read also after a failure: the peer may have said why it closed.
        auto response = co_await State::read_response(exchange, *connection, request);
        exchange.leave();
        if (!response && is_enough(request, connection->parser, response.error())) {
            response = take_broken(connection->parser);
            sent = Sent::part;  // The connection is in the middle of a message.
        }
        const bool was_stale = !response && response.error().code == Code::network && is_reused &&
                               !connection->has_answered;
        if (was_stale && request.repeat == ClientRequest::Repeat::when_stale) continue;
        if (!response && request.on_broken && has_answer(connection->parser))
            request.on_broken(take_broken(connection->parser));
        if (response && sent == Sent::all) state->keep(std::move(connection));
        if (response && response->status == proxy_wants_credentials && state->options.proxy)
            co_return fail(Code::unavailable, "proxy: it wants other credentials (407)");
        co_return response;
    }
}

Result<void> Client::State::check_silence(const Exchange& exchange, Connection& connection) {
    const auto [error, count] = connection.stream.look();
    if (error) return fail(exchange.failure("reset", error));
    if (count > 0)
        return fail(Code::protocol, "protocol: an answer came before the request was sent");
    return {};
}

void Client::State::keep(std::unique_ptr<Connection> connection) {
    if (connection->parser.keep_alive() && connection->input.empty() && !is_closed)
        pool.give_back(std::move(connection));
}

std::optional<std::string> Client::State::write_at_once(Connection& connection,
                                                        ClientRequest& request) {
    message.clear();
    if (request.head.empty())
        append_head(message, request, connection.host.head);
    else
        message += request.head;
    if (is_copied(request.body)) message += std::get<std::string>(request.body);
    const auto [error, count] = connection.stream.write_now(message);
    if (error || count < message.size() || !is_copied(request.body)) return message.substr(count);
    report_sent(request, length(request.body));
    return std::nullopt;
}

Task<Sent> Client::State::write_rest(const Exchange& exchange, Connection& connection,
                                     ClientRequest& request, std::string head) {
    std::string_view rest = head;
    while (!rest.empty()) {
        const auto [error, count] = co_await connection.stream.write_some(rest);
        if (error || exchange.is_interrupted()) co_return Sent::part;
        rest.remove_prefix(count);
    }
    if (!is_copied(request.body)) co_return co_await write_body(exchange, connection, request);
    report_sent(request, length(request.body));
    co_return Sent::all;
}

Task<Sent> Client::State::write_body(const Exchange& exchange, Connection& connection,
                                     ClientRequest& request) {
    auto& stream = connection.stream;
    const auto total = length(request.body);
    for (std::uint64_t sent = 0; sent < total;) {
        if (stream.has_input()) co_return Sent::part;
        auto [error, count] = IoResult();
        if (const auto* file = std::get_if<FileBody>(&request.body)) {
            FileBody rest{file->descriptor, file->offset + sent, total - sent};
            std::tie(error, count) = co_await stream.write_file_some(rest);
        } else {
            const auto rest = std::string_view(std::get<std::string>(request.body)).substr(sent);
            std::tie(error, count) = co_await stream.write_some(rest);
        }
        if (error || exchange.is_interrupted()) co_return Sent::part;
        sent += count;
        report_sent(request, sent);
    }
    co_return Sent::all;
}

std::string_view error_class(const Error& error) {
    const std::string_view detail = error.detail;
    return detail.substr(0, detail.find(": "));
}

Task<Result<void>> Client::State::pass_on(Exchange& exchange, ResponseParser& parser,
                                          const ClientRequest& request, ClientResponse& head) {
    if (!parser.has_head() || parser.status() < 200) co_return Result<void>{};
    if (head.status == 0) {
        head.status = parser.status();
        head.headers = parser.take_headers();
    }
    const std::string piece = parser.drain_body();
    if (piece.empty()) co_return Result<void>{};
    Result<void> taken = co_await request.sink->take(head, piece);
    exchange.renew();
    co_return taken;
}

Task<Result<ClientResponse>> Client::State::read_response(Exchange& exchange,
                                                          Connection& connection,
                                                          const ClientRequest& request) {
    auto& parser = connection.parser;
    auto& input = connection.input;
    const auto body =
        request.method == "HEAD" ? ResponseParser::Body::never : ResponseParser::Body::expected;
    const auto kept = request.sink ? SIZE_MAX : request.response_bytes_max;
    ClientResponse head;
    parser.reset(body, kept);
    co_await asio::post(use_task);  // A near receiver's answer is here when the others have asked.
    heed(co_await asio::this_coro::cancellation_state, exchange);
    if (exchange.is_interrupted()) co_return fail(exchange.failure("reset", {}));
    exchange.wait_on(connection.stream.socket(), "waiting for the answer");
    for (int interim = 0;;) {
        const auto space = input.space();
        if (space.empty()) co_return fail(Code::protocol, "protocol: a line is too long");
        const auto [error, count] = co_await connection.stream.read_some(space);
        if (error == asio::error::eof && connection.has_answered && parser.end_of_stream())
            co_return request.sink ? std::move(head) : take_response(parser);
        // Also without an error: an interrupt in the moment when bytes came stopped no wait, and
        // there will be no other.
        if (error || exchange.is_interrupted()) co_return fail(exchange.failure("reset", error));
        connection.has_answered = true;
        connection.is_drained = count < space.size();
        exchange.enter("reading the answer");
        input.commit(count);
        while (!input.empty()) {
            const auto step = parser.parse(input.unread());
            if (!step)
                co_return fail(Code::protocol, fmt::format("protocol: {}", step.error().detail));
            input.consume(step->consumed);
            if (request.sink) {
                Result<void> passed = co_await pass_on(exchange, parser, request, head);
                if (!passed) co_return fail(std::move(passed.error()));
            }
            if (!step->is_done) break;
            if (parser.status() >= 200)
                co_return request.sink ? std::move(head) : take_response(parser);
            if (parser.status() == switching_protocols || ++interim > interim_max)
                co_return fail(Code::protocol, "protocol: interim answers that nobody asked for");
            parser.reset(body, kept);
        }
    }
}

}  // namespace hookreel::http
