// ./dev bench isolation: what one dead endpoint and one that takes 10 s to answer cost the others.
//
// 1,000 endpoints get events at a steady rate, one each in turn; each event's way is timed from
// the moment when its producer learns that it is on disk to its arrival. The same is done twice in
// one run: alone, and while two more endpoints get as many events per second as all the others
// together, of which one refuses connections and one never answers within its time-out of 10 s.
#include <algorithm>
#include <thread>

#include "base/random.h"
#include "base/text.h"
#include "bench/figures.h"
#include "delivery/http_transport.h"
#include "delivery/senders.h"
#include "dialect/tencent_vod/events/callback.h"
#include "http/server/server.h"
#include "model/application.h"
#include "model/queue.h"
#include "store/sqlite/sqlite_store.h"

namespace hookreel::bench {
namespace {

using Steady = std::chrono::steady_clock;

constexpr int endpoints = 1'000;
constexpr double events_per_second = 500;
constexpr std::uint64_t events_default = 5'000;

std::int64_t now_ns() {
    return Steady::now().time_since_epoch().count();
}

// When each event was known to be on disk, and when it came.
struct Times {
    std::vector<std::int64_t> committed;
    std::vector<std::atomic<std::int64_t>> arrived;
    std::atomic<std::uint64_t> count{0};
    explicit Times(std::uint64_t events) : committed(events), arrived(events) {}
};

// {"n":0000000123}
Task<http::Response> receive(Times& times, http::Request& request) {
    const std::int64_t at = now_ns();
    if (request.head().target == "/slow") {
        co_await sleep_for(Duration(30'000));
        co_return http::Response{};
    }
    const Result<std::string> body = co_await request.read_all(64 * 1024);
    const Result<std::uint64_t> number =
        body ? parse_unsigned(std::string_view(*body).substr(5, 10)) : fail(Code::invalid, "");
    std::int64_t none = 0;
    if (number && *number < times.arrived.size() &&
        times.arrived[*number].compare_exchange_strong(none, at))
        ++times.count;
    co_return http::Response{200, {}, std::string("{}")};
}

model::Endpoint endpoint(const std::string& name, std::string url) {
    model::Endpoint made;
    made.id = model::EndpointId(name);
    made.application = model::default_application;
    made.queue = model::endpoint_queue(made.id);
    made.dialect = "tencent_vod";
    made.url = std::move(url);
    made.schedule.timeout = Duration(10'000);
    made.schedule.delays = {Duration(0), Duration(1'000)};
    return made;
}

store::NewEvent event_for(const std::vector<model::QueueId>& queues, std::uint64_t number) {
    std::string text = fmt::format("{{\"n\":{:010},\"fill\":\"", number);
    text.append(1024 - text.size() - 2, 'x');
    text += "\"}";
    const auto body = std::make_shared<const std::string>(std::move(text));
    store::NewEvent event;
    event.id = model::EventId(random_hex(16));
    event.application = model::default_application;
    event.type = "media.uploaded";
    event.time = SystemClock().now();
    for (const model::QueueId& queue : queues)
        event.entries.push_back({queue, body});
    return event;
}

struct House {
    const Folder folder;
    const SystemClock clock;
    const Log log{Level::error};
    Times times;
    Loop receiver_loop{1};
    http::Server receiver{{&receiver_loop},
                          {},
                          [this](http::Request& request) { return receive(times, request); },
                          log};
    std::thread receiver_thread;
    std::unique_ptr<store::SqliteStore> store;
    Loop loop{1};

    explicit House(std::uint64_t events) : times(events) {
        if (!receiver.start()) std::abort();
        receiver_thread = std::thread([this] { receiver_loop.run(); });
        store::SqliteOptions disk;
        disk.path = folder.path() + "/store.db";
        store = std::move(*store::SqliteStore::open(disk, clock, log));
    }
    ~House() {
        store->close();
        receiver_loop.stop();
        receiver_thread.join();
    }
    std::string url(std::string_view path) const {
        return fmt::format("http://127.0.0.1:{}{}", receiver.port(), path);
    }
};

enum class Company { alone, bad };

Task<void> produce(House* house, Company company) {
    const model::QueueId dead = model::endpoint_queue(model::EndpointId("dead"));
    const model::QueueId slow = model::endpoint_queue(model::EndpointId("slow"));
    Timer timer(co_await asio::this_coro::executor);
    const Steady::time_point begin = Steady::now();
    for (std::uint64_t number = 0; number < house->times.committed.size(); ++number) {
        const std::chrono::duration<double> due(static_cast<double>(number) / events_per_second);
        timer.expires_at(begin + std::chrono::duration_cast<Steady::duration>(due));
        co_await timer.async_wait(use_result);
        const model::EndpointId to(fmt::to_string(number % endpoints));
        std::vector<model::QueueId> queues = {model::endpoint_queue(to)};
        if (company == Company::bad) queues.insert(queues.end(), {dead, slow});
        store::Commit commit;
        commit.events.push_back(event_for(queues, number));
        if (!co_await house->store->commit(std::move(commit))) std::abort();
        house->times.committed[number] = now_ns();
    }
    while (house->times.count < house->times.arrived.size())
        co_await sleep_for(Duration(5));
    house->loop.stop();
}

double percentile_ms(const Times& times, double share) {
    std::vector<std::int64_t> waits;
    for (std::size_t i = 0; i < times.committed.size(); ++i)
        waits.push_back(std::max<std::int64_t>(0, times.arrived[i] - times.committed[i]));
    std::ranges::sort(waits);
    const auto at = static_cast<std::size_t>(share * static_cast<double>(waits.size() - 1));
    return static_cast<double>(waits[at]) * 1e-6;
}

void measure(Company company, std::uint64_t events, Figure& p50, Figure& p99) {
    House house(events);
    http::ClientOptions client_options;
    if (!client_options.rules.allow("127.0.0.1")) std::abort();
    http::Client client(house.loop, client_options);
    delivery::HttpTransport transport(client);
    const dialect::tencent_vod::CallbackRenderer renderer;
    const delivery::Renderers renderers{{"tencent_vod", &renderer}};
    const std::vector<delivery::Senders::Place> places = {{house.loop, transport}};
    delivery::Senders senders(places, {*house.store, renderers, house.clock, house.log});
    for (int i = 0; i < endpoints; ++i)
        senders.set(delivery::share(endpoint(fmt::to_string(i), house.url("/hook"))));
    senders.set(delivery::share(endpoint("dead", "http://127.0.0.1:1/")));
    senders.set(delivery::share(endpoint("slow", house.url("/slow"))));

    TaskGroup group(house.loop.get_executor());
    group.spawn(produce(&house, company));
    house.loop.run();
    p50.runs.push_back(percentile_ms(house.times, 0.50));
    p99.runs.push_back(percentile_ms(house.times, 0.99));

    house.store->close();
    client.close();
    // The senders' tasks end with their loop.
    house.loop.restart();
    house.loop.poll();
}

void run(const Options& options) {
    const std::uint64_t events = options.events > 0 ? options.events : events_default;
    Figure alone_p50{"alone, p50", "ms", {}}, alone_p99{"alone, p99", "ms", {}};
    Figure bad_p50{"beside a dead and a slow one, p50", "ms", {}};
    Figure bad_p99{"beside a dead and a slow one, p99", "ms", {}};
    for (int i = 0; i < options.runs; ++i) {
        measure(Company::alone, events, alone_p50, alone_p99);
        measure(Company::bad, events, bad_p50, bad_p99);
    }
    print(
        fmt::format("isolation: from commit to arrival, {} events at {} a second to {} "
                    "endpoints, {} runs",
                    events, events_per_second, endpoints, options.runs),
        {alone_p50, bad_p50, alone_p99, bad_p99, ratio("p99, beside / alone", bad_p99, alone_p99)},
        options.form);
}

}  // namespace
}  // namespace hookreel::bench

int main(int argc, char** argv) {
    using namespace hookreel::bench;
    run(read_options(argc, argv));
}
