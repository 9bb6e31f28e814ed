#include "store/store.h"

#include <algorithm>

#include "base/text.h"

namespace hookreel::store {

std::string text(Handle handle) {
    return fmt::to_string(handle.value());
}

Result<Handle> parse_handle(std::string_view text) {
    const Result<std::uint64_t> value = parse_unsigned(text);
    // A handle has one spelling.
    if (!value || (text.size() > 1 && text.front() == '0'))
        return fail(Code::invalid, "takes the digits of a handle");
    return Handle(*value);
}

std::string_view kind_of(const model::QueueId& queue) {
    const std::string_view name = queue.text();
    return name.substr(0, name.find('/'));
}

void add(QueueTotals& totals, const model::QueueId& queue, const QueueCounts& counts) {
    QueueCounts& all = totals[std::string(kind_of(queue))];
    all.waiting += counts.waiting;
    all.leased += counts.leased;
    all.dead += counts.dead;
    all.oldest = std::min(all.oldest, counts.oldest);
}

}  // namespace hookreel::store
