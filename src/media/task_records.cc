#include "media/task_records.h"

#include <fmt/format.h>

#include "base/digest.h"

namespace hookreel::media {
namespace {

template <class T>
Task<Result<Kept<T>>> load(store::Store& store, store::RecordKey key) {
    const Result<store::Record> record = co_await store.get(key);
    if (!record) co_return fail(record.error());
    Result<T> value = from_json_text<T>(record->value);
    if (!value)
        co_return fail(Code::internal, fmt::format("record {}: {}", key.id, value.error().detail));
    co_return Kept<T>{std::move(*value), record->version};
}

}  // namespace

store::RecordKey task_key(model::ApplicationId application, const model::TaskId& id) {
    return {store::Kind::task, fmt::format("{}/{}", application.value(), id.text())};
}

store::RecordKey asset_key(model::ApplicationId application, const model::FileId& id) {
    return {store::Kind::asset, fmt::format("{}/{}", application.value(), id.text())};
}

store::RecordKey session_key(model::ApplicationId application, const std::string& session_id) {
    return {store::Kind::session, fmt::format("{}/task/{}", application.value(),
                                              hex(digest(Algorithm::sha256, session_id)))};
}

Task<Result<Kept<model::Task>>> load_task(store::Store& store, store::RecordKey key) {
    co_return co_await load<model::Task>(store, std::move(key));
}

Task<Result<Kept<model::Asset>>> load_asset(store::Store& store, store::RecordKey key) {
    co_return co_await load<model::Asset>(store, std::move(key));
}

}  // namespace hookreel::media
