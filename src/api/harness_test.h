// The native API with a store in memory and a small announcer, called in process. The bodies are
// in the .cc, because every test of resources would compile them again.
#pragma once

#include <gtest/gtest.h>

#include "api/native_api.h"
#include "media/files/upload_fakes.h"
#include "media/uploads/local_uploads.h"
#include "model/queue.h"
#include "store/memory/memory_store.h"

namespace hookreel::api {

// A request with its body in memory.
class FakeRequest final : public http::Request {
 public:
    FakeRequest(http::RequestHead head, std::string body)
        : head_(std::move(head)), body_(std::move(body)) {}

    const http::RequestHead& head() const override { return head_; }
    bool secure() const override { return false; }
    bool peer_is_gone() const override { return gone; }
    std::optional<std::uint64_t> content_length() const override {
        return announced ? announced : std::optional<std::uint64_t>(body_.size());
    }
    Task<Result<std::size_t>> read(std::span<char> into) override;

    bool gone = false;
    std::optional<std::uint64_t> announced;

 private:
    http::RequestHead head_;
    std::string body_;
    std::size_t read_ = 0;
};

// Tells whoever is in the directories, with a body like that of the standard dialect.
class PlainAnnouncer final : public store::Announcer {
 public:
    PlainAnnouncer(const store::Endpoints& endpoints, const store::Consumers& consumers)
        : endpoints_(endpoints), consumers_(consumers) {}

    store::NewEvent announce(const model::Event& event) const override;

 private:
    const store::Endpoints& endpoints_;
    const store::Consumers& consumers_;
};

// An answer, taken apart.
struct Answered {
    int status = 0;
    http::Headers headers;
    json::value body;

    // A member by its path: text("errors.0.field").
    json::value at(std::string_view path) const;
    std::string text(std::string_view path) const;
};

class ApiTest : public testing::Test {
 protected:
    ApiTest();
    ~ApiTest() override;

    // As a start of the server: everything is read anew.
    void start();

    UploadPorts upload_ports();
    media::LocalUploadsOptions upload_options() const;
    static Catalogue catalogue();
    Task<model::Standings> standings_of(std::vector<model::EndpointId> ids);

    template <class T>
    T run(Task<T> task) {
        std::optional<T> result;
        asio::co_spawn(loop_, std::move(task), [&](std::exception_ptr error, T value) {
            if (error) std::rethrow_exception(error);
            result = std::move(value);
        });
        loop_.restart();
        loop_.run();
        return std::move(*result);
    }

    FakeRequest request(std::string method, std::string target, std::string body = "");
    Answered send(FakeRequest request);
    Answered call(std::string method, std::string target, std::string body = "");
    std::string make_endpoint(std::string more = "");

    Loop loop_;
    ManualClock clock_{parse_time("2026-03-02T08:00:00Z").value()};
    Log log_{Level::error, -1};
    store::MemoryStore store_{clock_};
    store::Applications applications_{store_};
    store::Endpoints endpoints_{store_};
    store::Consumers consumers_{store_};
    store::AccessKeys access_keys_{store_};
    PlainAnnouncer announcer_{endpoints_, consumers_};
    ApiSettings settings_;
    std::string owner_token_ = "owner-token";
    std::string token_ = "owner-token";
    model::Standings standings_;  // What senders would say.
    media::fakes::TemporaryFolder folder_;
    media::fakes::FakeProber prober_;
    media::fakes::FakeMuxer muxer_;
    media::FileThreads threads_{1};
    media::Catalog catalog_;
    media::NoProcedures procedures_;
    std::optional<media::LocalUploads> uploads_;
    std::optional<NativeApi> api_;
};

}  // namespace hookreel::api
