#include "media/procedures/preset_procedures.h"

#include <algorithm>
#include <initializer_list>

namespace hookreel::media {
namespace {

// Adaptive streams, and the sprite 10 and the cover 10 that all of them have.
model::Procedure preset(std::string name, std::initializer_list<std::uint64_t> streams) {
    model::Procedure made;
    made.name = std::move(name);
    for (const std::uint64_t definition : streams) {
        model::AdaptiveWork work;
        work.definition = definition;
        made.works.emplace_back(work);
    }
    model::SpriteWork sprite;
    sprite.definition = 10;
    model::CoverWork cover;
    cover.definition = 10;
    made.works.emplace_back(sprite);
    made.works.emplace_back(cover);
    // Presets are as old as the API.
    made.created = made.updated = from_unix_seconds(1'514'764'800);  // 2018-01-01
    return made;
}

}  // namespace

const std::vector<model::Procedure>& preset_procedures() {
    // The third name is spelled `WidevineFairPlayPrese` on one page.
    static const std::vector<model::Procedure> all = {
        preset("LongVideoPreset", {10}),
        preset("SimpleAesEncryptPreset", {12}),
        preset("WidevineFairPlayPreset", {11, 13}),
        preset("SDMC-WidevineFairPlayPreset", {31, 41}),
        preset("MultiDRMPreset", {14, 13, 11}),
    };
    return all;
}

const model::Procedure* find_preset_procedure(std::string_view name) {
    const std::vector<model::Procedure>& all = preset_procedures();
    const auto found = std::ranges::find(all, name, &model::Procedure::name);
    return found == all.end() ? nullptr : &*found;
}

}  // namespace hookreel::media
