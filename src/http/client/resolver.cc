#include "http/client/resolver.h"

#include <ares.h>
#include <fmt/format.h>
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
constexpr std::chrono::seconds unanswered{1};
constexpr std::size_t cached_max = 1'024;
constexpr std::size_t queries_max = 2'048;
// When one family was found, for how long the other one is waited for (RFC 8305 section 3).
constexpr Duration other_family_time{50};
// Name servers that answered for some name within this time work; so a name about which they fail
// has bad ones of its own.
constexpr std::chrono::seconds well_time{10};
// The system's settings are read again after this time.
constexpr std::chrono::seconds settings_kept{60};

// The queries for one name, and those who wait for their answer.
struct LookUp {
    explicit LookUp(Executor executor) : other_family(executor) {}

    std::optional<Result<Addresses>> answer;
    std::vector<Timer*> waiters;
    Addresses found;
    std::chrono::seconds time_to_live = positive_max;
    int open_queries = 2;  // One for each family.
    std::optional<Error> failure;
    Timer other_family;
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

// Whether they answered for some name lately.
enum class NameServers { unproven, well };

Error to_error(int status, NameServers servers) {
    const bool are_well = servers == NameServers::well;
    switch (status) {
        case ARES_ENOTFOUND:
        case ARES_EBADNAME:
            return {Code::network, "no such name"};
        case ARES_ENODATA:
            return {Code::network, "the name has no address"};
        case ARES_ETIMEOUT:
            if (are_well) return {Code::network, "the name's own name servers do not answer"};
            return {Code::unavailable, "the name servers do not answer"};
        // c-ares tells none of "failed", "refused" and "not there" from the others.
        case ARES_ESERVFAIL:
        case ARES_EREFUSED:
        case ARES_ECONNREFUSED:
            if (are_well) return {Code::network, "the name's own name servers fail"};
            return {Code::unavailable, "the name servers fail, refuse or are not there"};
        case ARES_ECANCELLED:
        case ARES_EDESTRUCTION:
            return {Code::cancelled, "the look-up was given up"};
        default:
            return {Code::unavailable, fmt::format("name servers: {}", ares_strerror(status))};
    }
}

bool is_definite(int status) {
    return status == ARES_SUCCESS || status == ARES_ENOTFOUND || status == ARES_ENODATA;
}

// The families in turn, IPv6 first (RFC 8305 section 4).
Addresses in_turn(const Addresses& found) {
    Addresses families[2];
    for (const auto& address : found)
        families[address.is_v6() ? 0 : 1].push_back(address);
    Addresses sorted;
    for (std::size_t i = 0; sorted.size() < found.size(); ++i)
        for (const auto& family : families)
            if (i < family.size()) sorted.push_back(family[i]);
    return sorted;
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
        std::shared_ptr<LookUp> look_up;
    };

    static void on_answer(void* argument, int status, int, ares_addrinfo* found);
    static void on_socket(void* argument, int number, int readable, int writable);

    bool open_channel();
    void close_channel();
    std::shared_ptr<LookUp> look_up(const std::string& name);
    void ask(const std::string& name, const std::shared_ptr<LookUp>& look_up, int family);
    void take(const Query& query, int status, const ares_addrinfo* found);
    void settle(const std::string& name, LookUp& look_up);
    NameServers name_servers_now() const;
    void keep(const std::string& name, const Result<Addresses>& answer,
              std::chrono::seconds time_to_live);
    void wait_for(const std::shared_ptr<Watch>& watch);
    void process(int readable, int writable);
    void set_retry();

    Loop& loop;
    std::string name_servers;
    ares_channel channel = nullptr;
    Time opened;
    std::optional<Time> answered;  // When the name servers last said something definite.
    std::size_t queries = 0;       // Under way.
    bool is_asking = false;        // What is answered meanwhile comes from /etc/hosts.
    Timer retry;
    std::unordered_map<int, std::shared_ptr<Watch>> watches;
    std::unordered_map<std::string, std::shared_ptr<LookUp>> pending;
    std::unordered_map<std::string, Cached> cache;
};

bool Resolver::State::open_channel() {
    static const int library = ares_library_init(ARES_LIB_INIT_ALL);
    if (library != ARES_SUCCESS) return false;
    const auto now = std::chrono::steady_clock::now();
    if (channel != nullptr && queries == 0 && now - opened > settings_kept) close_channel();
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
    auto look_up = std::make_shared<LookUp>(loop.get_executor());
    if (queries >= queries_max) {
        look_up->answer = fail(Code::unavailable, "too many look-ups are under way");
    } else if (!open_channel()) {
        look_up->answer = fail(Code::unavailable, "the resolver's settings are unusable");
    } else {
        pending.emplace(name, look_up);
        ask(name, look_up, AF_INET6);
        ask(name, look_up, AF_INET);
        set_retry();
    }
    return look_up;
}

void Resolver::State::ask(const std::string& name, const std::shared_ptr<LookUp>& look_up,
                          int family) {
    ares_addrinfo_hints hints{};
    hints.ai_family = family;
    hints.ai_socktype = SOCK_STREAM;
    auto query = std::make_unique<Query>(*this, name, look_up);
    ++queries;
    is_asking = true;
    ares_getaddrinfo(channel, name.c_str(), nullptr, &hints, on_answer, query.release());
    is_asking = false;
}

void Resolver::State::on_answer(void* argument, int status, int, ares_addrinfo* found) {
    const std::unique_ptr<Query> query(static_cast<Query*>(argument));
    query->state.take(*query, status, found);
    if (found != nullptr) ares_freeaddrinfo(found);
}

NameServers Resolver::State::name_servers_now() const {
    const bool are_well = answered && std::chrono::steady_clock::now() - *answered < well_time;
    return are_well ? NameServers::well : NameServers::unproven;
}

void Resolver::State::take(const Query& query, int status, const ares_addrinfo* found) {
    --queries;
    auto& look_up = *query.look_up;
    --look_up.open_queries;
    if (look_up.answer) return;  // It was not waited for.
    if (status == ARES_SUCCESS) {
        for (auto* node = found->nodes; node != nullptr; node = node->ai_next) {
            look_up.found.push_back(to_address(*node->ai_addr));
            look_up.time_to_live =
                std::min(look_up.time_to_live, std::chrono::seconds(node->ai_ttl));
        }
    } else if (!look_up.failure || look_up.failure->code == Code::network) {
        // Only if both families are known to have nothing, it is the name's fault.
        look_up.failure = to_error(status, name_servers_now());
    }
    if (is_definite(status) && !is_asking) answered = std::chrono::steady_clock::now();
    if (look_up.open_queries == 0) return settle(query.name, look_up);
    if (look_up.found.empty()) return;
    look_up.other_family.expires_after(other_family_time);
    look_up.other_family.async_wait(
        [self = weak_from_this(), name = query.name, look_up = query.look_up](const error_code&) {
            const auto state = self.lock();
            if (state && !look_up->answer) state->settle(name, *look_up);
        });
}

void Resolver::State::settle(const std::string& name, LookUp& look_up) {
    auto& answer = look_up.answer;
    if (!look_up.found.empty())
        answer = in_turn(look_up.found);
    else
        answer = fail(look_up.failure.value_or(to_error(ARES_ENODATA, NameServers::well)));
    look_up.other_family.cancel();
    auto time_to_live = std::max(look_up.time_to_live, positive_min);
    if (!*answer) time_to_live = (*answer).error().code == Code::network ? negative : unanswered;
    if (*answer || (*answer).error().code != Code::cancelled) keep(name, *answer, time_to_live);
    pending.erase(name);
    for (auto* waiter : look_up.waiters)
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
    // Never anything else (RFC 6761 section 6.3).
    if (name == "localhost" || name.ends_with(".localhost"))
        co_return Addresses{asio::ip::address_v4::loopback(), asio::ip::address_v6::loopback()};

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
    if (!interrupted) {
        auto error = to_error(ARES_ETIMEOUT, state->name_servers_now());
        error.detail += fmt::format(" within {} ms", limit.count());
        co_return fail(std::move(error));
    }
    co_return fail(Code::cancelled, "the look-up was given up");
}

}  // namespace hookreel::http
