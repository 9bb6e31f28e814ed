// Sends what the yardstick sends, with Hookreel's HTTP client.
#include "bench/load.h"
#include "http/client/client.h"

namespace hookreel::bench {
namespace {

struct Load {
    const LoadOptions& options;
    http::Client& client;
    std::string body = load_body();
    std::vector<http::Url> urls;
    std::uint64_t started = 0;
    std::uint64_t done = 0;
    std::uint64_t failed = 0;
    std::string last_error;
};

Task<void> send_in_turn(Load& load) {
    while (load.started < load.options.requests) {
        const auto number = load.started++;
        http::ClientRequest request;
        request.method = "POST";
        request.url = load.urls[number % load.urls.size()];
        request.headers.add("Content-Type", "application/json");
        request.headers.add("X-Signature", std::string(load_signature));
        request.headers.add("X-Event-Id", fmt::to_string(number));
        request.body = load.body;
        request.timeout = Duration(10'000);
        const auto response = co_await load.client.send(std::move(request));
        if (response && response->status == 200) {
            ++load.done;
            continue;
        }
        ++load.failed;
        if (!response) load.last_error = response.error().detail;
    }
}

Task<void> close_after(Load& load, TaskGroup& group) {
    co_await group.join();
    load.client.close();
}

}  // namespace
}  // namespace hookreel::bench

int main(int count, char** arguments) {
    using namespace hookreel;
    using namespace hookreel::bench;
    const auto options = parse_load(count, arguments, "Sends POSTs to a sink with the HTTP client");
    Loop loop(1);
    http::ClientOptions client_options;
    client_options.ca_file = options.ca_file;
    client_options.idle_per_host_max = static_cast<std::size_t>(options.in_flight);
    if (!client_options.rules.allow("127.0.0.0/8")) return 2;
    http::Client client(loop, client_options);

    Load load{.options = options, .client = client, .urls = {}, .last_error = {}};
    const auto scheme = options.is_https() ? "https" : "http";
    for (int i = 0; i < options.hosts; ++i)
        load.urls.push_back(*http::parse_url(
            fmt::format("{}://{}:{}/hook", scheme, host_address(i), options.port)));
    const Meter meter;
    TaskGroup senders(loop.get_executor());
    for (int i = 0; i < options.in_flight; ++i)
        senders.spawn(send_in_turn(load));
    TaskGroup end(loop.get_executor());
    end.spawn(close_after(load, senders));
    loop.run();
    meter.report("client", load.done, load.failed);
    if (load.failed > 0) fmt::print("last error: {}\n", load.last_error);
    return load.failed == 0 ? 0 : 1;
}
