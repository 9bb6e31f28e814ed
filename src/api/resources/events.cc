#include <fmt/format.h>

#include "api/resources/operations.h"
#include "api/resources/queue_names.h"
#include "model/event.h"

namespace hookreel::api {
namespace {

// The archive keeps an event as the text that is sent and shown.
std::string_view text_of(const store::ArchivedEvent& event) {
    return event.body ? std::string_view(*event.body) : std::string_view("null");
}

}  // namespace

Task<Answer<Reply>> search_events(Call& call) {
    const Answer<std::string> from = cursor(call);
    if (!from) co_return std::unexpected(from.error());
    const Answer<store::Span> wanted = span(call.parameters());
    if (!wanted) co_return std::unexpected(wanted.error());
    store::EventQuery query;
    query.application = call.application;
    const Fields parameters = call.parameters();
    if (const auto type = parameters.text("type")) query.filter.types = {*type};
    if (const auto key = parameters.text("key")) query.filter.keys = {*key};
    query.span = *wanted;
    query.cursor = *from;
    query.count_max = limit(call);
    const Result<store::Page<store::ArchivedEvent>> found =
        co_await call.with.store.events(std::move(query));
    if (!found) co_return refuse_search(found.error());

    const Reply rest = page(call, {}, found->next);
    Reply answer{R"({"items":[)"};
    for (const store::ArchivedEvent& event : found->items) {
        if (answer.body.back() == '}') answer.body += ',';
        answer.body += text_of(event);
    }
    answer.body += rest.body.substr(std::string_view(R"({"items":[)").size());
    co_return answer;
}

Task<Answer<Reply>> get_event(Call& call) {
    model::EventId id(call.id());
    const Result<store::ArchivedEvent> event =
        co_await call.with.store.event(call.application, std::move(id));
    if (!event && event.error().code == Code::not_found) co_return not_found("event");
    if (!event) co_return refuse(event.error());
    co_return Reply{std::string(text_of(*event))};
}

namespace {

json::object type_json(const model::EventType& type) {
    json::object object;
    object["type"] = type.name;
    object["description"] = type.description;
    object["schema"] = body_schema(type);
    object["example"] = json::parse(type.example_body);
    return object;
}

}  // namespace

Task<Answer<Reply>> list_event_types(Call& call) {
    json::array items;
    for (const model::EventType& type : call.with.catalogue)
        items.push_back(type_json(type));
    co_return page(call, std::move(items), "");
}

Task<Answer<Reply>> get_event_type(Call& call) {
    const model::EventType* type =
        find_type(call.with.catalogue, Fields(call.path).text_or("type", ""));
    if (!type) co_return not_found("event type");
    co_return reply(type_json(*type));
}

// The sample of a type as if it had happened: in every dialect, to whoever wants it.
Task<Answer<Reply>> trigger_event_type(Call& call) {
    const model::EventType* type =
        find_type(call.with.catalogue, Fields(call.path).text_or("type", ""));
    if (!type) co_return not_found("event type");
    const model::Event event =
        model::make_event(call.application, call.now, type->example, call.request.trace);
    std::vector<store::NewEvent> stored{call.with.announcer.announce(event)};
    json::array queues;
    for (const store::NewEntry& entry : stored.front().entries)
        queues.push_back(json::string(public_name(entry.queue)));
    const auto published = co_await call.with.store.publish(std::move(stored));
    if (!published) co_return refuse(published.error());
    json::object told{{"id", event.id.text()}, {"duplicate", false}, {"queues", std::move(queues)}};
    co_return reply(json::object{{"events", json::array{std::move(told)}}});
}

}  // namespace hookreel::api
