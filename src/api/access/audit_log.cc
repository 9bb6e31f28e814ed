#include "api/access/audit_log.h"

#include <fmt/format.h>

#include "base/random.h"

namespace hookreel::api {
namespace {

constexpr int page_size = 500;

// Records are listed by id, ascending: counting down from far away puts the newest first.
std::string time_key(TimePoint at) {
    return fmt::format("{:013}", 9'999'999'999'999 - at.time_since_epoch().count());
}

bool fits(const AuditEntry& entry, const AuditQuery& query) {
    const auto is = [](const std::string& wanted, const std::string& value) {
        return wanted.empty() || wanted == value;
    };
    return is(query.actor, entry.actor) && is(query.action, entry.action) &&
           is(query.target, entry.target) && entry.at >= query.span.since &&
           entry.at < query.span.until;
}

}  // namespace

store::Put audit_put(AuditEntry entry) {
    entry.id = time_key(entry.at) + "-" + random_hex(8);
    return {{store::Kind::audit, entry.id}, to_json_text(entry), 0};
}

Task<Result<store::Page<AuditEntry>>> audit_entries(store::Store& store, AuditQuery query) {
    store::ListOptions options{"", query.after, page_size};
    // Nothing newer than `until` is looked at: ids begin with the time.
    if (options.after.empty() && query.span.until != never)
        options.after = time_key(query.span.until - Duration(1));
    store::Page<AuditEntry> page;
    for (;;) {
        Result<std::vector<store::Record>> records =
            co_await store.list(store::Kind::audit, options);
        if (!records) co_return fail(std::move(records.error()));
        for (const store::Record& record : *records) {
            Result<AuditEntry> entry = from_json_text<AuditEntry>(record.value);
            if (!entry) co_return fail(Code::internal, "an audit record " + entry.error().detail);
            if (entry->at < query.span.since) co_return page;
            if (!fits(*entry, query)) continue;
            if (page.items.size() == static_cast<std::size_t>(query.count_max)) {
                page.next = page.items.back().id;
                co_return page;
            }
            page.items.push_back(std::move(*entry));
        }
        if (records->size() < page_size) co_return page;
        options.after = records->back().key.id;
    }
}

Task<Result<int>> purge_audit_log(store::Store& store, TimePoint before, int count_max) {
    // What happened at `before` itself stays: "~" comes after all that follows the time in an id.
    store::ListOptions options{"", time_key(before) + "~", count_max};
    Result<std::vector<store::Record>> old = co_await store.list(store::Kind::audit, options);
    if (!old) co_return fail(std::move(old.error()));
    store::Commit commit;
    for (const store::Record& record : *old)
        commit.removes.push_back(record.key);
    if (commit.removes.empty()) co_return 0;
    Result<void> done = co_await store.commit(std::move(commit));
    if (!done) co_return fail(std::move(done.error()));
    co_return static_cast<int>(old->size());
}

}  // namespace hookreel::api
