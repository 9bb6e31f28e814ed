// Stand-ins for tests of uploads and of those who speak for them: bytes and requests out of a
// string, a prober and an announcer without a program behind them, and a folder that goes away.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "base/async.h"
#include "base/digest.h"
#include "base/random.h"
#include "http/request.h"
#include "media/files/muxer.h"
#include "media/files/prober.h"
#include "store/announcer.h"

namespace hookreel::media::fakes {

// Runs the task to its end on the loop, with what it waits for.
template <class T>
T run(Loop& loop, Task<T> task) {
    std::optional<T> result;
    const auto done = [&result](const std::exception_ptr& exception, T value) {
        if (exception) std::rethrow_exception(exception);
        result.emplace(std::move(value));
    };
    asio::co_spawn(loop, std::move(task), done);
    loop.restart();
    loop.run();
    return std::move(*result);
}

// A folder of its own, removed with everything in it.
class TemporaryFolder {
 public:
    TemporaryFolder()
        : path_((std::filesystem::temp_directory_path() / ("hookreel-" + random_hex(8))).string()) {
        std::filesystem::create_directories(path_);
    }
    ~TemporaryFolder() { std::filesystem::remove_all(path_); }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::string& path() const { return path_; }
    // All files below, folders not counted.
    std::size_t file_count() const {
        std::size_t count = 0;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(path_))
            count += entry.is_regular_file() ? 1 : 0;
        return count;
    }

 private:
    std::string path_;
};

inline std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// A request whose body comes in pieces of a size that divides no buffer; it may break off.
class FakeRequest final : public http::Request {
 public:
    explicit FakeRequest(std::string body) : body_(std::move(body)) {}
    FakeRequest(http::RequestHead head, std::string body)
        : head_(std::move(head)), body_(std::move(body)) {}

    // Ends with this error after so many bytes.
    void break_off(std::size_t after_bytes, Error error) {
        body_.resize(after_bytes);
        error_ = std::move(error);
    }
    std::size_t bytes_read() const { return at_; }

    Task<Result<std::size_t>> read(std::span<char> into) override {
        constexpr std::size_t piece = 10'007;
        const std::size_t count = std::min({into.size(), body_.size() - at_, piece});
        if (count == 0 && error_) co_return fail(*error_);
        std::copy_n(body_.data() + at_, count, into.data());
        at_ += count;
        // As from a socket: others run between two pieces.
        co_await asio::post(co_await asio::this_coro::executor, use_task);
        co_return count;
    }
    const http::RequestHead& head() const override { return head_; }
    bool secure() const override { return false; }
    std::optional<std::uint64_t> content_length() const override { return body_.size(); }

 private:
    http::RequestHead head_;
    std::string body_;
    std::size_t at_ = 0;
    std::optional<Error> error_;
};

// Finds what it is told to find, and no media otherwise.
class FakeProber final : public Prober {
 public:
    std::optional<model::Metadata> found;
    int calls = 0;

    Task<Result<model::Metadata>> probe(std::string path) override {
        ++calls;
        if (!std::filesystem::is_regular_file(path)) co_return fail(Code::invalid, "no file");
        if (!found) co_return fail(Code::invalid, "not media");
        co_return *found;
    }
};

// Writes the picture and then the sound, with a stroke between them; or says why not.
class FakeMuxer final : public Muxer {
 public:
    std::optional<Error> error;
    std::vector<MuxOrder> orders;

    Task<Result<Muxed>> mux(MuxOrder order) override {
        orders.push_back(order);
        if (error) co_return fail(*error);
        const std::string film = read_file(order.picture.path) + "|" + read_file(order.sound.path);
        std::ofstream(order.output, std::ios::binary) << film;
        co_return Muxed{film.size(), hex(digest(Algorithm::md5, film))};
    }
};

// Tells one queue of everything; what is said is the file's id.
class FakeAnnouncer final : public store::Announcer {
 public:
    static model::QueueId queue() { return model::QueueId("reel/fake"); }

    store::NewEvent announce(const model::Event& event) const override {
        store::NewEvent announced{event.id,
                                  event.application,
                                  std::string(model::type(event)),
                                  model::key(event),
                                  event.time,
                                  {},
                                  {}};
        store::Body body = std::make_shared<const std::string>(model::key(event));
        announced.entries.push_back({queue(), std::move(body), {}});
        return announced;
    }
};

}  // namespace hookreel::media::fakes
