#include "store/limits.h"

namespace hookreel::store {
namespace {

Result<void> check_size(std::string_view what, std::size_t bytes, std::size_t bytes_max) {
    if (bytes <= bytes_max) return {};
    return fail(Code::too_large,
                fmt::format("{} of {} bytes; at most {} are taken", what, bytes, bytes_max));
}

// The first thing that is too large, or nothing.
class Inspection {
 public:
    explicit Inspection(const Limits& limits) : limits_(limits) {}

    void name(std::string_view what, std::string_view text) {
        size(what, text.size(), limits_.name_bytes_max);
    }
    void body(std::string_view what, std::size_t bytes) {
        size(what, bytes, limits_.body_bytes_max);
    }
    void trace(std::string_view text) {
        size("an event's trace", text.size(), limits_.trace_bytes_max);
    }
    Result<void> result() && { return std::move(result_); }

 private:
    void size(std::string_view what, std::size_t bytes, std::size_t bytes_max) {
        if (bytes > bytes_max && result_) result_ = check_size(what, bytes, bytes_max);
    }

    const Limits& limits_;
    Result<void> result_;
};

std::size_t parts(const Commit& commit) {
    std::size_t count = commit.puts.size() + commit.removes.size() + commit.confirms.size() +
                        commit.give_backs.size() + commit.buries.size() + commit.spends.size() +
                        commit.attempts.size();
    for (const NewEvent& event : commit.events)
        count += event.entries.size();
    return count;
}

}  // namespace

Result<void> check(const Commit& commit, const Limits& limits) {
    if (const std::size_t count = parts(commit); count > limits.parts_max)
        return fail(Code::too_large, fmt::format("a commit of {} parts; at most {} are taken",
                                                 count, limits.parts_max));
    Inspection inspection(limits);
    for (const Put& put : commit.puts) {
        inspection.name("a record's id", put.key.id);
        inspection.body("a record", put.value.size());
    }
    for (const RecordKey& key : commit.removes)
        inspection.name("a record's id", key.id);
    for (const NewEvent& event : commit.events) {
        inspection.name("an event's id", event.id.text());
        inspection.name("an event's type", event.type);
        inspection.name("an event's key", event.key);
        inspection.trace(event.trace);
        inspection.body("an event's body", event.body ? event.body->size() : 0);
        for (const NewEntry& entry : event.entries) {
            inspection.name("a queue's name", entry.queue.text());
            inspection.body("an event's body", entry.body ? entry.body->size() : 0);
        }
    }
    for (const AttemptPtr& attempt : commit.attempts) {
        inspection.name("an attempt's event", attempt->event.text());
        inspection.name("an attempt's queue", attempt->queue.text());
        inspection.name("an attempt's type", attempt->type);
        inspection.name("an attempt's outcome", attempt->outcome);
    }
    return std::move(inspection).result();
}

Error queue_full(const model::QueueId& queue, const Limits& limits) {
    return {Code::too_large, fmt::format("the queue {} is full; it holds at most {} entries",
                                         queue.text(), limits.queue_entries_max)};
}

Error lease_lost(Handle handle) {
    return {Code::lease_lost,
            fmt::format("the lease {} ran out, has ended, or never was", text(handle))};
}

Error delivery_is_sent(const DeliveryId& id) {
    return {Code::conflict, fmt::format("the delivery {} is being sent right now", id.text())};
}

Error version_conflict(const Put& put, std::uint64_t version) {
    return {Code::conflict, fmt::format("the record {} has version {}, not {}", put.key.id, version,
                                        put.expected_version.value_or(0))};
}

std::string cut(std::string text, std::size_t bytes_max) {
    if (text.size() <= bytes_max) return text;
    std::size_t end = bytes_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
        --end;
    text.resize(end);
    return text;
}

AttemptPtr cut(AttemptPtr attempt, const Limits& limits) {
    if (std::max(attempt->url.size(), attempt->error.size()) <= limits.note_bytes_max &&
        std::max({attempt->request_head.size(), attempt->response_head.size(),
                  attempt->response_body.size()}) <= limits.text_bytes_max)
        return attempt;
    Attempt shorter = *attempt;
    for (std::string* note : {&shorter.url, &shorter.error})
        *note = cut(std::move(*note), limits.note_bytes_max);
    for (std::string* text :
         {&shorter.request_head, &shorter.response_head, &shorter.response_body})
        *text = cut(std::move(*text), limits.text_bytes_max);
    return share(std::move(shorter));
}

}  // namespace hookreel::store
