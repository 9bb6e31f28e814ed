#include "media/pulls/download.h"

#include <fmt/format.h>

#include "base/cancellation.h"
#include "base/text.h"

namespace hookreel::media {
namespace {

// What is gathered before it is written.
constexpr std::size_t buffer_bytes = 256 * 1024;
// What an answer that is not wanted may say.
constexpr std::size_t skipped_bytes_max = 1 << 20;

bool is_redirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// Whether the same request may work later.
bool may_recover(const Error& error) {
    return error.code == Code::network || error.code == Code::timed_out ||
           error.code == Code::protocol;
}

bool is_temporary(int status) {
    return status == 408 || status == 425 || status == 429 || status >= 500;
}

Error refused(int status) {
    return {is_temporary(status) ? Code::network : Code::not_found,
            fmt::format("status: {}", status)};
}

// Strong enough to go on with: a strong ETag, else a date.
std::string validator_of(const http::Headers& headers) {
    const std::string_view etag = headers.get("ETag");
    if (etag.starts_with('"')) return std::string(etag);
    return std::string(headers.get("Last-Modified"));
}

// "bytes 5-9/10": where it begins, and the whole length when it is told.
struct ContentRange {
    std::uint64_t from = 0;
    std::uint64_t total = 0;
};
std::optional<ContentRange> content_range(std::string_view text) {
    if (!text.starts_with("bytes ")) return std::nullopt;
    text.remove_prefix(6);
    const std::size_t dash = text.find('-'), slash = text.find('/');
    if (dash == text.npos || slash == text.npos || slash < dash) return std::nullopt;
    const Result<std::uint64_t> from = parse_unsigned(text.substr(0, dash));
    if (!from) return std::nullopt;
    return ContentRange{*from, parse_unsigned(text.substr(slash + 1)).value_or(0)};
}

}  // namespace

// Takes the body of one answer into the file.
class Download::Sink final : public http::BodySink {
 public:
    Sink(Download& download, Source& source) : download_(download), source_(source) {}

    Task<Result<void>> take(const http::ClientResponse& head, std::string_view piece) override {
        if (is_redirect(head.status) || head.status == 416) {
            skipped_bytes_ += piece.size();
            if (skipped_bytes_ < skipped_bytes_max) co_return Result<void>{};
            co_return fail(Code::protocol, "protocol: the body of a redirect has no end");
        }
        if (!has_begun_) {
            Result<void> begun = co_await begin(head);
            if (!begun) co_return begun;
        }
        buffer_ += piece;
        if (buffer_.size() < buffer_bytes) co_return Result<void>{};
        co_return co_await flush();
    }

    Task<Result<void>> flush() {
        if (buffer_.empty()) co_return Result<void>{};
        PullFile& file = *download_.file_;
        const std::uint64_t so_far = file.size_bytes() - source_.begins_at;
        if (file.size_bytes() + buffer_.size() > download_.options_.bytes_max ||
            (source_.range && so_far + buffer_.size() > source_.range->length))
            co_return fail(Code::too_large,
                           "more than " + human_bytes(download_.options_.bytes_max));
        const bool is_due = file.size_bytes() + buffer_.size() >=
                            download_.synced_ + download_.options_.checkpoint_bytes;
        auto work = [&]() -> Result<void> {
            if (Result<void> room = download_.check_room(); is_due && !room) return room;
            if (Result<void> written = file.append(buffer_); !written) return written;
            return is_due ? file.sync() : Result<void>{};
        };
        Result<void> written = co_await download_.tools_.threads.run(work);
        if (!written) co_return written;
        buffer_.clear();
        Result<void> goes_on =
            download_.watcher_.progress(file.size_bytes() - source_.begins_at, total_);
        if (!goes_on) co_return goes_on;
        if (!is_due) co_return Result<void>{};
        download_.synced_ = file.size_bytes();
        co_return co_await download_.watcher_.checkpoint(file.size_bytes(), source_.validator);
    }

    bool has_begun() const { return has_begun_; }
    bool is_whole(const http::ClientResponse& head) const {
        const std::uint64_t size = download_.file_->size_bytes() - source_.begins_at;
        if (source_.range) return size == source_.range->length;
        return head.body_is_whole && (total_ == 0 || size == total_);
    }

 private:
    // Fits the file to what comes: the rest, or all of it from the beginning.
    Task<Result<void>> begin(const http::ClientResponse& head) {
        if (head.status != 200 && head.status != 206) co_return fail(refused(head.status));
        has_begun_ = true;
        PullFile& file = *download_.file_;
        const std::uint64_t base = source_.range ? source_.range->offset : 0;
        std::uint64_t have = file.size_bytes() - source_.begins_at;
        if (head.status == 206) {
            const std::optional<ContentRange> range =
                content_range(head.headers.get("Content-Range"));
            if (!range || range->from != base + have)
                co_return fail(Code::protocol, "protocol: another range than was asked for");
            if (!source_.range) total_ = range->total;
        } else {
            if (source_.range) co_return fail(Code::protocol, "protocol: ranges are not served");
            auto cut = [&] { return file.cut(source_.begins_at); };
            Result<void> done = co_await download_.tools_.threads.run(cut);
            if (!done) co_return done;
            have = 0;
            if (!source_.range)
                total_ = parse_unsigned(head.headers.get("Content-Length")).value_or(0);
        }
        if (source_.range) total_ = source_.range->length;
        source_.validator = validator_of(head.headers);
        if (source_.begins_at + total_ > download_.options_.bytes_max)
            co_return fail(Code::too_large,
                           "more than " + human_bytes(download_.options_.bytes_max));
        auto look = [&] { return download_.check_room(); };
        co_return co_await download_.tools_.threads.run(look);
    }

    Download& download_;
    Source& source_;
    std::string buffer_;
    std::uint64_t total_ = 0;
    bool has_begun_ = false;
    std::size_t skipped_bytes_ = 0;
};

Task<Result<void>> Download::open(std::uint64_t keep_bytes) {
    auto work = [&] { return PullFile::open(path_, keep_bytes); };
    Result<PullFile> file = co_await tools_.threads.run(work);
    if (!file) co_return fail(std::move(file.error()));
    file_.emplace(std::move(*file));
    synced_ = file_->size_bytes();
    co_return Result<void>{};
}

Result<void> Download::check_room() const {
    Result<std::uint64_t> free = options_.free_bytes(path_.substr(0, path_.rfind('/')));
    if (!free) return fail(std::move(free.error()));
    if (*free < options_.reserve_bytes)
        return fail(Code::unavailable,
                    "the disk is full up to its reserve of " + human_bytes(options_.reserve_bytes));
    return {};
}

// Follows redirects; `url` is then where the answer came from.
Task<Result<http::ClientResponse>> Download::ask(http::Url& url, const http::Headers& headers,
                                                 http::BodySink* sink) {
    for (int hop = 0;; ++hop) {
        http::ClientRequest request;
        request.url = url;
        request.headers = headers;
        request.timeout = options_.timeout;
        request.response_bytes_max = playlist_bytes_max;
        request.sink = sink;
        Result<http::ClientResponse> response = co_await tools_.client.send(std::move(request));
        if (!response || !is_redirect(response->status)) co_return response;
        if (hop == options_.redirects_max)
            co_return fail(Code::not_found, "more than five redirects");
        Result<http::Url> next = http::resolve(url, response->headers.get("Location"));
        if (!next) co_return fail(Code::not_found, "a redirect leads nowhere");
        url = std::move(*next);
    }
}

Task<Result<void>> Download::try_once(Source& source) {
    const std::uint64_t have = file_->size_bytes() - source.begins_at;
    const std::uint64_t base = source.range ? source.range->offset : 0;
    if (source.range && have == source.range->length) co_return Result<void>{};
    http::Headers headers{{"Accept", "*/*"}};
    if (source.range)
        headers.add("Range",
                    fmt::format("bytes={}-{}", base + have, base + source.range->length - 1));
    else if (have > 0 && !source.validator.empty())
        headers.add("Range", fmt::format("bytes={}-", have));
    if (have > 0 && !source.validator.empty()) headers.add("If-Range", source.validator);
    Sink sink(*this, source);
    http::Url url = source.url;
    Result<http::ClientResponse> response = co_await ask(url, headers, &sink);
    if (sink.has_begun()) {  // What came before a break is kept.
        Result<void> flushed = co_await sink.flush();
        if (response && !flushed) co_return flushed;
    }
    if (!response) co_return fail(std::move(response.error()));
    if (response->status == 416 && have > 0) {
        // There is nothing after what we have, or it has become something else.
        auto cut = [&] { return file_->cut(source.begins_at); };
        Result<void> done = co_await tools_.threads.run(cut);
        source.validator.clear();
        if (!done) co_return done;
        co_return fail(Code::network, "reset: it has changed");
    }
    if (!sink.has_begun()) {  // There was no body.
        Result<void> begun = co_await sink.take(*response, {});
        if (!begun) co_return begun;
    }
    if (!sink.is_whole(*response)) co_return fail(Code::network, "reset: it is not whole");
    co_return Result<void>{};
}

Task<Result<void>> Download::fetch(Source source) {
    Duration pause = options_.pause;
    for (int tries = 1;; ++tries) {
        const std::uint64_t before = file_->size_bytes();
        Result<void> done = co_await try_once(source);
        if (done || !may_recover(done.error())) co_return done;
        if (file_->size_bytes() > before) {
            tries = 1;
            pause = options_.pause;
        }
        if (tries == options_.tries_max) co_return done;
        co_await sleep_for(pause);
        if (is_cancelled(co_await asio::this_coro::cancellation_state))
            co_return fail(Code::cancelled, "cancelled");
        pause *= 2;
    }
}

Task<Result<Download::Text>> Download::text(http::Url url, std::size_t bytes_max) {
    Duration pause = options_.pause;
    const http::Headers headers{{"Accept", "*/*"}};
    for (int tries = 1;; ++tries) {
        http::Url at = url;
        Result<http::ClientResponse> response = co_await ask(at, headers, nullptr);
        Error error{Code::internal, {}};
        if (!response) {
            error = std::move(response.error());
        } else if (response->status == 200) {
            if (!response->body_is_whole || response->body.size() > bytes_max)
                co_return fail(Code::too_large, "a playlist is too long");
            co_return Text{std::move(at), std::move(response->body)};
        } else {
            error = refused(response->status);
        }
        if (!may_recover(error) || tries == options_.tries_max) co_return fail(std::move(error));
        co_await sleep_for(pause);
        if (is_cancelled(co_await asio::this_coro::cancellation_state))
            co_return fail(Code::cancelled, "cancelled");
        pause *= 2;
    }
}

Task<Result<std::string>> Download::finish() {
    auto work = [&]() -> Result<std::string> {
        if (Result<void> synced = file_->sync(); !synced) return fail(std::move(synced.error()));
        Result<void> named = sync_folder(path_.substr(0, path_.rfind('/')));
        if (!named) return fail(std::move(named.error()));
        return file_->md5();
    };
    co_return co_await tools_.threads.run(work);
}

}  // namespace hookreel::media
