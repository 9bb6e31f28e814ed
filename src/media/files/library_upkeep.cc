// What the library does beside requests: it reads its catalog, removes what expired, and clears
// away what removals left.
#include "base/cancellation.h"
#include "media/files/local_library.h"
#include "media/files/rubbish.h"
#include "store/typed_records.h"

namespace hookreel::media {
namespace {

constexpr int page_count = 500;
constexpr std::size_t expire_count_max = 50;
constexpr Duration expire_every = std::chrono::seconds(10);
constexpr int rounds_between_sweeps = 360;

}  // namespace

Task<void> LocalLibrary::remove_files(std::vector<std::string> paths) {
    const RubbishPlace place{ports_.store, ports_.threads, ports_.clock, folder_};
    co_await remove_rubbish(place, std::move(paths));
}

Task<Result<void>> LocalLibrary::sweep() {
    store::ListOptions options{{}, {}, page_count};
    for (;;) {
        Result<std::vector<store::Record>> page =
            co_await ports_.store.list(store::Kind::rubbish, options);
        if (!page) co_return fail(std::move(page.error()));
        if (page->empty()) co_return Result<void>{};
        std::vector<std::string> paths;
        for (const store::Record& record : *page)
            paths.push_back(record.key.id);
        options.after = paths.back();
        co_await remove_files(std::move(paths));
    }
}

Task<Result<void>> LocalLibrary::recover() {
    return sweep();
}

Task<Result<void>> LocalLibrary::fill_catalog() {
    store::ListOptions options{{}, {}, page_count};
    for (;;) {
        Result<std::vector<store::Record>> page =
            co_await ports_.store.list(store::Kind::asset, options);
        if (!page) co_return fail(std::move(page.error()));
        if (page->empty()) break;
        options.after = page->back().key.id;
        auto work = [&] {
            for (const store::Record& record : *page)
                if (const Result<model::Asset> asset = from_json_text<model::Asset>(record.value))
                    ports_.catalog.load(*asset);
            return 0;
        };
        co_await ports_.threads.run(work);
        if (is_cancelled(co_await asio::this_coro::cancellation_state)) co_return Result<void>{};
    }
    auto finish = [&] {
        ports_.catalog.finish_loading();
        return 0;
    };
    co_await ports_.threads.run(finish);
    co_return Result<void>{};
}

Task<Result<int>> LocalLibrary::expire() {
    const std::vector<FileOfApplication> due =
        ports_.catalog.expired(ports_.clock.now(), expire_count_max);
    int count = 0;
    for (const FileOfApplication& file : due) {
        const Result<void> removed = co_await remove(file.application, file.file, {});
        if (!removed && removed.error().code != Code::not_found) co_return fail(removed.error());
        if (!removed) ports_.catalog.remove(file.application, file.file);
        ++count;
    }
    co_return count;
}

Task<void> LocalLibrary::tend() {
    co_await asio::this_coro::throw_if_cancelled(false);
    while (!ports_.catalog.is_loaded()) {
        if (is_cancelled(co_await asio::this_coro::cancellation_state)) co_return;
        const Result<void> filled = co_await fill_catalog();
        if (filled) break;
        ports_.log.error("the files cannot be counted", {{"reason", filled.error().detail}});
        co_await sleep_for(expire_every);
    }
    for (int round = 1; !is_cancelled(co_await asio::this_coro::cancellation_state); ++round) {
        const Result<int> expired = co_await expire();
        if (!expired)
            ports_.log.warning("expired files stay for now", {{"reason", expired.error().detail}});
        if (expired && *expired == static_cast<int>(expire_count_max)) continue;
        if (round % rounds_between_sweeps == 0) (void)co_await sweep();
        co_await sleep_for(expire_every);
    }
}

}  // namespace hookreel::media
