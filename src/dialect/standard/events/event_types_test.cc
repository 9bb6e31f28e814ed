#include "dialect/standard/events/event_types.h"

#include <gtest/gtest.h>

#include <set>

#include "dialect/standard/events/event_body.h"
#include "dialect/standard/events/examples.h"
#include "dialect/standard/events/schema_test.h"
#include "dialect/standard/events/words.h"
#include "model/filter.h"

namespace hookreel::dialect::standard {
namespace {

const MediaUrls urls{"https://media.example.com/media"};

const model::EventType& type_named(std::string_view name) {
    static const std::vector<model::EventType> all = event_types(urls);
    return *std::ranges::find(all, name, &model::EventType::name);
}

// What breaks the schema of the event's type in its rendered data.
std::string misfit_of(const model::Payload& payload) {
    const model::Event event{model::EventId("e1"), {}, example_time(), payload};
    const std::string body = event_body(event, urls);
    return misfit(parse_json(body).value().at("data"), type_named(type(event)).schema);
}

TEST(EventTypes, HaveExamplesThatFitTheirSchemas) {
    for (const model::EventType& type : event_types(urls)) {
        const json::value body = parse_json(type.example_body).value();
        EXPECT_EQ(body.at("type").as_string(), type.name);
        EXPECT_EQ(misfit(body.at("data"), type.schema), "") << type.name;
        EXPECT_EQ(misfit_of(type.example), "") << type.name;
    }
}

TEST(EventTypes, AreSortedDescribedAndNamedOnce) {
    std::string before;
    for (const model::EventType& type : event_types(urls)) {
        EXPECT_LT(before, type.name);
        before = type.name;
        EXPECT_TRUE(model::is_type_pattern(type.name));
        EXPECT_TRUE(type.description.ends_with('.')) << type.name;
        EXPECT_EQ(type.schema.at("title").as_string(), type.name);
        EXPECT_EQ(type.schema.at("$schema"), "https://json-schema.org/draft/2020-12/schema");
    }
}

TEST(EventTypes, CoverEveryPayloadOfTheModel) {
    std::set<std::size_t> covered;
    for (const model::EventType& type : event_types(urls))
        covered.insert(type.example.index());
    // That of the applications' own has the test of an endpoint.
    EXPECT_EQ(covered.size(), std::variant_size_v<model::Payload>);
}

TEST(EventTypes, HaveSchemasWithoutReferences) {
    for (const model::EventType& type : event_types(urls))
        EXPECT_FALSE(json::serialize(type.schema).contains("$ref")) << type.name;
}

TEST(EventTypes, HoldForTheBarestPayloads) {
    EXPECT_EQ(misfit_of(model::FileUploaded{}), "");
    model::MediaPulled pulled;
    pulled.pull.request.url = "http://a";
    EXPECT_EQ(misfit_of(pulled), "");
    EXPECT_EQ(misfit_of(model::MediaEdited{}), "");
    EXPECT_EQ(misfit_of(model::MediaComposed{}), "");
    EXPECT_EQ(misfit_of(model::MediaDeleted{}), "");

    model::ProcedureChanged processed;
    for (const model::Work& work :
         std::vector<model::Work>{model::TranscodeWork{}, model::CoverWork{}, model::SnapshotWork{},
                                  model::SampleWork{}, model::SpriteWork{}, model::AnimationWork{},
                                  model::AdaptiveWork{}, model::ServiceWork{}})
        processed.task.steps.push_back({.work = work});
    EXPECT_EQ(misfit_of(processed), "");

    EXPECT_EQ(
        misfit_of(model::EndpointTold{
            .type = "endpoint.enabled", .endpoint = model::EndpointId("ep_1"), .url = "http://a"}),
        "");
}

TEST(EventTypes, HoldForAFullAsset) {
    model::ProcedureChanged payload = processed_example();
    model::Asset& asset = payload.asset;
    asset.expires = example_time() + std::chrono::hours(1);
    asset.metadata->video[0].hdr = "hlg";
    asset.snapshots = {{10, {{3500, "a.jpg"}, {4000, "b.jpg"}}}};
    asset.tags = {"a", "\"b\""};
    asset.key_frames = {{1.5, "start"}};
    asset.subtitles = {{"s1", "English", "en", "vtt", "s.vtt"}};
    asset.source = model::AssetSource::processing;
    asset.samples = {{20, {{0, "c.jpg"}}}, {30, {}}};
    asset.sprites = {{10, 142, 80, 2, {"s.jpg"}, "s.vtt"}};
    asset.animations = {{20000, "a.gif", "gif", 320, 240, 100, 50, "00", 1, 2}};
    asset.adaptive_streams = {
        {20,
         model::Package::dash,
         "adp.20/adp.20.mpd",
         400,
         {{model::StreamKind::video, 320, 240, 300}, {model::StreamKind::audio, 0, 0, 50}}},
        {.definition = 12, .path = "a.m3u8", .protection = model::Protection::simple_aes}};
    payload.task.steps.push_back({.work = model::AdaptiveWork{20, asset.adaptive_streams.front()},
                                  .status = model::StepStatus::success});
    payload.task.steps.push_back({.work = model::SpriteWork{10, asset.sprites.front()},
                                  .status = model::StepStatus::success});
    payload.task.steps.push_back(
        {.work = model::AnimationWork{20000, 1, 2, asset.animations.front()},
         .status = model::StepStatus::success});
    payload.task.steps.push_back(
        {.work = model::SampleWork{20, model::PictureSet{20, {{0, "c.jpg"}}}},
         .status = model::StepStatus::success});
    payload.task.steps.push_back(
        {.work = model::CoverWork{20, model::Position::percent, 10, "cover.jpg"},
         .status = model::StepStatus::success});
    EXPECT_EQ(misfit_of(payload), "");
}

TEST(EventTypes, KnowEachPartOfServices) {
    std::set<std::string_view> kinds;
    for (const std::string_view part : model::external_parts)
        kinds.insert(word(model::ServiceWork{.service = std::string(part)}));
    EXPECT_EQ(kinds, (std::set<std::string_view>{"content_review", "content_analysis",
                                                 "content_recognition"}));
    model::ProcedureChanged payload;
    payload.task.foreign = model::ForeignFile{"https://files.example.com/a.mp4", "a", ""};
    EXPECT_EQ(misfit_of(payload), "");
}

// Whatever the model says has a word, and the schema knows it.
TEST(EventTypes, KnowEveryStateAndFailure) {
    for (std::size_t i = 0; i < names(static_cast<model::TaskStatus*>(nullptr)).size(); ++i) {
        model::ProcedureChanged payload = processed_example();
        payload.task.status = static_cast<model::TaskStatus>(i);
        EXPECT_EQ(misfit_of(payload), "");
    }
    static_assert(failures.size() == names(static_cast<model::Failure*>(nullptr)).size());
    for (std::size_t i = 1; i < failures.size(); ++i) {
        model::ProcedureChanged payload = processed_example();
        payload.task.steps[2].failure = static_cast<model::Failure>(i);
        EXPECT_EQ(misfit_of(payload), "") << failures[i];
        model::MediaPulled pulled = pulled_example();
        pulled.pull.failure = static_cast<model::Failure>(i);
        pulled.asset.reset();
        EXPECT_EQ(misfit_of(pulled), "") << failures[i];
    }
    static_assert(part_kinds.size() == names(static_cast<model::PartKind*>(nullptr)).size());
    for (std::size_t i = 0; i < part_kinds.size(); ++i)
        EXPECT_EQ(misfit_of(model::MediaDeleted{model::FileId("1"),
                                                {{static_cast<model::PartKind>(i), 0}}}),
                  "");
}

}  // namespace
}  // namespace hookreel::dialect::standard
