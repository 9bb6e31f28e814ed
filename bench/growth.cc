// ./dev bench growth: what an event costs while few or many wait, how much memory each that waits
// takes, and how long the server needs to start again with them.
//
//     ./dev bench growth [--runs N] [--events MOST] [--json] [QUEUES | key]
//
// The queue grows from 1,000 waiting events to MOST (default 1 million) in steps of ten. At each
// size events are published one by one, with ids that are checked, then as many are leased from the
// old end and confirmed, so the size stays. All are archived. With QUEUES the waiting events are
// spread over so many queues, one event per pack; else they are in one, packed.
//
// With `key` it is only the start that is measured, of a queue that is ordered by key and in which
// nothing is free but the youngest event: once all others wait behind the first of 1,000 keys,
// which are delayed, and once each has a key of its own and is delayed itself.
#include <sys/utsname.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "base/random.h"
#include "base/text.h"
#include "bench/figures.h"
#include "store/sqlite/sqlite_store.h"

namespace hookreel::bench {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::uint64_t most_default = 1'000'000;
constexpr std::uint64_t least = 1000;
constexpr int measured = 10'000;  // Events per run.
constexpr int producers = 64;
constexpr int batch = 16;
constexpr std::size_t body_bytes = 256;

void must(bool good, std::string_view what) {
    if (!good) throw std::runtime_error(std::string(what));
}

double seconds_since(Steady::time_point begin) {
    return std::chrono::duration<double>(Steady::now() - begin).count();
}

double resident_bytes() {
    std::ifstream file("/proc/self/statm");
    std::uint64_t size = 0;
    std::uint64_t resident = 0;
    file >> size >> resident;
    return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

std::unique_ptr<store::SqliteStore> open_store(const store::SqliteOptions& options,
                                               const Clock& clock, const Log& log) {
    auto store = store::SqliteStore::open(options, clock, log);
    must(store.has_value(), "the store does not open");
    return std::move(*store);
}

store::NewEvent make_event(const Clock& clock, model::QueueId queue, std::string key) {
    store::NewEvent event{.id = model::EventId(random_hex(16)),
                          .application = model::ApplicationId(1500000001),
                          .type = "media.uploaded",
                          .key = std::move(key),
                          .time = clock.now(),
                          .body = std::make_shared<const std::string>(body_bytes, 'b'),
                          .entries = {}};
    event.entries.push_back({.queue = std::move(queue), .body = nullptr});
    return event;
}

class Growth {
 public:
    Growth(const std::string& folder, int queues) : queues_(queues) {
        options_.path = folder + "/store.db";
        options_.limits.queue_entries_max *= 2;
        store_ = open_store(options_, clock_, log_);
    }

    // Returns how long it took until the first event was handed out.
    double open() {
        store_.reset();
        const auto begin = Steady::now();
        store_ = open_store(options_, clock_, log_);
        run(give_back_one());
        return seconds_since(begin);
    }
    void fill(std::uint64_t size) {
        waiting_ = size;
        run(fill_up(size));
    }
    // CPU per event in microseconds.
    double publish() {
        left_ = measured;
        const double begin = cpu_seconds();
        for (int i = 0; i < producers; ++i)
            group_.spawn(produce());
        loop_.restart();
        loop_.run();
        return (cpu_seconds() - begin) * 1e6 / measured;
    }
    double take() {
        left_ = measured;
        const double begin = cpu_seconds();
        for (int i = 0; i < batch; ++i)
            group_.spawn(consume(i));
        loop_.restart();
        loop_.run();
        return (cpu_seconds() - begin) * 1e6 / measured;
    }

 private:
    model::QueueId queue(std::uint64_t number) const {
        return model::QueueId(
            fmt::format("endpoint/{}", number % static_cast<std::uint64_t>(queues_)));
    }
    store::NewEvent next_event() {
        const std::uint64_t number = published_++;
        return make_event(clock_, queue(number), fmt::to_string(number % 1000));
    }
    void run(Task<void> task) {
        group_.spawn(std::move(task));
        loop_.restart();
        loop_.run();
    }
    Task<void> fill_up(std::uint64_t size) {
        while (stored_ < size) {
            store::Commit commit;
            for (int i = 0; i < 1000; ++i)
                commit.events.push_back(next_event());
            stored_ += commit.events.size();
            const Result<void> done = co_await store_->commit(std::move(commit));
            must(done.has_value(), "filling failed");
        }
    }
    Task<void> produce() {
        while (left_-- > 0) {
            std::vector<store::NewEvent> one;
            one.push_back(next_event());
            const auto done = co_await store_->publish(std::move(one));
            must(done.has_value(), "publish failed");
        }
    }
    Task<void> consume(int worker) {
        for (std::uint64_t turn = static_cast<std::uint64_t>(worker); left_ > 0; turn += batch) {
            const store::LeaseOptions options{.count_max = batch};
            const auto leases = co_await store_->lease(queue(turn), options);
            must(leases.has_value(), "lease failed");
            left_ -= static_cast<int>(leases->size());
            store::Commit done;
            for (const store::Lease& lease : *leases)
                done.confirms.push_back(lease.handle);
            const Result<void> confirmed = co_await store_->commit(std::move(done));
            must(confirmed.has_value(), "confirm failed");
        }
    }
    // Of the first queue that has one.
    Task<void> give_back_one() {
        store::Commit back;
        for (int number = 0; back.give_backs.empty(); ++number) {
            must(number < queues_, "nothing is left");
            const auto id = queue(static_cast<std::uint64_t>(number));
            const auto leases = co_await store_->lease(id, {});
            must(leases.has_value(), "lease failed");
            for (const store::Lease& lease : *leases)
                back.give_backs.push_back({lease.handle, Duration(0), store::GiveBack::Tried::no});
        }
        const Result<void> done = co_await store_->commit(std::move(back));
        must(done.has_value(), "give back failed");
    }

    const SystemClock clock_;
    const Log log_{Level::error};
    const int queues_;
    Loop loop_{1};
    TaskGroup group_{loop_.get_executor()};
    store::SqliteOptions options_;
    std::unique_ptr<store::SqliteStore> store_;
    std::uint64_t published_ = 0;
    std::uint64_t stored_ = 0;
    std::uint64_t waiting_ = 0;
    int left_ = 0;
};

// A queue that is ordered by key, in which the youngest event alone is free.
class Ordered {
 public:
    enum class Held { behind, delayed };
    Ordered(const std::string& folder, Held held) : held_(held) {
        options_.path = folder + (held == Held::behind ? "/behind.db" : "/delayed.db");
        options_.limits.queue_entries_max *= 2;
        store_ = open_store(options_, clock_, log_);
    }
    void fill(std::uint64_t size) { run(fill_up(size)); }
    // Returns how long it took until the free one was handed out.
    double open() {
        store_.reset();
        const auto begin = Steady::now();
        store_ = open_store(options_, clock_, log_);
        run(lease_the_free_one());
        return seconds_since(begin);
    }

 private:
    void run(Task<void> task) {
        group_.spawn(std::move(task));
        loop_.restart();
        loop_.run();
    }
    Task<void> fill_up(std::uint64_t size) {
        for (std::uint64_t stored = 0; stored < size; stored += step) {
            store::Commit commit;
            for (std::uint64_t i = stored; i < stored + step; ++i) {
                const std::uint64_t key = held_ == Held::behind ? i % step : i;
                commit.events.push_back(make_event(clock_, queue_, fmt::to_string(key)));
            }
            const Result<void> done = co_await store_->commit(std::move(commit));
            must(done.has_value(), "filling failed");
            if (held_ == Held::delayed || stored == 0) co_await delay_what_is_free();
        }
        store::Commit free;
        free.events.push_back(make_event(clock_, queue_, "free"));
        const Result<void> done = co_await store_->commit(std::move(free));
        must(done.has_value(), "filling failed");
    }
    Task<void> delay_what_is_free() {
        const auto leases = co_await store_->lease(queue_, options(step));
        must(leases.has_value(), "lease failed");
        store::Commit back;
        for (const store::Lease& lease : *leases)
            back.give_backs.push_back({lease.handle, std::chrono::hours(24)});
        const Result<void> done = co_await store_->commit(std::move(back));
        must(done.has_value(), "give back failed");
    }
    Task<void> lease_the_free_one() {
        const auto leases = co_await store_->lease(queue_, options(1));
        must(leases && leases->size() == 1 && leases->front().key == "free", "none is free");
    }
    static store::LeaseOptions options(int count_max) {
        return {.count_max = count_max, .order = model::Order::key};
    }

    static constexpr int step = 1000;
    const Held held_;
    const model::QueueId queue_{"endpoint/0"};
    const SystemClock clock_;
    const Log log_{Level::error};
    Loop loop_{1};
    TaskGroup group_{loop_.get_executor()};
    store::SqliteOptions options_;
    std::unique_ptr<store::SqliteStore> store_;
};

int bench_order(const Options& options) {
    const std::uint64_t most = options.events == 0 ? most_default : options.events;
    const Folder folder;
    std::vector<Figure> figures;
    for (const auto held : {Ordered::Held::behind, Ordered::Held::delayed}) {
        const char* what = held == Ordered::Held::behind ? "behind 1,000 others" : "delayed";
        Figure restart{fmt::format("{} {}: restart to first lease", most, what), "ms", {}};
        Ordered ordered(folder.path(), held);
        ordered.fill(most);
        for (int run = 0; run < options.runs; ++run)
            restart.runs.push_back(ordered.open() * 1000);
        figures.push_back(std::move(restart));
    }
    print(fmt::format("growth: a queue that is ordered by key, {} runs", options.runs), figures,
          options.form);
    return 0;
}

int bench(const Options& options) {
    if (!options.rest.empty() && options.rest[0] == "key") return bench_order(options);
    const std::uint64_t most = options.events == 0 ? most_default : options.events;
    const int queues =
        options.rest.empty() ? 1 : static_cast<int>(parse_unsigned(options.rest[0]).value_or(1));
    const Folder folder;
    Growth growth(folder.path(), queues);
    std::vector<Figure> figures;
    double baseline = 0;
    for (std::uint64_t size = least; size <= most; size *= 10) {
        growth.fill(size);
        Figure publish{fmt::format("{} waiting: publish", size), "CPU us/event", {}};
        Figure take{fmt::format("{} waiting: lease and confirm", size), "CPU us/event", {}};
        Figure memory{fmt::format("{} waiting: memory above 1,000", size), "bytes/event", {}};
        Figure restart{fmt::format("{} waiting: restart to first lease", size), "ms", {}};
        for (int run = 0; run < options.runs; ++run) {
            publish.runs.push_back(growth.publish());
            take.runs.push_back(growth.take());
        }
        const double resident = resident_bytes();
        if (size == least) baseline = resident;
        memory.runs.push_back((resident - baseline) / static_cast<double>(size));
        for (int run = 0; run < std::min(options.runs, 3); ++run)
            restart.runs.push_back(growth.open() * 1000);
        for (Figure* figure : {&publish, &take, &memory, &restart})
            figures.push_back(std::move(*figure));
    }
    utsname machine{};
    ::uname(&machine);
    print(fmt::format("growth: {} runs of {} events, {} producers, bodies of {} bytes, {} queues, "
                      "{} cores, kernel {}",
                      options.runs, measured, producers, body_bytes, queues,
                      std::thread::hardware_concurrency(), machine.release),
          figures, options.form);
    return 0;
}

}  // namespace
}  // namespace hookreel::bench

int main(int argc, char** argv) {
    return hookreel::bench::bench(hookreel::bench::read_options(argc, argv));
}
