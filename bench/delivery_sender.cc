// Sends what the yardstick sends as durable, logged deliveries: each event is leased from the store
// on disk, rendered, posted, and confirmed in a commit with its attempt. Publishing is not
// measured.
#include "bench/load.h"
#include "delivery/http_transport.h"
#include "delivery/senders.h"
#include "dialect/tencent_vod/events/callback.h"
#include "model/application.h"
#include "model/queue.h"
#include "store/sqlite/sqlite_store.h"

namespace hookreel::bench {
namespace {

void must(bool good, std::string_view what) {
    if (good) return;
    fmt::print(stderr, "delivery_sender: {}\n", what);
    std::exit(1);
}

std::vector<model::Endpoint> endpoints(const LoadOptions& options) {
    const auto scheme = options.is_https() ? "https" : "http";
    std::vector<model::Endpoint> all;
    for (int i = 0; i < options.hosts; ++i) {
        const model::EndpointId id(fmt::to_string(i));
        model::Endpoint& endpoint = all.emplace_back();
        endpoint.id = id;
        endpoint.application = model::default_application;
        endpoint.dialect = "tencent_vod";
        endpoint.queue = model::endpoint_queue(id);
        endpoint.url = fmt::format("{}://{}:{}/hook", scheme, host_address(i), options.port);
        endpoint.in_flight_max =
            std::max(endpoint.in_flight_max, options.in_flight / options.hosts);
    }
    return all;
}

Task<void> publish(store::Store& store, const LoadOptions& options,
                   const std::vector<model::Endpoint>& to) {
    constexpr std::uint64_t batch = 1000;
    const auto body = std::make_shared<const std::string>(load_body());
    for (std::uint64_t number = 0; number < options.requests;) {
        store::Commit commit;
        for (std::uint64_t i = 0; i < batch && number < options.requests; ++i, ++number)
            commit.events.push_back({.id = model::EventId(fmt::format("{:032x}", number)),
                                     .application = model::default_application,
                                     .type = "media.uploaded",
                                     .key = "1234567890123456789",
                                     .time = SystemClock().now(),
                                     .entries = {{to[number % to.size()].queue, body}}});
        const Result<void> written = co_await store.commit(std::move(commit));
        must(written.has_value(), "publishing failed");
    }
}

Task<void> deliver_all(delivery::Senders& senders, const LoadOptions& options,
                       const std::vector<model::Endpoint>& to, Loop& loop) {
    constexpr Duration look_interval{20};
    for (const model::Endpoint& endpoint : to)
        senders.set(delivery::share(endpoint));
    while (senders.counters().delivered.value() < options.requests)
        co_await sleep_for(look_interval);
    co_await senders.stop(Duration(5000));
    loop.stop();
}

void run(Loop& loop, Task<void> task) {
    asio::co_spawn(loop, std::move(task), [&loop](const std::exception_ptr& exception) {
        if (exception) std::rethrow_exception(exception);
        loop.stop();
    });
    loop.run();
    loop.restart();
}

// One endpoint alone never gets the last eighth; it is to have as many under way as the yardstick.
int slots(const LoadOptions& options) {
    return options.hosts == 1 ? options.in_flight * 8 / 7 + 1 : options.in_flight;
}

void measure(const LoadOptions& options) {
    const Folder folder;
    const SystemClock clock;
    const Log log(Level::warning);
    store::SqliteOptions disk;
    disk.path = folder.path() + "/store.db";
    auto store = store::SqliteStore::open(std::move(disk), clock, log);
    must(store.has_value(), "the store cannot be opened");
    Loop loop(1);
    http::ClientOptions client_options;
    client_options.ca_file = options.ca_file;
    client_options.idle_per_host_max = static_cast<std::size_t>(options.in_flight);
    must(client_options.rules.allow("127.0.0.0/8").has_value(), "loopback is not allowed");
    http::Client client(loop, client_options);
    delivery::HttpTransport transport(client);
    const dialect::tencent_vod::CallbackRenderer renderer;
    const delivery::Renderers renderers{{"tencent_vod", &renderer}};
    const std::vector<delivery::Senders::Place> places = {{loop, transport}};
    delivery::Senders senders(places, {**store, renderers, clock, log},
                              {.in_flight_max = slots(options), .pauses = {}});

    const std::vector<model::Endpoint> to = endpoints(options);
    run(loop, publish(**store, options, to));
    const Meter meter;
    run(loop, deliver_all(senders, options, to, loop));
    const auto& counters = senders.counters();
    meter.report("delivery", counters.delivered.value(), counters.retried.value());
    client.close();
    (*store)->close();
}

}  // namespace
}  // namespace hookreel::bench

int main(int count, char** arguments) {
    using namespace hookreel::bench;
    measure(parse_load(count, arguments, "Delivers events of a store on disk to a sink"));
}
