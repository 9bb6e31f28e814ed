#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "api/resources/operations.h"
#include "api/resources/queue_filling.h"
#include "model/queue.h"

namespace hookreel::api {
namespace {

constexpr int pull_default = 10;
constexpr double lease_default_seconds = 30;
// A wait is cut into pieces: between them it is seen that the caller hung up.
constexpr Duration look_interval{2'000};
constexpr int creation_tries_max = 200;
// What an answer holds at most, unless one event is larger.
constexpr std::size_t answer_bytes_max = 16 * 1024 * 1024;

using Name = store::Consumers::Name;

Name name_of(const Call& call) {
    return {call.application, Fields(call.path).text_or("name", "")};
}

model::QueueId queue_of(const Call& call) {
    return model::consumer_queue(call.application, name_of(call).name);
}

// The consumer; a first pull makes it, with everything that the archive has.
Task<Answer<store::Consumers::Pointer>> consumer_of(const Call& call) {
    for (int tried = 0;; ++tried) {
        store::Consumers::Pointer found = call.with.consumers.find(name_of(call));
        if (found) co_return found;
        model::Consumer consumer;
        consumer.name = name_of(call).name;
        consumer.application = call.application;
        consumer.created = call.now;
        store::Commit with = audited(call, {"queue.created", consumer.name, "by its first pull"});
        Result<store::Consumers::Pointer> created =
            co_await create_filled(call.with.store, call.with.consumers, std::move(consumer),
                                   TimePoint{}, std::move(with));
        if (created) co_return std::move(*created);
        if (created.error().code != Code::conflict || tried >= creation_tries_max)
            co_return refuse(created.error());
        // Another pull was first. It shows itself when its commit is back.
        co_await sleep_for(Duration(5));
    }
}

// Due again at once, and not counted as an attempt. When it fails the leases run out by themselves.
Task<void> return_untried(store::Store& store, std::span<const store::Lease> leases) {
    if (leases.empty()) co_return;
    store::Commit commit;
    for (const store::Lease& lease : leases)
        commit.give_backs.push_back({lease.handle, Duration(0), store::GiveBack::Tried::no});
    co_await store.commit(std::move(commit));
}

// How many of the leases an answer takes.
std::size_t fitting(std::span<const store::Lease> leases) {
    std::size_t bytes = 0, count = 0;
    for (const store::Lease& lease : leases) {
        bytes += lease.body ? lease.body->size() : 0;
        if (count > 0 && bytes > answer_bytes_max) break;
        ++count;
    }
    return count;
}

// As many as are asked for, if so many are due: the store hands out what it has read, which may be
// fewer. Errors: as Store::lease.
Task<Result<std::vector<store::Lease>>> lease_all(store::Store& store, model::QueueId queue,
                                                  store::LeaseOptions options) {
    Result<std::vector<store::Lease>> leases = co_await store.lease(queue, options);
    options.wait = Duration(0);
    while (leases && !leases->empty() && fitting(*leases) == leases->size() &&
           options.count_max > std::ssize(*leases)) {
        store::LeaseOptions rest = options;
        rest.count_max -= static_cast<int>(leases->size());
        Result<std::vector<store::Lease>> more = co_await store.lease(queue, rest);
        if (!more || more->empty()) break;  // What is leased already is not lost for that.
        std::ranges::move(*more, std::back_inserter(*leases));
    }
    co_return leases;
}

std::string pulled_text(const Call& call, std::span<const store::Lease> leases) {
    std::string text = R"({"events":[)";
    for (const store::Lease& lease : leases) {
        if (text.back() == '}') text += ',';
        text += fmt::format(R"({{"handle":"{}","attempt":{},"lease_until":"{}","event":)",
                            call.with.handles.text(lease.handle, lease.queue), lease.attempt,
                            rfc3339(lease.until));
        text += lease.body ? std::string_view(*lease.body) : std::string_view("null");
        text += '}';
    }
    return text + "]}";
}

// What is done with one handle after the other, as a commit.
using Settle = void (*)(store::Commit& commit, store::Handle handle, Duration delay);

struct Handles {
    std::vector<std::string> texts;
    std::vector<std::optional<store::Handle>> opened;  // None: not of this queue.
    std::vector<bool> held;                            // The outcome.
};

Handles handles_of(const Call& call) {
    Handles handles{call.fields().texts("handles"), {}, {}};
    for (const std::string& text : handles.texts)
        handles.opened.push_back(call.with.handles.open(text, queue_of(call)));
    handles.held.assign(handles.texts.size(), false);
    return handles;
}

// Settles all handles that are still held. One that is not makes the store refuse a whole commit,
// so it is searched for by halves.
Task<Result<void>> settle(const Call& call, Handles& handles, Settle add, Duration delay) {
    struct Range {
        std::size_t begin, end;
    };
    std::vector<Range> open{{0, handles.opened.size()}};
    while (!open.empty()) {
        const Range range = open.back();
        open.pop_back();
        store::Commit commit;
        commit.confirms_of = queue_of(call);
        for (std::size_t i = range.begin; i < range.end; ++i)
            if (handles.opened[i]) add(commit, *handles.opened[i], delay);
        if (commit.confirms.empty() && commit.give_backs.empty()) continue;
        Result<void> done = co_await call.with.store.commit(std::move(commit));
        if (!done && done.error().code != Code::lease_lost) co_return done;
        for (std::size_t i = range.begin; done && i < range.end; ++i)
            handles.held[i] = handles.opened[i].has_value();
        if (done || range.end - range.begin == 1) continue;
        const std::size_t middle = (range.begin + range.end) / 2;
        open.push_back({middle, range.end});
        open.push_back({range.begin, middle});
    }
    co_return Result<void>();
}

Reply told(const Handles& handles, std::string_view outcome) {
    json::array results;
    for (std::size_t i = 0; i < handles.texts.size(); ++i)
        results.push_back(json::object{{"handle", handles.texts[i]},
                                       {"result", handles.held[i] ? outcome : "lost"}});
    return reply(json::object{{"results", std::move(results)}});
}

}  // namespace

Task<Answer<Reply>> pull_queue(Call& call) {
    const Answer<store::Consumers::Pointer> consumer = co_await consumer_of(call);
    if (!consumer) co_return std::unexpected(consumer.error());
    const Fields fields = call.fields();
    store::LeaseOptions options;
    options.count_max = static_cast<int>(fields.integer_or("max", pull_default));
    options.hold = fields.seconds("lease_seconds")
                       .value_or(Duration(static_cast<int>(lease_default_seconds * 1000)));
    options.order = (*consumer)->order;
    Duration left = fields.seconds("wait_seconds").value_or(Duration(0));
    for (;;) {
        options.wait = std::min(left, look_interval);
        left -= options.wait;
        Result<std::vector<store::Lease>> leases =
            co_await lease_all(call.with.store, queue_of(call), options);
        if (!leases) co_return refuse(leases.error());
        if (call.request.peer_is_gone()) {
            co_await return_untried(call.with.store, *leases);
            co_return refuse(408, "timed-out", "The caller is gone.");
        }
        if (leases->empty() && left > Duration(0)) {
            if (!call.with.consumers.find(name_of(call))) co_return not_found("queue");
            continue;
        }
        const std::span<const store::Lease> all(*leases);
        const std::size_t count = fitting(all);
        co_await return_untried(call.with.store, all.subspan(count));
        co_return Reply{pulled_text(call, all.first(count))};
    }
}

Task<Answer<Reply>> confirm_handles(Call& call) {
    if (!call.with.consumers.find(name_of(call))) co_return not_found("queue");
    Handles handles = handles_of(call);
    const Settle confirm = [](store::Commit& commit, store::Handle handle, Duration) {
        commit.confirms.push_back(handle);
    };
    const Result<void> done = co_await settle(call, handles, confirm, Duration(0));
    if (!done) co_return refuse(done.error());
    co_return told(handles, "confirmed");
}

Task<Answer<Reply>> give_back_handles(Call& call) {
    if (!call.with.consumers.find(name_of(call))) co_return not_found("queue");
    Handles handles = handles_of(call);
    const Settle give_back = [](store::Commit& commit, store::Handle handle, Duration delay) {
        commit.give_backs.push_back({handle, delay});
    };
    const Duration delay = call.fields().seconds("delay_seconds").value_or(Duration(0));
    const Result<void> done = co_await settle(call, handles, give_back, delay);
    if (!done) co_return refuse(done.error());
    co_return told(handles, "given_back");
}

Task<Answer<Reply>> extend_handles(Call& call) {
    if (!call.with.consumers.find(name_of(call))) co_return not_found("queue");
    Handles handles = handles_of(call);
    const Duration hold = call.fields().seconds("lease_seconds").value_or(Duration(0));
    for (std::size_t i = 0; i < handles.opened.size(); ++i)
        if (handles.opened[i])
            handles.held[i] = call.with.store.renew(*handles.opened[i], hold).has_value();
    co_return told(handles, "extended");
}

}  // namespace hookreel::api
