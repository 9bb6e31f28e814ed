// The part of LocalTemplates that changes and removes heads and tails. Which of the files that one
// names are there is found out by the step that uses it.
#include <algorithm>

#include "media/templates/local_templates.h"
#include "media/templates/own_record.h"

namespace hookreel::media {
namespace {

auto find(model::OwnTemplates& own, std::uint64_t definition) {
    return std::ranges::find(own.heads_tails, definition, &model::HeadTailTemplate::definition);
}

template <class T>
void set(T& to, const std::optional<T>& from) {
    if (from) to = *from;
}

}  // namespace

Task<Result<void>> LocalTemplates::modify(model::ApplicationId application,
                                          std::uint64_t definition, HeadTailChange change) {
    auto modify = [&](model::OwnTemplates& own, store::Commit&) -> Result<void> {
        const auto found = find(own, definition);
        if (found == own.heads_tails.end()) return fail(Code::not_found, "no such template");
        set(found->name, change.name);
        set(found->comment, change.comment);
        set(found->heads, change.heads);
        set(found->tails, change.tails);
        set(found->fill, change.fill);
        found->updated = clock_.now();
        return {};
    };
    co_return co_await change_own(store_, application, modify);
}

Task<Result<void>> LocalTemplates::remove_head_tail(model::ApplicationId application,
                                                    std::uint64_t definition) {
    auto remove = [&](model::OwnTemplates& own, store::Commit&) -> Result<void> {
        const auto found = find(own, definition);
        if (found == own.heads_tails.end()) return fail(Code::not_found, "no such template");
        own.heads_tails.erase(found);
        return {};
    };
    co_return co_await change_own(store_, application, remove);
}

}  // namespace hookreel::media
