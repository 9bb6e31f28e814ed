#include "media/templates/local_templates.h"

#include <fmt/format.h>

#include "store/typed_records.h"

namespace hookreel::media {
namespace {

// How often a change is tried again because somebody else changed the record meanwhile. Each time
// one of those who try goes in, so as many may come at once.
constexpr int change_tries_max = 100;

using OwnRecord = store::Versioned<model::OwnTemplates>;

// Without a record there are none.
Task<Result<OwnRecord>> load_own(store::Store& store, model::ApplicationId application) {
    const store::RecordKey key{store::Kind::template_, fmt::to_string(application.value())};
    Result<OwnRecord> own = co_await store::load<model::OwnTemplates>(store, key);
    if (!own && own.error().code == Code::not_found) co_return OwnRecord{key, {}, 0};
    co_return own;
}

std::vector<model::TranscodeTemplate>& shelf(model::OwnTemplates& own,
                                             const model::TranscodeTemplate&) {
    return own.transcodes;
}
std::vector<model::SnapshotTemplate>& shelf(model::OwnTemplates& own,
                                            const model::SnapshotTemplate&) {
    return own.snapshots;
}
std::vector<model::SpriteTemplate>& shelf(model::OwnTemplates& own, const model::SpriteTemplate&) {
    return own.sprites;
}

template <class Template>
Task<Result<std::uint64_t>> add(store::Store& store, model::ApplicationId application,
                                Template made, std::size_t count_max) {
    for (int tries = 0; tries < change_tries_max; ++tries) {
        Result<OwnRecord> own = co_await load_own(store, application);
        if (!own) co_return fail(std::move(own.error()));
        std::vector<Template>& all = shelf(own->value, made);
        if (all.size() >= count_max)
            co_return fail(Code::too_large, fmt::format("there are {} templates", count_max));
        made.definition = own->value.next++;
        all.push_back(made);
        store::Commit commit;
        commit.puts.push_back({own->key, to_json_text(own->value), own->version});
        const Result<void> done = co_await store.commit(std::move(commit));
        if (done) co_return made.definition;
        if (done.error().code != Code::conflict) co_return fail(done.error());
    }
    co_return fail(Code::unavailable, "the templates change all the time");
}

}  // namespace

Task<Result<std::uint64_t>> LocalTemplates::create(model::ApplicationId application,
                                                   model::TranscodeTemplate made) {
    made.created = clock_.now();
    co_return co_await add(store_, application, std::move(made), transcode_templates_max);
}

Task<Result<std::uint64_t>> LocalTemplates::create(model::ApplicationId application,
                                                   model::SnapshotTemplate made) {
    made.created = clock_.now();
    co_return co_await add(store_, application, std::move(made), snapshot_templates_max);
}

Task<Result<std::uint64_t>> LocalTemplates::create(model::ApplicationId application,
                                                   model::SpriteTemplate made) {
    made.created = clock_.now();
    co_return co_await add(store_, application, std::move(made), sprite_templates_max);
}

Task<Result<model::OwnTemplates>> LocalTemplates::own(model::ApplicationId application) {
    Result<OwnRecord> own = co_await load_own(store_, application);
    if (!own) co_return fail(std::move(own.error()));
    co_return std::move(own->value);
}

}  // namespace hookreel::media
