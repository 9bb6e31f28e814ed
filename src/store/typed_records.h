// Records as the values that they hold: read with their version, so that the next write can demand
// it.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "store/store.h"

namespace hookreel::store {

// A value with the version of its record, for the next write.
template <class T>
struct Versioned {
    RecordKey key;
    T value;
    std::uint64_t version = 0;
};

// Reads one record. Errors: not_found, unavailable, internal (it cannot be read).
template <class T>
Task<Result<Versioned<T>>> load(Store& store, RecordKey key) {
    Result<Record> record = co_await store.get(key);
    if (!record) co_return fail(std::move(record.error()));
    Result<T> value = from_json_text<T>(record->value);
    if (!value) co_return fail(Code::internal, "a stored record " + value.error().detail);
    co_return Versioned<T>{std::move(key), std::move(*value), record->version};
}

// Hands over all records whose id begins with the prefix, by id; few of them are in memory at a
// time. Errors: unavailable, internal (one cannot be read); some were handed over then.
template <class T, class Take>
Task<Result<void>> load_each(Store& store, Kind kind, std::string prefix, Take take) {
    ListOptions options{std::move(prefix), {}, 500};
    for (;;) {
        Result<std::vector<Record>> page = co_await store.list(kind, options);
        if (!page) co_return fail(std::move(page.error()));
        if (!page->empty()) options.after = page->back().key.id;
        for (Record& record : *page) {
            Result<T> value = from_json_text<T>(record.value);
            if (!value) co_return fail(Code::internal, "a stored record " + value.error().detail);
            take(Versioned<T>{std::move(record.key), std::move(*value), record.version});
        }
        if (page->size() < static_cast<std::size_t>(options.count_max)) co_return Result<void>{};
    }
}

// The same, all at once.
template <class T>
Task<Result<std::vector<Versioned<T>>>> load_all(Store& store, Kind kind, std::string prefix) {
    std::vector<Versioned<T>> all;
    const auto keep = [&all](Versioned<T> read) { all.push_back(std::move(read)); };
    Result<void> done = co_await load_each<T>(store, kind, std::move(prefix), keep);
    if (!done) co_return fail(std::move(done.error()));
    co_return all;
}

// Removes the records of a kind that are old, a page and a commit at a time. What cannot be read
// stays. Errors: unavailable.
template <class T, class IsOld>
Task<Result<void>> forget(Store& store, Kind kind, IsOld is_old) {
    ListOptions options{{}, {}, 500};
    for (;;) {
        const Result<std::vector<Record>> page = co_await store.list(kind, options);
        if (!page) co_return fail(page.error());
        if (page->empty()) co_return Result<void>{};
        options.after = page->back().key.id;
        Commit commit;
        for (const Record& record : *page) {
            const Result<T> value = from_json_text<T>(record.value);
            if (value && is_old(*value)) commit.removes.push_back(record.key);
        }
        if (commit.removes.empty()) continue;
        Result<void> removed = co_await store.commit(std::move(commit));
        if (!removed) co_return removed;
    }
}

}  // namespace hookreel::store
