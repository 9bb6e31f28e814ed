#include "media/files/catalog.h"

#include "base/cancellation.h"
#include "media/files/catalog_shelf.h"

namespace hookreel::media {
namespace {

constexpr Duration look_again = std::chrono::milliseconds(10);

}  // namespace

Catalog::Catalog(Duration patience) : patience_(patience) {}
Catalog::~Catalog() = default;

Catalog::Shelf& Catalog::shelf(model::ApplicationId application) {
    std::unique_ptr<Shelf>& found = shelves_[application];
    if (!found) found = std::make_unique<Shelf>();
    return *found;
}

void Catalog::set(const model::Asset& asset) {
    Shelf& at = shelf(asset.application);
    const std::optional<TimePoint> before = at.expiry(asset.id);
    if (before && *before != asset.expires) expiries_.erase({*before, asset.application, asset.id});
    if (asset.expires != never) expiries_.emplace(asset.expires, asset.application, asset.id);
    at.put(asset);
    quota_.settle(asset.id, asset.application, at.stored_bytes());
}

void Catalog::drop(const FileOfApplication& removed) {
    const auto& [application, file] = removed;
    if (!is_loaded_) removed_while_loading_.emplace(application, file);
    Shelf& at = shelf(application);
    const std::optional<TimePoint> expiry = at.expiry(file);
    if (expiry) expiries_.erase({*expiry, application, file});
    at.remove(file);
    quota_.count(application, at.stored_bytes());
}

Task<Result<void>> Catalog::commit(store::Store& store, store::Commit commit, FileChanges changes) {
    commit.written = [news = news_, changes = std::move(changes)]() mutable {
        const std::lock_guard lock(news->mutex);
        news->changes.push_back(std::move(changes));
    };
    Result<void> done = co_await store.commit(std::move(commit));
    hear();
    co_return done;
}

void Catalog::hear() {
    {
        const std::lock_guard lock(news_->mutex);
        if (news_->changes.empty()) return;
    }
    // Taken under the lock of the files: whoever finds no news finds what they said.
    const std::unique_lock lock(mutex_);
    std::vector<FileChanges> all;
    {
        const std::lock_guard news_lock(news_->mutex);
        all.swap(news_->changes);
    }
    for (const FileChanges& changes : all) {
        for (const model::Asset& asset : changes.put)
            set(asset);
        for (const FileOfApplication& removed : changes.removed)
            drop(removed);
    }
}

void Catalog::put(const model::Asset& asset) {
    hear();
    const std::unique_lock lock(mutex_);
    set(asset);
}

void Catalog::remove(model::ApplicationId application, const model::FileId& file) {
    hear();
    const std::unique_lock lock(mutex_);
    drop({application, file});
}

void Catalog::load(const model::Asset& asset) {
    hear();
    const std::unique_lock lock(mutex_);
    if (shelf(asset.application).contains(asset.id)) return;
    if (removed_while_loading_.contains({asset.application, asset.id})) return;
    set(asset);
}

void Catalog::finish_loading() {
    hear();
    const std::unique_lock lock(mutex_);
    for (const auto& [application, at] : shelves_)
        at->pack();
    removed_while_loading_.clear();
    is_loaded_ = true;
    quota_.finish_counting();
}

bool Catalog::is_loaded() const {
    const std::shared_lock lock(mutex_);
    return is_loaded_;
}

Found Catalog::search(model::ApplicationId application, const Query& query) {
    hear();
    for (;;) {
        {
            const std::shared_lock lock(mutex_);
            const auto found = shelves_.find(application);
            if (found == shelves_.end()) return {};
            if (!found->second->is_unsettled()) return found->second->search(query);
        }
        const std::unique_lock lock(mutex_);
        shelves_.at(application)->settle();
    }
}

std::vector<FileOfApplication> Catalog::expired(TimePoint now, std::size_t count_max) const {
    const std::shared_lock lock(mutex_);
    std::vector<FileOfApplication> files;
    for (const auto& [time, application, file] : expiries_) {
        if (time > now || files.size() == count_max) break;
        files.push_back({application, file});
    }
    return files;
}

std::size_t Catalog::size() {
    hear();
    const std::shared_lock lock(mutex_);
    std::size_t count = 0;
    for (const auto& [application, at] : shelves_)
        count += at->size();
    return count;
}

std::size_t Catalog::bytes() const {
    const std::shared_lock lock(mutex_);
    std::size_t bytes = expiries_.size() * 160;
    for (const auto& [application, at] : shelves_)
        bytes += at->bytes();
    return bytes;
}

std::uint64_t Catalog::stored_bytes(model::ApplicationId application) {
    hear();
    const std::shared_lock lock(mutex_);
    const auto found = shelves_.find(application);
    return found == shelves_.end() ? 0 : found->second->stored_bytes();
}

Task<void> Catalog::await_loaded() const {
    for (Duration waited{0}; !is_loaded() && waited < patience_; waited += look_again) {
        co_await sleep_for(look_again);
        if (is_cancelled(co_await asio::this_coro::cancellation_state)) co_return;
    }
}

Task<void> Catalog::await_quota() const {
    if (quota_.is_limited()) co_await await_loaded();
}

}  // namespace hookreel::media
