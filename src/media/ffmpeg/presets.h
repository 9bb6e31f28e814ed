// The templates that every application has from the start (Tencent 266/33932), and the finding of
// one among these and an application's own.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "model/media.h"
#include "model/template.h"

namespace hookreel::media {

using model::AdaptiveTemplate;
using model::AnimationTemplate;
using model::AudioTemplate;
using model::SampleTemplate;
using model::SnapshotTemplate;
using model::SpriteTemplate;
using model::TranscodeTemplate;
using model::VideoTemplate;

std::span<const TranscodeTemplate> transcode_templates();  // By definition, ascending.
const SnapshotTemplate& snapshot_preset();                 // 10: also used for covers.
const SampleTemplate& sample_preset();
const SpriteTemplate& sprite_preset();
std::span<const AnimationTemplate> animation_presets();  // By definition, ascending.
std::span<const AdaptiveTemplate> adaptive_presets();    // The same.

// A preset, or one of `own`, which outlives what is found; null when there is none.
const TranscodeTemplate* find_transcode_template(std::uint64_t definition,
                                                 const model::OwnTemplates& own);
const SnapshotTemplate* find_snapshot_template(std::uint64_t definition,
                                               const model::OwnTemplates& own);
const SampleTemplate* find_sample_template(std::uint64_t definition,
                                           const model::OwnTemplates& own);
const SpriteTemplate* find_sprite_template(std::uint64_t definition,
                                           const model::OwnTemplates& own);
const AnimationTemplate* find_animation_template(std::uint64_t definition,
                                                 const model::OwnTemplates& own);
const AdaptiveTemplate* find_adaptive_template(std::uint64_t definition,
                                               const model::OwnTemplates& own);

// Presets only; null when there is none.
const TranscodeTemplate* find_transcode_preset(std::uint64_t definition);
// Adaptive streams whose keys only a licence server hands out (FairPlay, Widevine): their templates
// are known, and not made by this server.
bool needs_licences(std::uint64_t definition);

}  // namespace hookreel::media
