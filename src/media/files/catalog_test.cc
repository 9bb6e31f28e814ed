#include "media/files/catalog.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "model/application.h"

namespace hookreel::media {
namespace {

const model::ApplicationId app = model::default_application;

class CatalogTest : public testing::Test {
 protected:
    model::Asset asset(std::string name, int created, std::string type = "mp4") {
        model::Asset made;
        made.application = app;
        made.id = model::FileId(fmt::format("{:019}", ++made_));
        made.name = std::move(name);
        made.type = std::move(type);
        made.created = from_unix_seconds(created);
        return made;
    }
    model::Asset put(std::string name, int created, std::string type = "mp4") {
        model::Asset made = asset(std::move(name), created, std::move(type));
        catalog_.put(made);
        return made;
    }
    // Which were found, by the numbers in which they were put, from 1.
    std::vector<int> find(const Query& query) {
        std::vector<int> numbers;
        for (const model::FileId& file : catalog_.search(app, query).files)
            numbers.push_back(std::stoi(file.text()));
        return numbers;
    }

    Catalog catalog_;
    int made_ = 0;
};

using Numbers = std::vector<int>;

TEST_F(CatalogTest, AnswersNewestFirstWhateverCameFirst) {
    put("a", 20);
    put("b", 10);
    put("c", 30);
    EXPECT_EQ(find({}), (Numbers{3, 1, 2}));
    EXPECT_EQ(find({.order = Query::Order::oldest_first}), (Numbers{2, 1, 3}));
    EXPECT_EQ(find({.offset = 1, .count_max = 1}), Numbers{1});
    EXPECT_EQ(catalog_.search(app, {.count_max = 0}).total, 3u);
    EXPECT_EQ(catalog_.search(model::ApplicationId(1), {}).total, 0u);
}

TEST_F(CatalogTest, PutsTheBestFitFirst) {
    put("a demo of it", 50);
    put("Demo", 10);
    put("demo clip", 20);
    put("clip of a demo", 40);
    put("other", 60);
    EXPECT_EQ(find({.names = {"DEMO"}}), (Numbers{2, 3, 1, 4}));
    EXPECT_EQ(find({.names = {"clip demo"}}), (Numbers{4, 3}));
    EXPECT_EQ(find({.names = {"other", "a demo of it"}}), (Numbers{5, 1}));
    EXPECT_EQ(find({.names = {"nobody"}}), Numbers{});
}

TEST_F(CatalogTest, AllThatIsAskedForMustHold) {
    model::Asset one = asset("视频 one", 10);
    one.tags = {"Red", "big"};
    one.class_id = 7;
    one.description = "a film";
    one.expires = from_unix_seconds(100);
    catalog_.put(one);
    model::Asset two = asset("视频 two", 20, "mp3");
    two.source = model::AssetSource::processing;
    two.tags = {"redder"};
    catalog_.put(two);
    EXPECT_EQ(find({.names = {"视频"}}), (Numbers{2, 1}));
    EXPECT_EQ(find({.files = {one.id.text(), "x"}}), Numbers{1});
    EXPECT_EQ(find({.tags = {"red"}}), Numbers{1});
    EXPECT_EQ(find({.tags = {"red", "redder"}}), (Numbers{2, 1}));
    EXPECT_EQ(find({.types = {"MP3"}}), Numbers{2});
    EXPECT_EQ(find({.classes = {7}}), Numbers{1});
    EXPECT_EQ(find({.categories = {model::Category::audio}}), Numbers{2});
    EXPECT_EQ(find({.sources = {model::AssetSource::upload}}), Numbers{1});
    EXPECT_EQ(find({.descriptions = {"FILM"}}), Numbers{1});
    EXPECT_EQ(find({.text = "film"}), Numbers{1});
    EXPECT_EQ(find({.text = "two"}), Numbers{2});
    EXPECT_EQ(find({.prefixes = {"视频 t"}}), Numbers{2});
    const auto span = [](int from, int to) {
        return TimeSpan{from_unix_seconds(from), from_unix_seconds(to)};
    };
    EXPECT_EQ(find({.created = span(10, 10)}), Numbers{1});
    EXPECT_EQ(find({.created = span(11, 30)}), Numbers{2});
    EXPECT_EQ(find({.expires = span(0, 1000)}), Numbers{1});
    EXPECT_EQ(find({.names = {"视频"}, .types = {"mp3"}, .classes = {7}}), Numbers{});
}

TEST_F(CatalogTest, FollowsChangesAndRemovals) {
    model::Asset one = put("one", 10);
    put("two", 20);
    one.name = "uno";
    one.expires = from_unix_seconds(50);
    catalog_.put(one);
    EXPECT_EQ(find({.names = {"one"}}), Numbers{});
    EXPECT_EQ(find({.names = {"uno"}}), Numbers{1});
    EXPECT_EQ(catalog_.expired(from_unix_seconds(49), 9).size(), 0u);
    EXPECT_EQ(catalog_.expired(from_unix_seconds(50), 9).size(), 1u);
    catalog_.remove(app, one.id);
    EXPECT_EQ(find({}), Numbers{2});
    EXPECT_EQ(catalog_.expired(from_unix_seconds(50), 9).size(), 0u);
    catalog_.put(one);
    EXPECT_EQ(find({}), (Numbers{2, 1}));
    EXPECT_EQ(catalog_.size(), 2u);
}

TEST_F(CatalogTest, GivesBackWhatChangesLeft) {
    model::Asset one = put(std::string(200, 'x'), 10);
    put("two", 20);
    catalog_.finish_loading();
    for (int i = 0; i < 50'000; ++i) {
        one.name = fmt::format("{:0200}", i);
        catalog_.put(one);
        if (i % 100 == 0) {
            catalog_.remove(app, one.id);
            catalog_.put(one);
        }
    }
    EXPECT_LT(catalog_.bytes(), std::size_t{6} << 20);
    EXPECT_EQ(find({.names = {"49999"}}), Numbers{1});
    EXPECT_EQ(find({}), (Numbers{2, 1}));
}

TEST_F(CatalogTest, CountsUpToItsBound) {
    for (int i = 0; i < 6000; ++i)
        put(i % 2 == 0 ? "even" : "odd", 1'000 + i);
    EXPECT_EQ(catalog_.search(app, {}).total, found_max);
    EXPECT_EQ(catalog_.search(app, {.names = {"odd"}}).total, 3000u);
    EXPECT_EQ(catalog_.search(app, {.names = {"d"}}).total, 3000u);
    EXPECT_EQ(find({.offset = 4999, .count_max = 1}), Numbers{1001});
    EXPECT_EQ(find({.names = {"odd"}, .offset = 2999, .count_max = 5}), Numbers{2});
}

TEST_F(CatalogTest, WhatIsToldWhileItLoadsIsNewer) {
    model::Asset one = asset("new", 10);
    const model::Asset two = asset("gone", 20);
    catalog_.put(one);
    catalog_.remove(app, two.id);
    one.name = "old";
    catalog_.load(one);
    catalog_.load(two);
    EXPECT_FALSE(catalog_.is_loaded());
    catalog_.finish_loading();
    EXPECT_TRUE(catalog_.is_loaded());
    EXPECT_EQ(find({.names = {"new"}}), Numbers{1});
    EXPECT_EQ(find({}), Numbers{1});
}

TEST_F(CatalogTest, KnowsWhatTheFilesOfAnApplicationTake) {
    model::Asset one = asset("one", 1);
    one.path = "one";
    one.size_bytes = 100;
    model::Asset two = one;
    two.id = model::FileId("2");
    catalog_.put(one);
    catalog_.put(two);
    EXPECT_EQ(catalog_.stored_bytes(app), 200u);
    EXPECT_EQ(catalog_.stored_bytes(model::ApplicationId(1)), 0u);
    one.renditions.resize(2);
    one.renditions[0].metadata.size_bytes = 30;
    one.animations.resize(1);
    one.animations[0].size_bytes = 5;
    catalog_.put(one);
    EXPECT_EQ(catalog_.stored_bytes(app), 235u);
    two.path.clear();  // The original was deleted.
    catalog_.put(two);
    EXPECT_EQ(catalog_.stored_bytes(app), 135u);
    catalog_.finish_loading();
    catalog_.remove(app, one.id);
    catalog_.remove(app, one.id);
    EXPECT_EQ(catalog_.stored_bytes(app), 0u);
    catalog_.put(one);
    EXPECT_EQ(catalog_.stored_bytes(app), 135u);
}

}  // namespace
}  // namespace hookreel::media
