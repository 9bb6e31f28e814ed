#include "media/templates/local_templates.h"

#include <fmt/format.h>

#include "media/templates/own_record.h"

namespace hookreel::media {
namespace {

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
std::vector<model::HeadTailTemplate>& shelf(model::OwnTemplates& own,
                                            const model::HeadTailTemplate&) {
    return own.heads_tails;
}

template <class Template>
Task<Result<std::uint64_t>> add(store::Store& store, model::ApplicationId application,
                                Template made, std::size_t count_max) {
    auto change = [&](model::OwnTemplates& own, store::Commit&) -> Result<void> {
        std::vector<Template>& all = shelf(own, made);
        if (all.size() >= count_max)
            return fail(Code::too_large, fmt::format("there are {} templates", count_max));
        made.definition = own.next++;
        all.push_back(made);
        return {};
    };
    Result<void> done = co_await change_own(store, application, change);
    if (!done) co_return fail(std::move(done.error()));
    co_return made.definition;
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

Task<Result<std::uint64_t>> LocalTemplates::create(model::ApplicationId application,
                                                   model::HeadTailTemplate made) {
    made.created = made.updated = clock_.now();
    co_return co_await add(store_, application, std::move(made), head_tail_templates_max);
}

Task<Result<model::OwnTemplates>> LocalTemplates::own(model::ApplicationId application) {
    Result<OwnRecord> own = co_await load_own(store_, application);
    if (!own) co_return fail(std::move(own.error()));
    co_return std::move(own->value);
}

}  // namespace hookreel::media
