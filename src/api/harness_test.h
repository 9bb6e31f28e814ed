// The native API with a store in memory and a small announcer, called in process.
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
    Task<Result<std::size_t>> read(std::span<char> into) override {
        const std::size_t count = std::min(into.size(), body_.size() - read_);
        std::copy_n(body_.data() + read_, count, into.data());
        read_ += count;
        co_return count;
    }

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

    store::NewEvent announce(const model::Event& event) const override {
        const auto* custom = std::get_if<model::CustomEvent>(&event.payload);
        const std::string data = custom ? custom->data : "{}";
        const std::string key = model::key(event);
        const std::string type(model::type(event));
        std::string body = fmt::format(R"({{"type":"{}","timestamp":"{}","id":"{}",)", type,
                                       rfc3339(event.time), event.id.text());
        if (!key.empty()) body += fmt::format(R"("key":"{}",)", key);
        body += "\"data\":" + data + "}";
        store::NewEvent stored{event.id,   event.application,
                               type,       key,
                               event.time, std::make_shared<const std::string>(std::move(body)),
                               {}};
        for (const auto& one : endpoints_.wanting(event.application, type, key, data))
            stored.entries.push_back({one->queue, nullptr, TimePoint{}});
        for (const auto& one : consumers_.wanting(event.application, type, key, data))
            stored.entries.push_back(
                {model::consumer_queue(one->application, one->name), nullptr, TimePoint{}});
        return stored;
    }

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
    json::value at(std::string_view path) const {
        const json::value* at = &body;
        while (!path.empty()) {
            const std::string_view name = path.substr(0, path.find('.'));
            path.remove_prefix(std::min(path.size(), name.size() + 1));
            if (at->is_array()) {
                const std::size_t index = static_cast<std::size_t>(std::stoul(std::string(name)));
                if (index >= at->get_array().size()) return nullptr;
                at = &at->get_array()[index];
            } else {
                at = at->is_object() ? at->get_object().if_contains(name) : nullptr;
                if (!at) return nullptr;
            }
        }
        return *at;
    }
    std::string text(std::string_view path) const {
        const json::value found = at(path);
        return found.is_string() ? std::string(found.get_string()) : json::serialize(found);
    }
};

class ApiTest : public testing::Test {
 protected:
    ApiTest() {
        EXPECT_TRUE(run(applications_.load(std::nullopt, clock_.now())));
        start();
    }

    // As a start of the server: everything is read anew.
    void start() {
        uploads_.emplace(media::Ingest::Ports{store_, announcer_, prober_, clock_, threads_,
                                              catalog_, procedures_},
                         upload_options());
        EXPECT_TRUE(run(uploads_->recover()));
        NativeApi::Values values;
        values.catalogue = catalogue();
        values.dialects.push_back({"standard", {}});
        values.dialects.push_back({"cloudevents_binary", {}});
        values.owner_token = owner_token_;
        values.settings = settings_;
        NativeApi::Parts parts{store_,     applications_, endpoints_, consumers_,    access_keys_,
                               announcer_, clock_,        log_,       upload_ports()};
        parts.standings = [this](std::vector<model::EndpointId> ids) {
            return standings_of(std::move(ids));
        };
        api_.emplace(parts, std::move(values));
        EXPECT_TRUE(run(api_->load()));
    }

    UploadPorts upload_ports() {
        return {*uploads_, uploads_->resumable(),
                [](std::string_view path) { return "http://media/" + std::string(path); }};
    }
    media::LocalUploadsOptions upload_options() const {
        media::LocalUploadsOptions options;
        options.data_folder = folder_.path();
        options.object_bytes_max = 1'000'000;
        options.reserve_bytes = 0;
        return options;
    }

    static Catalogue catalogue() {
        model::EventType type{"media.uploaded", "A file has arrived.",
                              json::object{{"type", "object"}},
                              model::CustomEvent{"media.uploaded", "k", R"({"a":1})"},
                              R"({"type":"media.uploaded","timestamp":"2026-01-01T00:00:00Z",)"
                              R"("id":"1","data":{"a":1}})"};
        return {type};
    }

    Task<model::Standings> standings_of(std::vector<model::EndpointId> ids) {
        model::Standings known;
        for (const model::EndpointId& id : ids)
            if (const auto found = standings_.find(id); found != standings_.end())
                known.insert(*found);
        co_return known;
    }

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

    FakeRequest request(std::string method, std::string target, std::string body = "") {
        http::RequestHead head;
        head.method = std::move(method);
        head.target = "/api/v1" + std::move(target);
        head.peer = "192.0.2.7";
        if (!token_.empty()) head.headers.set("Authorization", "Bearer " + token_);
        if (!body.empty()) head.headers.set("Content-Type", "application/json");
        return FakeRequest(std::move(head), std::move(body));
    }
    Answered send(FakeRequest request) {
        http::Response response = run(api_->handle(request));
        Answered answered{response.status, response.headers, nullptr};
        const std::string& text = std::get<std::string>(response.body);
        if (!text.empty()) answered.body = json::parse(text);
        return answered;
    }
    Answered call(std::string method, std::string target, std::string body = "") {
        return send(request(std::move(method), std::move(target), std::move(body)));
    }

    std::string make_endpoint(std::string more = "") {
        const Answered made =
            call("POST", "/endpoints", R"({"url":"https://example.com/h")" + more + "}");
        EXPECT_EQ(made.status, 201) << json::serialize(made.body);
        return made.text("id");
    }

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
    media::FileThreads threads_{1};
    media::Catalog catalog_;
    media::NoProcedures procedures_;
    std::optional<media::LocalUploads> uploads_;
    std::optional<NativeApi> api_;
};

}  // namespace hookreel::api
