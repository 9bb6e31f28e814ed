#include "media/templates/template_shelf.h"

#include <fmt/format.h>

#include <algorithm>

#include "media/templates/own_record.h"

namespace hookreel::media {
namespace {

using model::OwnTemplates;

// Where the templates of a kind are kept, and how many of them.
template <class Template>
struct Place {
    std::vector<Template> OwnTemplates::* all;
    std::size_t count_max;
};
constexpr Place<model::TranscodeTemplate> place(const model::TranscodeTemplate*) {
    return {&OwnTemplates::transcodes, transcode_templates_max};
}
constexpr Place<model::SnapshotTemplate> place(const model::SnapshotTemplate*) {
    return {&OwnTemplates::snapshots, snapshot_templates_max};
}
constexpr Place<model::SampleTemplate> place(const model::SampleTemplate*) {
    return {&OwnTemplates::samples, sample_templates_max};
}
constexpr Place<model::SpriteTemplate> place(const model::SpriteTemplate*) {
    return {&OwnTemplates::sprites, sprite_templates_max};
}
constexpr Place<model::AnimationTemplate> place(const model::AnimationTemplate*) {
    return {&OwnTemplates::animations, animation_templates_max};
}
constexpr Place<model::AdaptiveTemplate> place(const model::AdaptiveTemplate*) {
    return {&OwnTemplates::adaptives, adaptive_templates_max};
}
constexpr Place<model::HeadTailTemplate> place(const model::HeadTailTemplate*) {
    return {&OwnTemplates::heads_tails, head_tail_templates_max};
}
template <class Template>
constexpr Place<Template> place_of = place(static_cast<const Template*>(nullptr));

// Errors: not_found.
template <class Template>
Result<typename std::vector<Template>::iterator> find(std::vector<Template>& all,
                                                      std::uint64_t definition) {
    const auto found = std::ranges::find(all, definition, &Template::definition);
    if (found == all.end()) return fail(Code::not_found, "no such template");
    return found;
}

}  // namespace

template <class Template>
Task<Result<std::uint64_t>> TemplateShelf<Template>::create(model::ApplicationId application,
                                                            Template made) {
    made.created = made.updated = clock_.now();
    auto add = [&made](OwnTemplates& own, store::Commit&) -> Result<void> {
        std::vector<Template>& all = own.*place_of<Template>.all;
        constexpr std::size_t count_max = place_of<Template>.count_max;
        if (all.size() >= count_max)
            return fail(Code::too_large, fmt::format("there are {} templates", count_max));
        made.definition = own.next++;
        all.push_back(made);
        return {};
    };
    Result<void> done = co_await change_own(store_, application, add);
    if (!done) co_return fail(std::move(done.error()));
    co_return made.definition;
}

template <class Template>
Task<Result<void>> TemplateShelf<Template>::modify(model::ApplicationId application,
                                                   std::uint64_t definition, Change change) {
    auto put = [&](OwnTemplates& own, store::Commit&) -> Result<void> {
        const auto found = find(own.*place_of<Template>.all, definition);
        if (!found) return fail(found.error());
        Template& one = **found;
        Result<Template> changed = change(one);
        if (!changed) return fail(std::move(changed.error()));
        changed->definition = one.definition;
        changed->created = one.created;
        changed->updated = clock_.now();
        one = std::move(*changed);
        return {};
    };
    co_return co_await change_own(store_, application, put);
}

template <class Template>
Task<Result<void>> TemplateShelf<Template>::remove(model::ApplicationId application,
                                                   std::uint64_t definition) {
    auto erase = [definition](OwnTemplates& own, store::Commit&) -> Result<void> {
        std::vector<Template>& all = own.*place_of<Template>.all;
        const auto found = find(all, definition);
        if (!found) return fail(found.error());
        all.erase(*found);
        return {};
    };
    co_return co_await change_own(store_, application, erase);
}

template class TemplateShelf<model::TranscodeTemplate>;
template class TemplateShelf<model::SnapshotTemplate>;
template class TemplateShelf<model::SampleTemplate>;
template class TemplateShelf<model::SpriteTemplate>;
template class TemplateShelf<model::AnimationTemplate>;
template class TemplateShelf<model::AdaptiveTemplate>;
template class TemplateShelf<model::HeadTailTemplate>;

}  // namespace hookreel::media
