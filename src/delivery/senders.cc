#include "delivery/senders.h"

#include <algorithm>
#include <iterator>

namespace hookreel::delivery {

// A sender and the loop on which all calls to it are made.
struct Senders::Post {
    Executor executor;
    Sender sender;
};

namespace {

std::vector<std::string> names_of(const Renderers& renderers) {
    std::vector<std::string> names;
    for (const auto& [name, renderer] : renderers)
        names.push_back(name);
    return names;
}

}  // namespace

Senders::Senders(std::span<const Place> places, Shared shared, SenderLimits limits)
    : counters_(names_of(shared.renderers)) {
    for (const Place& place : places) {
        const Executor executor = place.loop.get_executor();
        const SenderNeeds needs{shared.store, place.transport, shared.renderers, shared.clock,
                                shared.log,   counters_,       shared.overseer,  shared.spans};
        posts_.push_back(
            std::unique_ptr<Post>(new Post{executor, Sender(executor, needs, limits)}));
    }
}

Senders::~Senders() = default;

Senders::Post& Senders::post_of(const model::EndpointId& id) {
    return *posts_[std::hash<model::EndpointId>{}(id) % posts_.size()];
}

void Senders::set(EndpointPtr endpoint) {
    Post& post = post_of(endpoint->id);
    asio::post(post.executor, [&sender = post.sender, endpoint = std::move(endpoint)]() mutable {
        sender.set(std::move(endpoint));
    });
}

void Senders::remove(model::EndpointId id) {
    Post& post = post_of(id);
    asio::post(post.executor, [&sender = post.sender, id = std::move(id)] { sender.remove(id); });
}

void Senders::send_now(model::EndpointId id, model::EventId event) {
    Post& post = post_of(id);
    asio::post(post.executor, [&sender = post.sender, id = std::move(id),
                               event = std::move(event)] { sender.send_now(id, event); });
}

Task<model::Standings> Senders::standings(std::vector<model::EndpointId> ids) {
    model::Standings all;
    for (const std::unique_ptr<Post>& post : posts_) {
        std::vector<model::EndpointId> here;
        std::ranges::copy_if(ids, std::back_inserter(here),
                             [&](const auto& id) { return &post_of(id) == post.get(); });
        if (here.empty()) continue;
        auto ask = [&](std::move_only_function<void(model::Standings)> answer) {
            asio::post(post->executor,
                       [&sender = post->sender, here = std::move(here),
                        answer = std::move(answer)]() mutable { answer(sender.standings(here)); });
        };
        model::Standings some = co_await await_callback<model::Standings>(std::move(ask));
        all.merge(some);
    }
    co_return all;
}

namespace {

Task<void> stop_one(Sender& sender, Duration grace) {
    co_await sender.stop(grace);
}

}  // namespace

Task<void> Senders::stop(Duration grace) {
    std::atomic<std::size_t> running = posts_.size();
    auto start = [&](std::move_only_function<void(int)> stopped) {
        auto last = std::make_shared<std::move_only_function<void(int)>>(std::move(stopped));
        for (const auto& post : posts_)
            asio::co_spawn(post->executor, stop_one(post->sender, grace),
                           [&running, last](const std::exception_ptr& exception) {
                               if (exception) std::rethrow_exception(exception);
                               if (running.fetch_sub(1) == 1) (*last)(0);
                           });
    };
    co_await await_callback<int>(std::move(start));
}

}  // namespace hookreel::delivery
