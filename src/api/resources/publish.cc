#include <fmt/format.h>

#include <algorithm>

#include "api/frame/raw_json.h"
#include "api/resources/operations.h"
#include "api/resources/queue_names.h"
#include "base/random.h"
#include "base/text.h"
#include "model/event.h"
#include "store/limits.h"

namespace hookreel::api {
namespace {

// Why the events of a request are not taken.
struct Refusal {
    std::vector<FieldError> errors;
    bool is_too_large = false;
    bool is_forbidden = false;
};

std::unexpected<Problem> to_problem(Refusal refusal) {
    std::unexpected<Problem> refused = refuse_fields(std::move(refusal.errors));
    Problem& problem = refused.error();
    if (refusal.is_too_large) {
        problem.status = 413;
        problem.kind = "too-large";
    } else if (refusal.is_forbidden) {
        problem.status = 403;
        problem.kind = "forbidden";
    }
    return refused;
}

// One of the events of a request; what is wrong with it is said of `place`.
class Reader {
 public:
    Reader(const Call& call, std::string place, Refusal& refusal)
        : call_(call), place_(std::move(place)), refusal_(refusal) {}

    model::Event read(const json::object& object, std::string_view text) {
        const Fields fields(object);
        model::CustomEvent custom;
        custom.type = fields.text_or("type", "");
        custom.key = fields.text_or("key", "");
        const std::optional<std::string_view> data = raw_member(text, "data");
        custom.data = data ? std::string(*data) : json::serialize(object.at("data"));
        check_type(custom.type);
        check_sizes(custom);
        model::Event event;
        event.id = model::EventId(fields.text("id").value_or(random_hex(16)));
        event.application = call_.application;
        event.time = fields.time("time").value_or(call_.now);
        event.trace = call_.request.trace;
        event.payload = std::move(custom);
        return event;
    }

 private:
    void check_type(const std::string& type) {
        const Catalogue& catalogue = call_.with.catalogue;
        if (!is_reserved(catalogue, type)) return;
        const std::string_view prefix = std::string_view(type).substr(0, type.find('.'));
        if (!call_.caller.scopes.has(Scope::admin)) {
            refusal_.is_forbidden = true;
            refuse("type", fmt::format("\"{}\": types that begin with \"{}\" are the server's own; "
                                       "only a token with the scope admin may publish them, as a "
                                       "trial",
                                       type, prefix));
        } else if (!find_type(catalogue, type)) {
            refuse("type", fmt::format("\"{}\" is unknown: types that begin with \"{}\" are the "
                                       "server's own; see /api/v1/event-types",
                                       type, prefix));
        }
    }

    void check_sizes(const model::CustomEvent& event) {
        const std::size_t most = call_.with.settings.event_bytes_max;
        if (event.data.size() > most) {
            refusal_.is_too_large = true;
            refuse("data",
                   fmt::format("has {} bytes; at most {} are taken", event.data.size(), most),
                   most);
        }
        constexpr std::size_t key_bytes_max = 256;
        if (event.key.size() > key_bytes_max)
            refuse(
                "key",
                fmt::format("has {} bytes; at most {} are taken", event.key.size(), key_bytes_max),
                key_bytes_max);
        // CloudEvents 1.0, section 3.1: a subject has no control characters.
        if (has_control_character(event.key))
            refuse("key", "has a control character (U+0000 to U+001F, U+007F to U+009F)");
    }

    void refuse(std::string_view field, std::string detail, json::value limit = nullptr) {
        if (refusal_.errors.size() >= errors_max) return;
        refusal_.errors.push_back(
            {place_ + std::string(field), std::move(detail), std::move(limit)});
    }

    const Call& call_;
    const std::string place_;
    Refusal& refusal_;
};

std::vector<model::Event> read_events(const Call& call, Refusal& refusal) {
    std::vector<model::Event> events;
    if (call.body.is_object()) {
        Reader reader(call, "", refusal);
        events.push_back(reader.read(call.body.get_object(), call.body_text));
        return events;
    }
    const json::array& all = call.body.as_array();
    const std::vector<std::string_view> texts = raw_elements(call.body_text);
    for (std::size_t i = 0; i < all.size() && i < texts.size(); ++i) {
        Reader reader(call, fmt::format("[{}].", i), refusal);
        events.push_back(reader.read(all[i].as_object(), texts[i]));
    }
    return events;
}

// The commit of a publish within the request's trace; the events go on from it.
std::optional<Span> begin_commit(const Call& call, std::vector<model::Event>& events) {
    if (!call.with.spans) return std::nullopt;
    Span span = begin_span(call.request.trace, "publish", Span::Kind::producer);
    span.add("messaging.system", "hookreel");
    span.add("messaging.operation.name", "publish");
    span.add("messaging.operation.type", "send");
    span.add("messaging.batch.message_count", std::ssize(events));
    if (events.size() == 1) span.add("messaging.message.id", events.front().id.text());
    for (model::Event& event : events)
        event.trace = span.context;
    return span;
}

void end_commit(const Call& call, Span span, const Error* error) {
    span.failed = error != nullptr;
    if (error) span.add("error.type", std::string(name(error->code)));
    call.with.spans->add(std::move(span));
}

std::size_t recipients_of(const std::vector<store::NewEvent>& events) {
    std::size_t recipients = 0;
    for (const store::NewEvent& event : events)
        recipients += event.entries.size();
    return recipients;
}

// A batch with more recipients than one commit takes.
std::unexpected<Problem> refuse_reach(std::size_t events, std::size_t recipients) {
    const std::size_t most = store::Limits().parts_max;
    std::unexpected<Problem> refused = refuse_field(
        {"",
         fmt::format("{} events have {} recipients in all; at most {} are taken in a request: "
                     "publish about {} events at a time",
                     events, recipients, most,
                     std::max<std::size_t>(events * most / recipients, 1)),
         most});
    refused.error().status = 413;
    refused.error().kind = "too-large";
    return refused;
}

void append_published(std::string& text, const store::NewEvent& event, store::Published published) {
    const bool duplicate = published == store::Published::duplicate;
    // Ids and names of queues have forms that need no escapes.
    text += fmt::format(R"({{"id":"{}","duplicate":{},"queues":[)", event.id.text(), duplicate);
    if (!duplicate)
        for (const store::NewEntry& entry : event.entries) {
            if (text.back() == '"') text += ',';
            text += fmt::format("\"{}\"", public_name(entry.queue));
        }
    text += "]}";
}

}  // namespace

// Everything is looked at before anything is stored; all of it goes into one commit.
Task<Answer<Reply>> publish_events(Call& call) {
    Refusal refusal;
    std::vector<model::Event> events = read_events(call, refusal);
    if (!refusal.errors.empty()) co_return to_problem(std::move(refusal));
    std::optional<Span> span = begin_commit(call, events);
    std::vector<store::NewEvent> stored;
    stored.reserve(events.size());
    for (const model::Event& event : events)
        stored.push_back(call.with.announcer.announce(event));
    const std::size_t recipients = recipients_of(stored);
    if (recipients > store::Limits().parts_max) co_return refuse_reach(stored.size(), recipients);
    std::vector<store::NewEvent> taken = stored;
    const Result<std::vector<store::Published>> published =
        co_await call.with.store.publish(std::move(taken));
    if (span) end_commit(call, std::move(*span), published ? nullptr : &published.error());
    if (!published) co_return refuse(published.error());

    Reply answer{R"({"events":[)"};
    for (std::size_t i = 0; i < stored.size(); ++i) {
        if (i > 0) answer.body += ',';
        append_published(answer.body, stored[i], (*published)[i]);
    }
    answer.body += "]}";
    co_return answer;
}

}  // namespace hookreel::api
