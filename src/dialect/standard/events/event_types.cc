#include "dialect/standard/events/event_types.h"

#include <algorithm>

#include "dialect/standard/events/event_body.h"
#include "dialect/standard/events/examples.h"
#include "dialect/standard/events/media_schema.h"
#include "dialect/standard/events/schema.h"
#include "model/application.h"

namespace hookreel::dialect::standard {
namespace {

using model::EndpointTold;

json::object told_schema() {
    using namespace schema;
    return object(
        "An endpoint and how it fares.",
        {{"endpoint",
          object("Which one.", {{"id", text("Its id in the native API.")},
                                {"url", url("Where it sends to, without the query.")}})},
         {"failing_since", or_null(time("Since when no attempt succeeded."))},
         {"failing_percent", integer("How much of the time after which a failing "
                                     "endpoint is disabled has gone by.")},
         {"reason", text("What happened, for people: the last failure, or who did it.")}});
}

json::object test_schema() {
    using namespace schema;
    return object("What an operator tries an endpoint with.", {{"message", text("For people.")}});
}

model::Payload test_example() {
    return model::CustomEvent{.type = "endpoint.test",
                              .key = "ep_2hYx8QkVb3mN",
                              .data = R"({"message":"This is a test of this endpoint."})"};
}

template <const std::string_view& type>
model::Payload told() {
    return told_example(type);
}

struct Row {
    std::string_view name;
    std::string_view description;
    json::object (*schema)();
    model::Payload (*example)();
};

constexpr Row rows[] = {
    {EndpointTold::disabled,
     "An endpoint was disabled: it failed for too long, or its receiver answered 410.", told_schema,
     told<EndpointTold::disabled>},
    {EndpointTold::enabled, "A disabled endpoint was enabled again.", told_schema,
     told<EndpointTold::enabled>},
    {EndpointTold::failing,
     "An endpoint has been failing for 50, 70 or 90 % of the time after which it is disabled.",
     told_schema, told<EndpointTold::failing>},
    {"endpoint.test", "A test of an endpoint, which its operator asked for; nobody else gets it.",
     test_schema, test_example},
    {model::MediaComposed::type, "A file was composed of tracks, or could not be.", composed_schema,
     [] { return model::Payload(composed_example()); }},
    {model::MediaDeleted::type, "A file, or some of what was made from it, left the library.",
     deleted_schema, [] { return model::Payload(deleted_example()); }},
    {model::MediaEdited::type, "A file was cut and joined of others, or could not be.",
     edited_schema, [] { return model::Payload(edited_example()); }},
    {model::ProcedureChanged::type,
     "A task on a file finished, or one of its steps did when its creator asked to hear of each.",
     processed_schema, [] { return model::Payload(processed_example()); }},
    {model::MediaPulled::type, "A file was fetched from an address, or could not be.",
     pulled_schema, [] { return model::Payload(pulled_example()); }},
    {model::FileUploaded::type, "A file arrived in the library.", uploaded_schema,
     [] { return model::Payload(uploaded_example()); }},
};

model::EventType made(std::string_view name, std::string_view description, json::object schema,
                      model::Payload example, const MediaUrls& urls) {
    const model::Event event{model::EventId("3f0c1de29a8b4b5f8e7d6c5b4a392817"),
                             model::default_application, example_time(), std::move(example)};
    return {name, description, schema::document(name, std::move(schema)), event.payload,
            event_body(event, urls)};
}

}  // namespace

std::vector<model::EventType> event_types(const MediaUrls& urls) {
    std::vector<model::EventType> all;
    for (const Row& row : rows)
        all.push_back(made(row.name, row.description, row.schema(), row.example(), urls));
    for (const model::ExternalKind& kind : model::external_kinds)
        all.push_back(
            made(kind.event, kind.tells, external_schema(), external_example(kind), urls));
    std::ranges::sort(all, {}, &model::EventType::name);
    return all;
}

}  // namespace hookreel::dialect::standard
