#include "store/sqlite/index/lease_table.h"

namespace hookreel::store {

Held& LeaseTable::add(std::unique_ptr<Held> held, TimePoint now) {
    const std::uint64_t number = ++next_;
    std::unique_ptr<Page>& page = pages_[number / page_slots];
    if (!page) {
        page = std::make_unique<Page>();
        // Looking at all pages each time they have doubled costs little per lease.
        if (pages_.size() > 2 * pages_after_free_ + 8) free_pages(now);
    }
    Page& home = *pages_[number / page_slots];
    held->handle = Handle(number);
    ++home.held;
    Slot& slot = home.slots[number % page_slots];
    slot.held = std::move(held);
    return *slot.held;
}

void LeaseTable::free_pages(TimePoint now) {
    const std::uint64_t current = next_ / page_slots;
    std::erase_if(pages_, [&](const auto& item) {
        const Page& page = *item.second;
        return item.first != current && page.held == 0 && page.confirmed_until <= now;
    });
    pages_after_free_ = pages_.size();
}

const LeaseTable::Slot* LeaseTable::slot(Handle handle) const {
    const auto found = pages_.find(handle.value() / page_slots);
    return found == pages_.end() ? nullptr : &found->second->slots[handle.value() % page_slots];
}

Held* LeaseTable::find(Handle handle) {
    const Slot* found = slot(handle);
    return found == nullptr ? nullptr : found->held.get();
}

const Queue* LeaseTable::confirmed(Handle handle, TimePoint now) const {
    const Slot* found = slot(handle);
    return found != nullptr && now < found->confirmed_until ? found->queue : nullptr;
}

Entry LeaseTable::end(Held& held, TimePoint confirmed_until) {
    const std::uint64_t number = held.handle.value();
    Page& page = *pages_.at(number / page_slots);
    Slot& slot = page.slots[number % page_slots];
    slot.confirmed_until = confirmed_until;
    slot.queue = held.queue;
    page.confirmed_until = std::max(page.confirmed_until, confirmed_until);
    --page.held;
    const std::unique_ptr<Held> ended = std::move(slot.held);
    return std::move(ended->entry);
}

void LeaseTable::reset(std::uint64_t boot) {
    pages_.clear();
    pages_after_free_ = 0;
    next_ = boot << counter_bits;
}

}  // namespace hookreel::store
