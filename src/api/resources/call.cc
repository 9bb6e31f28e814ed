#include "api/resources/call.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.h"

namespace hookreel::api {
namespace {

constexpr int page_default = 100;

const json::object nothing;

// Begins the cursors of an operation; of one on a resource, those of that resource, in the state
// that was asked for.
std::string mark_of(const Call& call) {
    return fmt::format("{}:{}:{}:", call.operation.id, call.id(),
                       call.fields().text_or("state", ""));
}

}  // namespace

Fields Call::fields() const {
    return Fields(body.is_object() ? body.get_object() : nothing);
}

Reply reply(const json::value& body) {
    return {json::serialize(body)};
}

store::Commit audited(const Call& call, Change change) {
    AuditEntry entry;
    entry.at = call.now;
    entry.actor = call.caller.name;
    entry.peer = call.request.head().peer;
    entry.action = change.action;
    entry.target = std::move(change.target);
    entry.application = call.application;
    entry.detail = std::move(change.detail);
    store::Commit commit;
    commit.puts.push_back(audit_put(std::move(entry)));
    return commit;
}

json::value time_text(TimePoint time) {
    if (time == never) return nullptr;
    return json::string(rfc3339(time));
}

json::value number(double value) {
    const auto whole = static_cast<std::int64_t>(value);
    if (static_cast<double>(whole) == value) return whole;
    return value;
}

Answer<void> check_rate(std::string_view field, double rate) {
    if (rate == 0 || rate >= rate_min) return {};
    return refuse_field(
        {std::string(field), fmt::format("must be 0 or at least {}", rate_min), rate_min});
}

Reply page(const Call& call, json::array items, const std::string& cursor) {
    json::object body;
    body["items"] = std::move(items);
    if (cursor.empty())
        body["next_cursor"] = nullptr;
    else
        body["next_cursor"] = hex(mark_of(call) + cursor);
    return reply(body);
}

Answer<std::string> cursor(const Call& call) {
    const std::optional<std::string> given = call.parameters().text("cursor");
    if (!given) return std::string();
    const Result<std::string> decoded = from_hex(*given);
    const std::string mark = mark_of(call);
    if (!decoded || !decoded->starts_with(mark) || decoded->size() == mark.size())
        return refuse_field({"cursor", "is not one that a search of this kind gave"});
    return decoded->substr(mark.size());
}

int limit(const Call& call) {
    return static_cast<int>(call.parameters().integer_or("limit", page_default));
}

Answer<store::Span> span(const Fields& fields) {
    const store::Span span{fields.time("since").value_or(TimePoint{}),
                           fields.time("until").value_or(never)};
    if (span.since <= span.until) return span;
    const std::string since = rfc3339(span.since);
    return refuse_field(
        {"until", fmt::format("must not be before since, {}", since), json::string(since)});
}

Task<model::Standings> standings(const Call& call, std::vector<model::EndpointId> ids) {
    if (!call.with.standings || ids.empty()) co_return model::Standings{};
    co_return co_await call.with.standings(std::move(ids));
}

std::unexpected<Problem> refuse_search(const Error& error) {
    if (error.code == Code::invalid)
        return refuse_field({"cursor", "is not one that a search of this kind gave"});
    return refuse(error);
}

}  // namespace hookreel::api
