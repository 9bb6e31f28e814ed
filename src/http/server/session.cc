#include "http/server/session.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <exception>

#include "base/text.h"

namespace hookreel::http {
namespace {

// A body that the handler left is read and thrown away up to here, to keep the connection.
constexpr std::uint64_t skip_bytes_max = 64 * 1024;
// A longer body is written by itself instead of being copied behind its head.
constexpr std::size_t copied_body_max = 64 * 1024;
// Collected answers are written when they are this much, even if more requests wait.
constexpr std::size_t collected_max = 64 * 1024;

// Whether an answer with this status never has a body (RFC 9110 section 6.4.1).
bool is_bodiless(int status) {
    return status < 200 || status == 204 || status == 304;
}

// Appends without what would end the line: a value may come from outside.
void append_field(std::string& out, std::string_view name, std::string_view value) {
    const auto begin = out.size();
    out.append(name).append(": ").append(value);
    std::replace_if(
        out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(),
        [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
    out.append("\r\n");
}

bool is_letter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_ours(std::string_view name) {
    return equal_ignoring_case(name, "Content-Length") || equal_ignoring_case(name, "Date") ||
           equal_ignoring_case(name, "Connection") ||
           equal_ignoring_case(name, "Transfer-Encoding");
}

}  // namespace

std::string_view DateField::now() {
    const auto second = std::time(nullptr);
    if (second != second_) {
        second_ = second;
        text_ = fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(second));
    }
    return text_;
}

Session::Session(SessionContext& context, Socket socket, std::string peer)
    : shared_(context.shared),
      context_(context),
      wire_(
          std::make_shared<Wire>(std::move(socket), context.sweep, shared_.limits.head_bytes_max)),
      peer_(std::move(peer)),
      patience_{shared_.limits.stall_timeout, shared_.limits.bytes_per_second_min},
      parser_(shared_.limits.head_bytes_max) {}

void Session::stop() {
    is_stopping_ = true;
    if (is_idle_) wire_->stream().cancel();
}

void Session::cut() {
    is_stopping_ = true;
    wire_->cut();
}

Task<void> Session::run() {
    if (shared_.tls && !co_await start_tls()) co_return;
    auto next = Next::serve;
    while (next == Next::serve)
        next = co_await serve_one();
    co_await end(next);
}

Task<void> Session::end(Next next) {
    const auto flushed = co_await wire_->flush(patience_);
    if (!flushed) co_return;
    // Input that nobody read would turn the close into a reset.
    if (next == Next::linger || wire_->stream().has_input())
        co_await wire_->linger();
    else
        wire_->stream().end_output();
}

Task<bool> Session::start_tls() {
    wire_->set_deadline(shared_.limits.head_timeout);
    const auto [error, first] = co_await wire_->stream().first_byte();
    if (error) co_return false;
    if (is_letter(first)) {  // A method begins so, TLS never.
        const auto next = refuse(400, "this port speaks https, and the request was plain http");
        co_await end(next);
        co_return false;
    }
    auto tls = shared_.tls->accept();
    const auto started = co_await wire_->stream().start_tls(std::move(tls));
    wire_->clear_deadline();
    co_return started.has_value();
}

Task<Session::Next> Session::serve_one() {
    const auto next = co_await read_head();
    if (next != Next::serve) co_return next;
    shared_.counters.requests.add();
    head_ = parser_.take_head();
    head_.peer = peer_;
    begin_body();
    if (body_left_ > shared_.limits.body_bytes_max) co_return refuse(413, "the body is too long");
    co_return co_await answer();
}

Task<Session::Next> Session::read_head() {
    auto& input = wire_->input();
    parser_.reset();
    bool has_begun = false;
    for (;;) {
        while (!has_begun && input.unread().starts_with("\r\n"))
            input.consume(2);  // Some clients end a body with a line end too many.
        if (!input.empty()) {
            const auto step = parser_.parse_head(input.unread());
            if (!step)
                co_return refuse(step.error().code == Code::too_large ? 431 : 400,
                                 step.error().detail);
            input.consume(step->consumed);
            if (step->is_done) break;
            if (!has_begun) wire_->set_deadline(shared_.limits.head_timeout);
            has_begun = true;
        } else if (!has_begun) {
            if (is_stopping_) co_return Next::close;
            input.shrink();
        }
        if (!wire_->flush_now()) {
            const auto flushed = co_await wire_->flush(patience_);
            if (!flushed) co_return Next::close;
            if (has_begun) wire_->set_deadline(shared_.limits.head_timeout);
        }
        is_idle_ = !has_begun;
        if (!has_begun) wire_->set_deadline(shared_.limits.idle_timeout);
        const auto filled = co_await wire_->fill();
        is_idle_ = false;
        if (filled) continue;
        if (filled.error().code == Code::too_large) co_return refuse(431, "the head is too long");
        if (filled.error().code != Code::timed_out || !has_begun) co_return Next::close;
        co_return refuse(408, "the head took too long");
    }
    wire_->clear_deadline();
    co_return Next::serve;
}

void Session::begin_body() {
    framing_ = parser_.framing();
    body_done_ = framing_ == BodyFraming::none;
    body_left_ = framing_ == BodyFraming::length ? parser_.content_length() : 0;
    body_received_ = 0;
    body_error_.reset();
    body_waited_ = {};
    peer_waits_ = !body_done_ && parser_.expects_continue() && wire_->input().empty();
}

std::optional<std::uint64_t> Session::content_length() const {
    if (framing_ == BodyFraming::chunked) return std::nullopt;
    return parser_.content_length();
}

Task<Result<std::size_t>> Session::read(std::span<char> into) {
    if (body_error_) co_return fail(*body_error_);
    if (body_done_ || into.empty()) co_return 0;
    if (peer_waits_) {
        peer_waits_ = false;
        wire_->output() += "HTTP/1.1 100 Continue\r\n\r\n";
    }
    auto flushed = co_await wire_->flush(patience_);
    auto count = flushed ? Result<std::size_t>(0) : fail(flushed.error());
    if (flushed) count = co_await read_in_time(into);
    if (!count) {
        body_error_ = count.error();
        if (body_error_->code == Code::timed_out) shared_.counters.timeouts.add();
    }
    co_return count;
}

Task<Result<std::size_t>> Session::read_in_time(std::span<char> into) {
    const auto received =
        framing_ == BodyFraming::length ? parser_.content_length() - body_left_ : body_received_;
    const auto left = patience_.whole(received) - std::chrono::floor<Duration>(body_waited_);
    if (left <= Duration(0)) co_return fail(Code::timed_out, "the peer was too slow");
    const auto begin = std::chrono::steady_clock::now();
    wire_->set_deadline(std::min(left, patience_.stall));
    const auto count =
        framing_ == BodyFraming::length ? co_await read_piece(into) : co_await read_chunked(into);
    wire_->clear_deadline();
    body_waited_ += std::chrono::steady_clock::now() - begin;
    co_return count;
}

Task<Result<std::size_t>> Session::read_piece(std::span<char> into) {
    auto wanted = std::min<std::uint64_t>(into.size(), body_left_);
    auto& input = wire_->input();
    if (!input.empty()) {
        wanted = input.unread().copy(into.data(), wanted);
        input.consume(wanted);
    } else {
        const auto count = co_await wire_->read(into.first(wanted));
        if (!count) co_return count;
        wanted = *count;
    }
    body_left_ -= wanted;
    body_done_ = body_left_ == 0;
    co_return wanted;
}

Task<Result<std::size_t>> Session::read_chunked(std::span<char> into) {
    auto& input = wire_->input();
    for (;;) {
        const auto step = parser_.parse_chunks(input.unread(), into);
        if (!step) co_return fail(Code::protocol, step.error().detail);
        input.consume(step->consumed);
        body_done_ = step->is_done;
        body_received_ += step->produced;
        if (body_received_ > shared_.limits.body_bytes_max)
            co_return fail(Code::too_large, "the body is over the server's limit");
        if (step->produced > 0 || body_done_) co_return step->produced;
        const auto filled = co_await wire_->fill();
        if (!filled && filled.error().code == Code::too_large)
            co_return fail(Code::protocol, "a chunk's head is too long");
        if (!filled) co_return fail(filled.error());
    }
}

Task<Session::Next> Session::answer() {
    Response response;
    std::string failure;
    wire_->flush_soon();
    try {
        response = co_await shared_.handler(*this);
    } catch (const std::exception& exception) {
        failure = exception.what();
    } catch (...) {
        failure = "an exception that is none of the standard library's";
    }
    if (!failure.empty()) {
        if (!is_stopping_)
            shared_.log.error(
                "an exception left a handler",
                {{"method", head_.method}, {"path", head_.path()}, {"what", failure}});
        response = Response();
        response.status = 500;
    }
    co_return co_await write_answer(std::move(response));
}

bool Session::may_keep_alive(const Response& response) {
    if (is_stopping_ || body_error_ || !parser_.keep_alive()) return false;
    if (equal_ignoring_case(response.headers.get("Connection"), "close")) return false;
    if (body_done_) return true;
    if (peer_waits_) return false;  // It may or may not send the body now.
    // Of a chunked body nobody knows how much will come.
    return framing_ == BodyFraming::length && body_left_ <= skip_bytes_max;
}

Task<Session::Next> Session::write_answer(Response response) {
    auto next = may_keep_alive(response) ? Next::serve : Next::close;
    append_head(response, next);
    if (next == Next::close && has_unread_body()) next = Next::linger;

    auto written = Result<void>();
    if (head_.method != "HEAD" && !is_bodiless(response.status)) {
        if (auto* file = std::get_if<FileBody>(&response.body))
            written = co_await wire_->write_file(std::move(*file), patience_);
        else if (const auto& text = std::get<std::string>(response.body);
                 text.size() <= copied_body_max)
            wire_->output() += text;
        else
            written = co_await wire_->write(text, patience_);
    }
    const bool is_much = wire_->output().size() > collected_max;
    if (written && (is_much || has_unread_body())) written = co_await wire_->flush(patience_);
    wire_->clear_deadline();
    if (!written) {
        if (written.error().code == Code::timed_out) shared_.counters.timeouts.add();
        co_return Next::close;
    }
    if (next == Next::serve && has_unread_body()) co_return co_await skip_body();
    co_return next;
}

Task<Session::Next> Session::skip_body() {
    std::array<char, 4096> ignored;
    while (!body_done_) {
        const auto count = co_await read(ignored);
        if (!count) co_return Next::close;
    }
    co_return Next::serve;
}

void Session::append_head(const Response& response, Next next) {
    auto& out = wire_->output();
    out.append("HTTP/1.1 ").append(fmt::format_int(response.status).c_str()).append(" ");
    out.append(reason(response.status)).append("\r\n");
    for (const auto& [name, value] : response.headers)
        if (!is_ours(name)) append_field(out, name, value);
    append_field(out, "Date", context_.date.now());
    // The answer to HEAD tells the length of a body that the handler need not make.
    const auto told = head_.method == "HEAD" ? response.headers.get("Content-Length") : "";
    if (!told.empty())
        append_field(out, "Content-Length", told);
    else if (!is_bodiless(response.status))
        append_field(out, "Content-Length", fmt::format_int(length(response.body)).c_str());
    if (next != Next::serve)
        out += "Connection: close\r\n";
    else if (parser_.is_http_1_0())
        out += "Connection: keep-alive\r\n";
    out += "\r\n";
}

Session::Next Session::refuse(int status, std::string_view why) {
    shared_.counters.bad_requests.add();
    if (status == 408) shared_.counters.timeouts.add();
    shared_.log.debug("refused a request", {{"peer", peer_}, {"status", status}, {"why", why}});
    head_ = RequestHead();
    Response response;
    response.status = status;
    response.headers.add("Content-Type", "text/plain; charset=utf-8");
    std::string text = fmt::format("{} {}: {}\n", status, reason(status), why);
    response.body = text;
    append_head(response, Next::close);
    wire_->output() += text;
    return Next::linger;
}

}  // namespace hookreel::http
