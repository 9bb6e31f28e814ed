// The neutral words for kinds and states of the model, which speaks those of Tencent.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "model/external.h"
#include "model/task.h"

namespace hookreel::dialect::standard {

inline constexpr std::array<std::string_view, 4> task_statuses = {"waiting", "processing",
                                                                  "finished", "aborted"};
inline constexpr std::array<std::string_view, 3> step_statuses = {"processing", "succeeded",
                                                                  "failed"};
inline constexpr std::array<std::string_view, 10> step_kinds = {
    "transcode", "cover",           "snapshots",      "samples",          "sprite",
    "animation", "adaptive_stream", "content_review", "content_analysis", "content_recognition"};
// Of a failed step; the first one stands for no failure.
inline constexpr std::array<std::string_view, 13> failures = {"none",
                                                              "invalid_input",
                                                              "invalid_time_offset",
                                                              "unknown_template",
                                                              "unsupported_settings",
                                                              "result_too_large",
                                                              "source_file",
                                                              "no_video",
                                                              "no_video_size",
                                                              "malformed_content",
                                                              "unsupported_content",
                                                              "unreachable_source",
                                                              "internal"};

inline constexpr std::array<std::string_view, 2> packages = {"hls", "dash"};
inline constexpr std::array<std::string_view, 1> encryptions = {"aes_128"};
inline constexpr std::array<std::string_view, 2> stream_kinds = {"audio", "video"};
inline constexpr std::array<std::string_view, 2> asset_sources = {"upload", "processing"};
inline constexpr std::array<std::string_view, 5> part_kinds = {
    "original", "transcodes", "adaptive_streams", "wechat", "wechat_mini_program"};

constexpr std::string_view word(model::AssetSource source) {
    return asset_sources[static_cast<std::size_t>(source)];
}
constexpr std::string_view word(model::Package package) {
    return packages[static_cast<std::size_t>(package)];
}
// Empty for none, which is a null on the wire.
constexpr std::string_view word(model::Protection protection) {
    return protection == model::Protection::none ? std::string_view() : encryptions.front();
}
constexpr std::string_view word(model::StreamKind kind) {
    return stream_kinds[static_cast<std::size_t>(kind)];
}
constexpr std::string_view word(model::PartKind kind) {
    return part_kinds[static_cast<std::size_t>(kind)];
}
constexpr std::string_view word(model::TaskStatus status) {
    return task_statuses[static_cast<std::size_t>(status)];
}
constexpr std::string_view word(model::StepStatus status) {
    return step_statuses[static_cast<std::size_t>(status)];
}
constexpr std::string_view word(model::Failure failure) {
    return failures[static_cast<std::size_t>(failure)];
}
inline std::string_view word(const model::TranscodeWork&) {
    return step_kinds[0];
}
inline std::string_view word(const model::CoverWork&) {
    return step_kinds[1];
}
inline std::string_view word(const model::SnapshotWork&) {
    return step_kinds[2];
}
inline std::string_view word(const model::SampleWork&) {
    return step_kinds[3];
}
inline std::string_view word(const model::SpriteWork&) {
    return step_kinds[4];
}
inline std::string_view word(const model::AnimationWork&) {
    return step_kinds[5];
}
inline std::string_view word(const model::AdaptiveWork&) {
    return step_kinds[6];
}
inline std::string_view word(const model::ServiceWork& work) {
    const auto part = std::ranges::find(model::external_parts, work.service);
    const auto index = static_cast<std::size_t>(part - model::external_parts.begin());
    return step_kinds[7 + index % model::external_parts.size()];
}

}  // namespace hookreel::dialect::standard
