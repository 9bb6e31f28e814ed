#include "delivery/http_transport.h"

#include <gtest/gtest.h>

#include <map>

#include "delivery/senders.h"
#include "http/server/server.h"
#include "model/application.h"
#include "model/queue.h"
#include "store/memory/memory_store.h"

namespace hookreel::delivery {
namespace {

using namespace std::chrono_literals;

class PostRenderer final : public Renderer {
 public:
    Result<http::ClientRequest> render(const model::Endpoint& endpoint, const store::Lease& lease,
                                       TimePoint) const override {
        Result<http::Url> url = http::parse_url(endpoint.url);
        if (!url) return fail(std::move(url.error()));
        http::ClientRequest request;
        request.method = "POST";
        request.url = std::move(*url);
        request.headers.add("Content-Type", "application/json");
        request.body = *lease.body;
        return request;
    }
};

http::ClientOptions client_options() {
    http::ClientOptions options;
    EXPECT_TRUE(options.rules.allow("127.0.0.1/32"));
    return options;
}

// A whole delivery over real sockets: a server that takes callbacks, and senders on one loop.
struct Bench {
    Loop loop{1};
    SystemClock clock;
    Log log{Level::error};
    store::MemoryStore store{clock};
    http::Client client{loop, client_options()};
    HttpTransport transport{client};
    PostRenderer post;
    Renderers renderers{{"post", &post}};
    std::map<std::string, int> taken;  // By target.
    http::Server server{{&loop},
                        http::ServerOptions{},
                        [this](http::Request& request) { return take(request); },
                        log};
    std::vector<Senders::Place> places{{loop, transport}};
    Senders senders{places, {store, renderers, clock, log}};

    Task<http::Response> take(http::Request& request) {
        const Result<std::string> body = co_await request.read_all(1 << 20);
        EXPECT_EQ(*body, R"({"EventType":"NewFileUpload"})");
        ++taken[request.head().target];
        if (request.head().target == "/hang") co_await sleep_for(1h);
        co_return http::Response{500, {}, "no matter"};
    }

    model::Endpoint endpoint(std::string name) {
        const model::EndpointId id(name);
        return {.id = id,
                .application = model::default_application,
                .queue = model::endpoint_queue(id),
                .dialect = "post",
                .url = fmt::format("http://127.0.0.1:{}/{}", server.port(), name),
                .schedule = {.timeout = 100ms, .delays = {0ms, 0ms}}};
    }

    Task<void> publish(model::QueueId queue, int count) {
        const auto body = std::make_shared<const std::string>(R"({"EventType":"NewFileUpload"})");
        store::Commit commit;
        for (int i = 0; i < count; ++i)
            commit.events.push_back({.id = model::EventId(fmt::format("{}-{}", queue.text(), i)),
                                     .application = model::default_application,
                                     .type = "media.uploaded",
                                     .key = {},
                                     .time = clock.now(),
                                     .entries = {{queue, body}}});
        const Result<void> written = co_await store.commit(std::move(commit));
        EXPECT_TRUE(written);
    }

    Task<void> emptied(model::QueueId queue) {
        for (;;) {
            const Result<store::QueueCounts> counts = co_await store.count(queue);
            if (counts->waiting == 0 && counts->leased == 0) co_return;
            co_await sleep_for(1ms);
        }
    }

    void run(Task<void> scene) {
        ASSERT_TRUE(server.start());
        bool ended = false;
        asio::co_spawn(loop, finish(std::move(scene)), [&](const std::exception_ptr& exception) {
            if (exception) std::rethrow_exception(exception);
            ended = true;
        });
        loop.run_for(60s);
        EXPECT_TRUE(ended) << "the scene hangs";
    }

 private:
    Task<void> finish(Task<void> scene) {
        co_await std::move(scene);
        co_await senders.stop(0ms);
        client.close();
        co_await server.stop(0ms);
        loop.stop();
    }
};

TEST(HttpTransport, DeliversOverRealSockets) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        const model::Endpoint hook = b.endpoint("hook");
        b.senders.set(share(hook));
        co_await b.publish(hook.queue, 100);
        co_await b.emptied(hook.queue);
    };
    bench.run(scene(bench));
    EXPECT_EQ(bench.taken["/hook"], 100);
    EXPECT_EQ(bench.senders.counters().delivered.value(), 100u);
}

TEST(HttpTransport, TimesOutOnAReceiverThatHangs) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        const model::Endpoint hang = b.endpoint("hang"), good = b.endpoint("good");
        b.senders.set(share(hang));
        b.senders.set(share(good));
        co_await b.publish(hang.queue, 1);
        co_await b.publish(good.queue, 50);
        co_await b.emptied(good.queue);
        co_await b.emptied(hang.queue);
        const auto dead = co_await b.store.dead_letters(hang.queue, 10);
        EXPECT_EQ(dead->size(), 1u);
        EXPECT_TRUE(dead->front().reason.starts_with("3 sends failed, the last with: timeout"))
            << dead->front().reason;
    };
    bench.run(scene(bench));
    EXPECT_EQ(bench.taken["/hang"], 3);
    EXPECT_EQ(bench.taken["/good"], 50);
}

TEST(HttpTransport, NamesRefusedConnectionsAndAddresses) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        model::Endpoint closed = b.endpoint("closed"), forbidden = b.endpoint("forbidden");
        closed.url = "http://127.0.0.1:1/";
        forbidden.url = "http://169.254.169.254/latest/meta-data";
        b.senders.set(share(closed));
        b.senders.set(share(forbidden));
        co_await b.publish(closed.queue, 1);
        co_await b.publish(forbidden.queue, 1);
        co_await b.emptied(closed.queue);
        co_await b.emptied(forbidden.queue);
        const auto refused = co_await b.store.attempts({.queue = closed.queue, .event = {}});
        EXPECT_EQ(refused->items.size(), 3u);
        EXPECT_TRUE(refused->items.front().error.starts_with("connect:"))
            << refused->items.front().error;
        const auto denied = co_await b.store.attempts({.queue = forbidden.queue, .event = {}});
        EXPECT_TRUE(denied->items.front().error.starts_with("address:"))
            << denied->items.front().error;
    };
    bench.run(scene(bench));
    EXPECT_EQ(bench.senders.counters().failed(Fault::receiver), 3u);
    EXPECT_EQ(bench.senders.counters().failed(Fault::address), 3u);
}

TEST(Senders, ForgetWhatWasRemovedAndServeWhatWasChanged) {
    Bench bench;
    const auto scene = [](Bench& b) -> Task<void> {
        model::Endpoint a = b.endpoint("a");
        const std::string url = a.url;
        a.url.clear();
        b.senders.set(share(a));
        a.url = url;
        b.senders.set(share(a));
        co_await asio::post(use_task);  // After both changes.
        co_await b.publish(a.queue, 1);
        co_await b.emptied(a.queue);
        b.senders.remove(a.id);
        b.senders.remove(a.id);
    };
    bench.run(scene(bench));
    EXPECT_EQ(bench.taken["/a"], 1);
    MetricsText text;
    write_metrics(text, bench.senders.counters());
    EXPECT_NE(text.take().find(
                  "hookreel_delivery_attempts_total{dialect=\"post\",outcome=\"delivered\"} 1"),
              std::string::npos);
}

}  // namespace
}  // namespace hookreel::delivery
