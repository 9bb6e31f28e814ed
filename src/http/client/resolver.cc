#include "http/client/resolver.h"

#include <ares.h>
#include <netinet/in.h>
#include <sys/time.h>

#include <algorithm>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <new>
#include <unordered_map>

namespace hookreel::http {

using boost::system::error_code;
using Time = std::chrono::steady_clock::time_point;

namespace {

using Descriptor = asio::posix::basic_stream_descriptor<Executor>;

constexpr int try_milliseconds = 1'500;
constexpr int tries = 3;
constexpr std::chrono::seconds positive_min{1};
constexpr std::chrono::seconds positive_max{60};
constexpr std::chrono::seconds negative{5};
constexpr std::size_t cached_max = 1'024;
constexpr std::size_t pending_max = 1'024;
// The system's settings are read again after this time.
constexpr std::chrono::seconds settings_kept{60};

// One query and those who wait for its answer.
struct LookUp {
    std::optional<Result<Addresses>> answer;
    std::vector<Timer*> waiters;
};

// One who waits; leaves the list by itself, also when its coroutine is thrown away.
class Waiter {
 public:
    Waiter(std::shared_ptr<LookUp> look_up, Timer& timer)
        : look_up_(std::move(look_up)), timer_(timer) {
        look_up_->waiters.push_back(&timer_);
    }
    ~Waiter() { std::erase(look_up_->waiters, &timer_); }
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;

 private:
    std::shared_ptr<LookUp> look_up_;
    Timer& timer_;
};

// A socket of c-ares and what it waits for.
struct Watch {
    explicit Watch(Loop& loop, int its_number)
        : number(its_number), descriptor(loop.get_executor(), its_number) {}

    int number;
    Descriptor descriptor;
    bool wants_read = false;
    bool wants_write = false;
    bool waits_read = false;
    bool waits_write = false;
    bool is_closed = false;
};

struct Cached {
    Result<Addresses> answer;
    Time until;
};

asio::ip::address to_address(const sockaddr& from) {
    if (from.sa_family == AF_INET) {
        const auto& v4 = reinterpret_cast<const sockaddr_in&>(from);
        return asio::ip::address_v4(ntohl(v4.sin_addr.s_addr));
    }
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(from);
    asio::ip::address_v6::bytes_type bytes;
    std::copy(std::begin(v6.sin6_addr.s6_addr), std::end(v6.sin6_addr.s6_addr), bytes.begin());
    return asio::ip::address_v6(bytes, v6.sin6_scope_id);
}

Error to_error(int status) {
    switch (status) {
        case ARES_ENOTFOUND:
        case ARES_ENODATA:
        case ARES_EBADNAME:
            return {Code::network, "no such name"};
        case ARES_ETIMEOUT:
            return {Code::network, "the name servers do not answer"};
        case ARES_ECANCELLED:
        case ARES_EDESTRUCTION:
            return {Code::cancelled, "the look-up was given up"};
        default:
            return {Code::network, ares_strerror(status)};
    }
}

}  // namespace

struct Resolver::State : std::enable_shared_from_this<Resolver::State> {
    State(Loop& its_loop, std::string servers)
        : loop(its_loop), name_servers(std::move(servers)), retry(its_loop.get_executor()) {}
    ~State() { close_channel(); }

    // The argument of a query; c-ares gives it back exactly once.
    struct Query {
        State& state;
        std::string name;
    };

    static void on_answer(void* argument, int status, int, ares_addrinfo* found);
    static void on_socket(void* argument, int number, int readable, int writable);

    bool open_channel();
    void close_channel();
    std::shared_ptr<LookUp> look_up(const std::string& name);
    void finish(const std::string& name, int status, const ares_addrinfo* found);
    void keep(const std::string& name, const Result<Addresses>& answer,
              std::chrono::seconds time_to_live);
    void wait_for(const std::shared_ptr<Watch>& watch);
    void process(int readable, int writable);
    void set_retry();

    Loop& loop;
    std::string name_servers;
    ares_channel channel = nullptr;
    Time opened;
    Timer retry;
    std::unordered_map<int, std::shared_ptr<Watch>> watches;
    std::unordered_map<std::string, std::shared_ptr<LookUp>> pending;
    std::unordered_map<std::string, Cached> cache;
};

bool Resolver::State::open_channel() {
    static const int library = ares_library_init(ARES_LIB_INIT_ALL);
    if (library != ARES_SUCCESS) return false;
    const auto now = std::chrono::steady_clock::now();
    if (channel != nullptr && pending.empty() && now - opened > settings_kept) close_channel();
    if (channel != nullptr) return true;

    ares_options options{};
    options.timeout = try_milliseconds;
    options.tries = tries;
    options.sock_state_cb = on_socket;
    options.sock_state_cb_data = this;
    const int mask = ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB;
    if (ares_init_options(&channel, &options, mask) != ARES_SUCCESS) {
        channel = nullptr;
        return false;
    }
    opened = now;
    if (name_servers.empty() ||
        ares_set_servers_ports_csv(channel, name_servers.c_str()) == ARES_SUCCESS)
        return true;
    close_channel();
    return false;
}

void Resolver::State::close_channel() {
    if (channel != nullptr) ares_destroy(std::exchange(channel, nullptr));
}

std::shared_ptr<LookUp> Resolver::State::look_up(const std::string& name) {
    if (const auto it = pending.find(name); it != pending.end()) return it->second;
    auto look_up = std::make_shared<LookUp>();
    if (pending.size() >= pending_max) {
        look_up->answer = fail(Code::network, "too many look-ups are under way");
    } else if (!open_channel()) {
        look_up->answer = fail(Code::network, "the resolver's settings are unusable");
    } else {
        pending.emplace(name, look_up);
        ares_addrinfo_hints hints{};
        hints.ai_family = AF_UNSPEC;
        hints.ai_socktype = SOCK_STREAM;
        auto query = std::make_unique<Query>(*this, name);
        ares_getaddrinfo(channel, name.c_str(), nullptr, &hints, on_answer, query.release());
        set_retry();
    }
    return look_up;
}

void Resolver::State::on_answer(void* argument, int status, int, ares_addrinfo* found) {
    const std::unique_ptr<Query> query(static_cast<Query*>(argument));
    query->state.finish(query->name, status, found);
    if (found != nullptr) ares_freeaddrinfo(found);
}

void Resolver::State::finish(const std::string& name, int status, const ares_addrinfo* found) {
    Result<Addresses> answer = fail(to_error(status));
    auto time_to_live = negative;
    if (status == ARES_SUCCESS) {
        Addresses addresses;
        time_to_live = positive_max;
        for (auto* node = found->nodes; node != nullptr; node = node->ai_next) {
            addresses.push_back(to_address(*node->ai_addr));
            time_to_live = std::min(time_to_live, std::chrono::seconds(node->ai_ttl));
        }
        time_to_live = std::max(time_to_live, positive_min);
        if (!addresses.empty()) answer = std::move(addresses);
    }
    if (answer || answer.error().code != Code::cancelled) keep(name, answer, time_to_live);
    const auto ended = pending.extract(name);
    if (ended.empty()) return;
    ended.mapped()->answer = std::move(answer);
    for (auto* waiter : ended.mapped()->waiters)
        waiter->cancel();
}

void Resolver::State::keep(const std::string& name, const Result<Addresses>& answer,
                           std::chrono::seconds time_to_live) {
    const auto now = std::chrono::steady_clock::now();
    if (cache.size() >= cached_max)
        std::erase_if(cache, [now](const auto& entry) { return entry.second.until <= now; });
    if (cache.size() >= cached_max) cache.clear();
    cache.insert_or_assign(name, Cached{answer, now + time_to_live});
}

void Resolver::State::on_socket(void* argument, int number, int readable, int writable) {
    auto& state = *static_cast<State*>(argument);
    auto& watch = state.watches[number];
    if (readable == 0 && writable == 0) {
        if (watch) {
            watch->is_closed = true;
            watch->descriptor.release();  // c-ares closes it.
        }
        state.watches.erase(number);
        return;
    }
    if (!watch) watch = std::make_shared<Watch>(state.loop, number);
    watch->wants_read = readable != 0;
    watch->wants_write = writable != 0;
    state.wait_for(watch);
}

void Resolver::State::wait_for(const std::shared_ptr<Watch>& watch) {
    if (watch->wants_read && !watch->waits_read) {
        watch->waits_read = true;
        watch->descriptor.async_wait(Descriptor::wait_read,
                                     [self = weak_from_this(), watch](const error_code& error) {
                                         watch->waits_read = false;
                                         const auto state = self.lock();
                                         if (error || watch->is_closed || !state) return;
                                         state->process(watch->number, ARES_SOCKET_BAD);
                                         if (!watch->is_closed) state->wait_for(watch);
                                     });
    }
    if (watch->wants_write && !watch->waits_write) {
        watch->waits_write = true;
        watch->descriptor.async_wait(Descriptor::wait_write,
                                     [self = weak_from_this(), watch](const error_code& error) {
                                         watch->waits_write = false;
                                         const auto state = self.lock();
                                         if (error || watch->is_closed || !state) return;
                                         state->process(ARES_SOCKET_BAD, watch->number);
                                         if (!watch->is_closed) state->wait_for(watch);
                                     });
    }
}

void Resolver::State::process(int readable, int writable) {
    if (channel == nullptr) return;
    ares_process_fd(channel, readable, writable);
    set_retry();
}

void Resolver::State::set_retry() {
    timeval time{};
    if (ares_timeout(channel, nullptr, &time) == nullptr) {
        retry.cancel();
        return;
    }
    retry.expires_after(std::chrono::seconds(time.tv_sec) +
                        std::chrono::microseconds(time.tv_usec + 1'000));
    retry.async_wait([self = weak_from_this()](const error_code& error) {
        const auto state = self.lock();
        if (!error && state) state->process(ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    });
}

Resolver::Resolver(Loop& loop, std::string name_servers)
    : state_(std::make_shared<State>(loop, std::move(name_servers))) {}

Resolver::~Resolver() {
    cancel();
}

void Resolver::cancel() {
    if (state_->channel != nullptr) ares_cancel(state_->channel);
}

Task<Result<Addresses>> Resolver::resolve(std::string name, Duration limit) {
    error_code not_an_address;
    const auto literal = asio::ip::make_address(name, not_an_address);
    if (!not_an_address) co_return Addresses{literal};

    const auto state = state_;
    const auto cached = state->cache.find(name);
    if (cached != state->cache.end() && cached->second.until > std::chrono::steady_clock::now())
        co_return cached->second.answer;

    const auto look_up = state->look_up(name);
    if (look_up->answer) co_return *look_up->answer;
    Timer timer(state->loop.get_executor(), limit);
    const Waiter waiter(look_up, timer);
    const auto [interrupted] = co_await timer.async_wait(use_result);
    if (look_up->answer) co_return *look_up->answer;
    if (!interrupted) co_return fail(Code::timed_out, "no answer in time");
    co_return fail(Code::cancelled, "the look-up was given up");
}

}  // namespace hookreel::http
