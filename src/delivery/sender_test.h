// A sender with fakes around it, for tests: a store that may be told to refuse, and receivers that
// answer as they are told. Threads: one loop.
#pragma once

#include <gtest/gtest.h>

#include <map>

#include "delivery/sender.h"
#include "model/application.h"
#include "model/queue.h"
#include "store/memory/memory_store.h"

namespace hookreel::delivery {

using namespace std::chrono_literals;

inline Answer status(int number) {
    return http::ClientResponse{.status = number, .headers = {}, .body = {}};
}

class PlainRenderer final : public Renderer {
 public:
    Result<http::ClientRequest> render(const model::Endpoint& endpoint, const store::Lease& lease,
                                       TimePoint) const override {
        constexpr std::string_view scheme = "http://";
        if (!endpoint.url.starts_with(scheme)) return fail(Code::invalid, "no http URL");
        http::ClientRequest request;
        const auto begin = scheme.size(), end = endpoint.url.find('/', begin);
        request.url.host = endpoint.url.substr(begin, end - begin);
        request.body = *lease.body;
        return request;
    }
};

// Carries all events of an endpoint in one request, up to 3 at a time: "event1+event2".
class BatchRenderer final : public Renderer {
 public:
    Result<http::ClientRequest> render(const model::Endpoint& endpoint, const store::Lease& lease,
                                       TimePoint now) const override {
        return render_batch(endpoint, std::span(&lease, 1), now);
    }
    std::size_t batch_max() const override { return 3; }
    Result<http::ClientRequest> render_batch(const model::Endpoint& endpoint,
                                             std::span<const store::Lease> leases,
                                             TimePoint now) const override {
        auto request = PlainRenderer().render(endpoint, leases.front(), now);
        auto& body = std::get<std::string>(request->body);
        for (const store::Lease& lease : leases.subspan(1))
            body += "+" + *lease.body;
        return request;
    }
};

// Remembers what was found.
class FakeOverseer final : public Overseer {
 public:
    Task<void> record(model::EndpointId, Finding finding) override {
        findings.push_back(std::move(finding));
        co_return;
    }
    std::vector<Finding> findings;
};

// Answers by host: with what was set, or never. Remembers what came, in order.
class FakeTransport final : public Transport {
 public:
    explicit FakeTransport(Loop& loop) : arrived_(loop.get_executor()) {
        arrived_.expires_at(std::chrono::steady_clock::time_point::max());
    }

    void answer(std::string host, Answer with) { answers_.insert_or_assign(host, with); }
    void hang(const std::string& host) { answers_.erase(host); }

    Task<Answer> send(http::ClientRequest request) override {
        requests.push_back(request.url.host + " " + std::get<std::string>(request.body));
        ++under_way;
        under_way_most = std::max(under_way_most, under_way);
        arrived_.cancel();
        const auto found = answers_.find(request.url.host);
        Timer timer(co_await asio::this_coro::executor);
        timer.expires_at(found == answers_.end() ? std::chrono::steady_clock::time_point::max()
                                                 : std::chrono::steady_clock::now());
        const auto part = parts.find(request.url.host);
        if (part != parts.end()) request.on_broken(part->second);
        const Answer given =
            found == answers_.end() ? fail(Code::network, "aborted") : found->second;
        co_await timer.async_wait(use_result);
        --under_way;
        co_return given;
    }

    std::string head(const http::ClientRequest& request) const override {
        std::string text = "POST / HTTP/1.1\r\n";
        for (const auto& [name, value] : request.headers)
            text += name + ": " + value + "\r\n";
        return text + "\r\n";
    }

    // Returns when so many requests came in all.
    Task<void> came(std::size_t count) {
        while (requests.size() < count)
            co_await arrived_.async_wait(use_result);
    }

    std::map<std::string, http::ClientResponse> parts;  // By host: what comes before it breaks off.
    std::vector<std::string> requests;
    int under_way = 0;
    int under_way_most = 0;

 private:
    std::map<std::string, Answer> answers_;
    Timer arrived_;
};

// A store that may be told to refuse, in front of one that works.
class FlakyStore final : public store::Store {
 public:
    explicit FlakyStore(const Clock& clock) : works_(clock) {}

    bool refuses = false;
    int refused = 0;
    int leases = 0;   // That were asked for,
    int watches = 0;  // and queues that were watched.

    Task<Result<void>> commit(store::Commit commit) override {
        if (refuse()) return refusal<void>();
        return works_.commit(std::move(commit));
    }
    Task<Result<std::vector<store::Lease>>> lease(model::QueueId queue,
                                                  store::LeaseOptions options) override {
        ++leases;
        if (refuse()) return refusal<std::vector<store::Lease>>();
        return works_.lease(std::move(queue), options);
    }
    bool watch(const model::QueueId& queue, model::Order order,
               const std::shared_ptr<store::Bell>& bell) override {
        const bool is_watched = !refuses && works_.watch(queue, order, bell);
        watches += is_watched ? 1 : 0;
        return is_watched;
    }
    Result<void> renew(store::Handle handle, Duration hold) override {
        return works_.renew(handle, hold);
    }
    Task<Result<store::Record>> get(store::RecordKey key) override { return works_.get(key); }
    Task<Result<std::vector<store::Record>>> list(store::Kind kind,
                                                  store::ListOptions options) override {
        return works_.list(kind, options);
    }
    Task<Result<store::QueueCounts>> count(model::QueueId queue) override {
        return works_.count(queue);
    }
    Task<Result<store::Page<store::Attempt>>> attempts(store::AttemptQuery filter) override {
        return works_.attempts(filter);
    }
    Task<Result<std::vector<store::Published>>> publish(
        std::vector<store::NewEvent> events) override {
        return works_.publish(std::move(events));
    }
    Task<Result<store::Page<store::ArchivedEvent>>> events(store::EventQuery query) override {
        return works_.events(std::move(query));
    }
    Task<Result<store::ArchivedEvent>> event(model::ApplicationId application,
                                             model::EventId id) override {
        return works_.event(application, std::move(id));
    }
    Task<Result<store::Page<store::Delivery>>> deliveries(store::DeliveryQuery query) override {
        return works_.deliveries(std::move(query));
    }
    Task<Result<store::Delivery>> delivery(store::DeliveryId id) override {
        return works_.delivery(std::move(id));
    }
    Task<Result<void>> retry(store::DeliveryId id) override { return works_.retry(std::move(id)); }
    Task<Result<store::ReplayStep>> replay(store::Replay replay) override {
        return works_.replay(std::move(replay));
    }
    Task<Result<std::vector<store::DeadLetter>>> dead_letters(model::QueueId queue,
                                                              int count_max) override {
        return works_.dead_letters(queue, count_max);
    }
    Task<Result<int>> expire(model::QueueId queue, TimePoint before, int count_max) override {
        return works_.expire(queue, before, count_max);
    }
    Task<Result<store::QueueTotals>> totals() override { return works_.totals(); }
    Task<Result<int>> purge(store::PurgeLimits limits) override { return works_.purge(limits); }
    Result<void> health() const override { return works_.health(); }
    void close() override { works_.close(); }

 private:
    bool refuse() {
        refused += refuses ? 1 : 0;
        return refuses;
    }
    template <class T>
    static Task<Result<T>> refusal() {
        co_return fail(Code::unavailable, "the disk is full");
    }

    store::MemoryStore works_;
};

inline model::Endpoint endpoint(std::string name) {
    const model::EndpointId id(name);
    return {.id = id,
            .application = model::default_application,
            .queue = model::endpoint_queue(id),
            .dialect = "plain",
            .url = "http://" + name + "/hook?token=secret",
            .schedule = {.timeout = 5s, .delays = {0ms, 0ms}}};
}

struct Bench {
    Loop loop;
    SystemClock clock;
    FlakyStore store{clock};
    FakeTransport transport{loop};
    PlainRenderer plain;
    BatchRenderer batch;
    Renderers renderers{{"plain", &plain}, {"batch", &batch}};
    FakeOverseer overseer;
    Log log{Level::error};
    Counters counters;
    Sender sender{loop.get_executor(),
                  {store, transport, renderers, clock, log, counters, &overseer},
                  limits()};
    int published = 0;

    static SenderLimits limits() { return {.in_flight_max = 10, .pauses = {1ms, 4ms}}; }

    void set(const model::Endpoint& endpoint) { sender.set(share(endpoint)); }

    Task<void> publish(model::QueueId queue, int count) {
        store::Commit commit;
        for (int i = 0; i < count; ++i) {
            auto body = std::make_shared<const std::string>(fmt::format("event{}", ++published));
            commit.events.push_back({.id = model::EventId(*body),
                                     .application = model::default_application,
                                     .type = "media.uploaded",
                                     .key = "k",
                                     .time = clock.now(),
                                     .entries = {{queue, body}}});
        }
        const Result<void> written = co_await store.commit(std::move(commit));
        EXPECT_TRUE(written);
    }

    // Returns when the queue holds no entry any more.
    Task<void> emptied(model::QueueId queue) {
        for (;;) {
            const Result<store::QueueCounts> counts = co_await store.count(queue);
            if (counts->waiting == 0 && counts->leased == 0) co_return;
            co_await sleep_for(1ms);
        }
    }

    // Runs a scene to its end.
    void run(Task<void> scene) {
        bool ended = false;
        asio::co_spawn(loop, std::move(scene), [&ended](const std::exception_ptr& exception) {
            if (exception) std::rethrow_exception(exception);
            ended = true;
        });
        loop.run_for(60s);
        EXPECT_TRUE(ended) << "the scene hangs";
    }
};

}  // namespace hookreel::delivery
