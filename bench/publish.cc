// ./dev bench publish: what the store costs per event, beside a bare append log in the same run.
//
//   publish   producers wait for each event to be durable
//   cycle     the same, and takers lease 16 at a time and confirm them in one commit
//   push      the same, and senders confirm and log each event in a commit of its own
//
// CPU is that of the whole process: producers, takers, store and kernel.
#include <sys/resource.h>
#include <sys/utsname.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "bare_log.h"
#include "base/json.h"
#include "base/random.h"
#include "store/sqlite/sqlite_store.h"

namespace hookreel::bench {
namespace {

using Clock = std::chrono::steady_clock;
using store::SqliteStore;

enum class Path { publish, cycle, push };
constexpr std::array<std::string_view, 3> names(Path*) {
    return {"publish", "cycle", "push"};
}

struct Settings {
    int events = 30'000;
    int producers = 64;
    int takers = 64;
    int queues = 1;
    int runs = 5;
    std::size_t body_bytes = 1024;
    std::string folder = ".";
};

struct Figures {
    double per_second = 0;
    double cpu_us = 0;  // Per event.
};

constexpr int batch = 16;

// What producers and takers of one run share, all on one loop.
struct Run {
    const Settings& settings;
    Path path;
    int published = 0;
    int taken = 0;

    bool all_published() const { return published >= settings.events; }
    bool all_taken() const { return path == Path::publish || taken >= settings.events; }
};

std::string body_of(const Settings& settings) {
    return random_alphanumeric(settings.body_bytes);
}

void must(bool good, std::string_view what) {
    if (!good) throw std::runtime_error(std::string(what));
}

// The store under test.

struct StoreSubject {
    SqliteStore* store;
    std::string body;

    static model::QueueId queue(int number) {
        return model::QueueId(fmt::format("endpoint/{}", number));
    }
    Task<void> publish(int number, int queues) {
        store::Commit commit;
        store::NewEvent& event = commit.events.emplace_back();
        event.id = model::EventId(fmt::format("{:032x}", number));
        event.application = model::ApplicationId(1500000001);
        event.type = "media.uploaded";
        event.key = "1234567890123456789";
        event.time = SystemClock().now();
        event.entries.push_back(
            {.queue = queue(number % queues), .body = std::make_shared<const std::string>(body)});
        const Result<void> result = co_await store->commit(std::move(commit));
        must(result.has_value(), "publish failed");
    }
    Task<int> take(Path path, int number) {
        store::LeaseOptions options;
        options.count_max = batch;
        options.wait = Duration(50);
        Result<std::vector<store::Lease>> leases = co_await store->lease(queue(number), options);
        must(leases.has_value(), "lease failed");
        if (leases->empty()) co_return 0;
        store::Commit together;
        for (const store::Lease& lease : *leases) {
            if (path == Path::cycle) {
                together.confirms.push_back(lease.handle);
                continue;
            }
            const Result<void> result = co_await store->commit(sent(lease));
            must(result.has_value(), "confirm failed");
        }
        if (path == Path::cycle) {
            const Result<void> result = co_await store->commit(std::move(together));
            must(result.has_value(), "confirm failed");
        }
        co_return static_cast<int>(leases->size());
    }
    static store::Commit sent(const store::Lease& lease) {
        store::Commit commit;
        commit.confirms.push_back(lease.handle);
        commit.attempts.push_back(store::share({.event = lease.event,
                                                .queue = lease.queue,
                                                .type = lease.type,
                                                .number = lease.attempt,
                                                .at = lease.time,
                                                .took = Duration(1),
                                                .url = "http://127.0.0.1:8080/callback",
                                                .status = 200,
                                                .outcome = "delivered",
                                                .error = ""}));
        return commit;
    }
};

struct LogSubject {
    BareLog* log;
    std::string body;

    Task<void> publish(int, int) { co_await log->append(body, BareLog::Use::due); }
    Task<int> take(Path path, int) {
        const std::vector<std::string> bodies = log->lease(batch);
        if (bodies.empty()) {
            co_await sleep_for(Duration(1));
            co_return 0;
        }
        const std::string confirms(bodies.size() * 16, 'c');
        const std::string attempt(200, 'a');
        if (path == Path::cycle) co_await log->append(confirms, BareLog::Use::note);
        if (path == Path::push)
            for (std::size_t i = 0; i < bodies.size(); ++i)
                co_await log->append(attempt, BareLog::Use::note);
        co_return static_cast<int>(bodies.size());
    }
};

template <class Subject>
Task<void> produce(Subject* subject, Run* run) {
    while (!run->all_published())
        co_await subject->publish(run->published++, run->settings.queues);
}

template <class Subject>
Task<void> take(Subject* subject, Run* run, int queue) {
    while (!run->all_taken())
        run->taken += co_await subject->take(run->path, queue);
}

double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

template <class Subject>
Figures measure(Subject subject, const Settings& settings, Path path) {
    Run run{settings, path};
    Loop loop(1);
    TaskGroup group(loop.get_executor());
    const auto begun = Clock::now();
    const double cpu = cpu_seconds();
    for (int i = 0; i < settings.producers; ++i)
        group.spawn(produce(&subject, &run));
    if (path != Path::publish)
        for (int i = 0; i < std::max(settings.takers, settings.queues); ++i)
            group.spawn(take(&subject, &run, i % settings.queues));
    loop.run();
    const std::chrono::duration<double> took = Clock::now() - begun;
    return {settings.events / took.count(),
            (cpu_seconds() - cpu) * 1e6 / static_cast<double>(settings.events)};
}

Figures measure_store(const Settings& settings, Path path, const std::filesystem::path& folder) {
    const SystemClock clock;
    const Log log(Level::error);
    store::SqliteOptions options;
    options.path = folder / "store.db";
    Result<std::unique_ptr<SqliteStore>> store = SqliteStore::open(options, clock, log);
    must(store.has_value(), "the store does not open");
    return measure(StoreSubject{store->get(), body_of(settings)}, settings, path);
}

Figures measure_log(const Settings& settings, Path path, const std::filesystem::path& folder) {
    const std::size_t bytes =
        static_cast<std::size_t>(settings.events) * (settings.body_bytes + 300) + (1 << 20);
    BareLog log(folder / "bare.log", bytes);
    return measure(LogSubject{&log, body_of(settings)}, settings, path);
}

// A folder that is empty for each measurement and gone at the end.
class Scratch {
 public:
    explicit Scratch(const std::string& parent)
        : path_(std::filesystem::path(parent) / ("hookreel-bench-" + random_hex(4))) {
        std::filesystem::create_directories(path_);
    }
    ~Scratch() { std::filesystem::remove_all(path_); }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    const std::filesystem::path& path() const { return path_; }

 private:
    std::filesystem::path path_;
};

struct Spread {
    double median = 0;
    double least = 0;
    double most = 0;
};

Spread spread(std::vector<double> values) {
    std::ranges::sort(values);
    return {values[values.size() / 2], values.front(), values.back()};
}

json::object written(const Spread& spread) {
    return {{"median", spread.median}, {"min", spread.least}, {"max", spread.most}};
}

json::object measure_path(const Settings& settings, Path path) {
    std::vector<double> store_rate, store_cpu, log_rate, log_cpu, rate_ratio, cpu_ratio;
    for (int run = 0; run < settings.runs; ++run) {
        const Scratch scratch(settings.folder);
        const Figures log = measure_log(settings, path, scratch.path());
        const Figures store = measure_store(settings, path, scratch.path());
        log_rate.push_back(log.per_second);
        log_cpu.push_back(log.cpu_us);
        store_rate.push_back(store.per_second);
        store_cpu.push_back(store.cpu_us);
        rate_ratio.push_back(store.per_second / log.per_second);
        cpu_ratio.push_back(store.cpu_us / log.cpu_us);
    }
    return {{"path", name(path)},
            {"store_events_per_second", written(spread(store_rate))},
            {"store_cpu_us_per_event", written(spread(store_cpu))},
            {"log_events_per_second", written(spread(log_rate))},
            {"log_cpu_us_per_event", written(spread(log_cpu))},
            {"rate_ratio", written(spread(rate_ratio))},
            {"cpu_ratio", written(spread(cpu_ratio))}};
}

void print(const json::object& figures) {
    const auto cell = [&](std::string_view name) {
        const json::object& spread = figures.at(name).as_object();
        return fmt::format("{:.4g} ({:.4g} to {:.4g})", spread.at("median").to_number<double>(),
                           spread.at("min").to_number<double>(),
                           spread.at("max").to_number<double>());
    };
    fmt::print("{}\n", std::string_view(figures.at("path").as_string()));
    fmt::print("  store     events/s {:34} CPU us/event {}\n", cell("store_events_per_second"),
               cell("store_cpu_us_per_event"));
    fmt::print("  bare log  events/s {:34} CPU us/event {}\n", cell("log_events_per_second"),
               cell("log_cpu_us_per_event"));
    fmt::print("  ratio     rate     {:34} CPU          {}\n", cell("rate_ratio"),
               cell("cpu_ratio"));
}

enum class Output { text, json };

int run(const Settings& settings, const std::vector<Path>& paths, Output output) {
    utsname machine{};
    uname(&machine);
    const json::object setup = {{"events", settings.events},
                                {"producers", settings.producers},
                                {"takers", std::max(settings.takers, settings.queues)},
                                {"queues", settings.queues},
                                {"body_bytes", settings.body_bytes},
                                {"runs", settings.runs},
                                {"cores", std::thread::hardware_concurrency()},
                                {"kernel", machine.release}};
    if (output == Output::text) fmt::print("{}\n", json::serialize(setup));
    json::array results;
    for (Path path : paths) {
        results.push_back(measure_path(settings, path));
        if (output == Output::text) print(results.back().as_object());
    }
    if (output == Output::json)
        fmt::print("{}\n", json::serialize(json::object{{"setup", setup}, {"results", results}}));
    return 0;
}

}  // namespace
}  // namespace hookreel::bench

int main(int argc, char** argv) {
    using namespace hookreel::bench;
    Settings settings;
    std::vector<std::string> only;
    bool as_json = false;
    CLI::App app("What the store costs per event, beside a bare append log.");
    app.add_option("--events", settings.events, "Per run")->check(CLI::Range(1, 10'000'000));
    app.add_option("--producers", settings.producers)->check(CLI::Range(1, 100'000));
    app.add_option("--takers", settings.takers)->check(CLI::Range(1, 100'000));
    app.add_option("--queues", settings.queues)->check(CLI::Range(1, 100'000));
    app.add_option("--body-bytes", settings.body_bytes)->check(CLI::Range(1, 1 << 20));
    app.add_option("--runs", settings.runs)->check(CLI::Range(1, 1000));
    app.add_option("--folder", settings.folder, "On the disk under test");
    app.add_option("--path", only, "publish, cycle, push; all of them by default");
    app.add_flag("--json", as_json);
    CLI11_PARSE(app, argc, argv);
    std::vector<Path> paths;
    for (Path path : {Path::publish, Path::cycle, Path::push})
        if (only.empty() || std::ranges::find(only, hookreel::name(path)) != only.end())
            paths.push_back(path);
    return run(settings, paths, as_json ? Output::json : Output::text);
}
