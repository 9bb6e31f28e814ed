#include "media/files/catalog.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "base/text.h"
#include "media/files/upload_fakes.h"
#include "model/application.h"
#include "store/memory/memory_store.h"

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

TEST_F(CatalogTest, FindsByWhatAReviewAdvised) {
    model::Asset passed = asset("passed", 10);
    passed.review = model::Review{.suggestion = model::Suggestion::pass};
    model::Asset blocked = asset("blocked", 20);
    blocked.review = model::Review{.suggestion = model::Suggestion::block};
    catalog_.put(passed);
    catalog_.put(blocked);
    put("new", 30);
    EXPECT_EQ(find({.reviews = {model::Suggestion::block}}), Numbers{2});
    EXPECT_EQ(find({.reviews = {std::nullopt, model::Suggestion::pass}}), (Numbers{3, 1}));
    EXPECT_EQ(find({.reviews = {model::Suggestion::review}}), Numbers{});
    passed.review->suggestion = model::Suggestion::review;
    catalog_.put(passed);
    EXPECT_EQ(find({.reviews = {model::Suggestion::review}}), Numbers{1});
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
    one.animations[0].size_bytes = 3;
    one.adaptive_streams.resize(1);
    one.adaptive_streams[0].size_bytes = 2;
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

// What the filter leaves out must not be missed, whatever is asked for.
TEST_F(CatalogTest, FindsAmongManyWhatALookAtEachFinds) {
    const std::vector<std::string> words = {"Summer", "lake", "über", "夜景", "goal", "a", "007"};
    std::vector<std::string> names;
    for (std::size_t i = 0; i < 3'000; ++i) {
        const std::size_t mixed = i * 7919 % 3'001;
        names.push_back(fmt::format("{} {}{} {}", words[mixed % 7], words[mixed / 7 % 7], mixed,
                                    words[mixed / 49 % 7]));
        put(names.back(), static_cast<int>(mixed));
    }
    catalog_.finish_loading();
    put("Summer changed", 1);  // What comes later counts as well.
    names.emplace_back("Summer changed");
    const auto has_all_words = [](const std::string& name, std::string_view wanted) {
        const std::size_t blank = wanted.find(' ');
        return name.contains(wanted.substr(0, blank)) &&
               (blank == wanted.npos || name.contains(wanted.substr(blank + 1)));
    };
    for (const char* wanted :
         {"summer", "lake17", "夜", "夜景", "e", "7 g", "0070", "changed", "r c"}) {
        std::vector<int> all;
        for (std::size_t i = 0; i < names.size(); ++i)
            if (has_all_words(to_lower(names[i]), wanted)) all.push_back(static_cast<int>(i) + 1);
        std::vector<int> found = find({.names = {wanted}, .count_max = found_max});
        std::ranges::sort(found);
        EXPECT_EQ(found, all) << wanted;
        found = find({.text = wanted, .count_max = found_max});
        std::ranges::sort(found);
        EXPECT_EQ(found, all) << wanted;
    }
    EXPECT_EQ(find({.prefixes = {"summer ch"}}), Numbers{3'001});
    EXPECT_EQ(find({.names = {"no such", "changed"}}), Numbers{3'001});
}

TEST_F(CatalogTest, PutsTheBestFitFirstAlsoBehindManyOthers) {
    put("Clip", 1);
    for (int i = 0; i < 6'000; ++i)
        put(fmt::format("demo clip {}", i), 10 + i);
    put("clip of a demo", 2);
    const Found found = catalog_.search(app, {.names = {"clip"}, .count_max = 2});
    EXPECT_EQ(found.total, found_max);
    ASSERT_EQ(found.files.size(), 2u);
    EXPECT_EQ(std::stoi(found.files[0].text()), 1);
    EXPECT_EQ(std::stoi(found.files[1].text()), 6'002);
}

TEST_F(CatalogTest, FindsFilesByIdInTheOrderThatIsAskedFor) {
    const model::Asset first = put("a", 10), second = put("b", 20), third = put("c", 30);
    Query query{.files = {second.id.text(), first.id.text(), "unknown", second.id.text()}};
    EXPECT_EQ(find(query), (Numbers{2, 1}));
    query.order = Query::Order::oldest_first;
    EXPECT_EQ(find(query), (Numbers{1, 2}));
    query.names = {"b"};
    EXPECT_EQ(find(query), Numbers{2});
    catalog_.remove(app, second.id);
    EXPECT_EQ(find(query), Numbers{});
}

class QuotaTest : public CatalogTest {
 protected:
    QuotaTest() {
        catalog_.quota().limit(100);
        catalog_.finish_loading();
    }
    Result<void> claim(const char* file, std::uint64_t bytes) {
        return catalog_.quota().claim({app, model::FileId(file), bytes});
    }
    Result<void> claim_more(const char* file, std::uint64_t bytes) {
        return catalog_.quota().claim_more({app, model::FileId(file), bytes});
    }
    void put_file(const char* file, std::int64_t bytes) {
        model::Asset made = asset("film", 1);
        made.id = model::FileId(file);
        made.path = "path";
        made.size_bytes = bytes;
        catalog_.put(made);
    }
};

TEST_F(QuotaTest, IsNotOvershotByFilesThatComeSideBySide) {
    ASSERT_TRUE(claim("a", 60));
    const Result<void> refused = claim("b", 60);
    ASSERT_FALSE(refused);
    EXPECT_TRUE(is_over_quota(refused.error()));
    EXPECT_FALSE(is_over_quota({Code::unavailable, "the disk is full"}));
    ASSERT_TRUE(claim("b", 40));
    EXPECT_FALSE(claim("c", 0));  // Not even an empty one.
    EXPECT_TRUE(catalog_.quota().claim({model::ApplicationId(1), model::FileId("c"), 100}));
    catalog_.quota().release(app, model::FileId("b"));
    EXPECT_TRUE(claim("c", 0));
    EXPECT_TRUE(claim("c", 40));
}

TEST_F(QuotaTest, CountsAFileOnceWhenItIsThere) {
    ASSERT_TRUE(claim("a", 60));
    put_file("a", 50);
    EXPECT_TRUE(claim("b", 50));
    put_file("b", 50);
    EXPECT_FALSE(claim("c", 1));
    catalog_.remove(app, model::FileId("a"));
    EXPECT_TRUE(claim("c", 50));
}

TEST_F(QuotaTest, GrowsAndShrinksWithWhatComes) {
    ASSERT_TRUE(claim_more("a", 50));
    ASSERT_TRUE(claim_more("a", 50));
    EXPECT_FALSE(claim_more("a", 1));
    catalog_.quota().release({app, model::FileId("a"), 30});
    EXPECT_TRUE(claim_more("b", 30));
    // Less than before is granted, whatever others have.
    catalog_.quota().limit(10);
    EXPECT_TRUE(claim("a", 60));
    EXPECT_FALSE(claim("a", 61));
    catalog_.quota().release({app, model::FileId("a"), 1'000});
    catalog_.quota().release({app, model::FileId("b"), 25});
    EXPECT_TRUE(claim_more("b", 5));
    EXPECT_FALSE(claim_more("b", 1));
}

TEST_F(QuotaTest, KeepsWhatWasGrantedBeforeAStart) {
    Catalog catalog;
    catalog.quota().limit(100);
    catalog.quota().restore({app, model::FileId("a"), 120});  // The quota was larger then.
    const Result<void> early = catalog.quota().claim({app, model::FileId("b"), 1});
    ASSERT_FALSE(early);
    EXPECT_FALSE(is_over_quota(early.error()));  // Nothing is counted yet: waiting helps.
    catalog.finish_loading();
    EXPECT_FALSE(catalog.quota().claim({app, model::FileId("b"), 1}));
    EXPECT_TRUE(catalog.quota().claim({app, model::FileId("a"), 110}));
}

}  // namespace
// Looks at what the catalog knows as soon as a commit is written: earlier, nobody hears of it.
class StoreWithLook : public store::MemoryStore {
 public:
    using MemoryStore::MemoryStore;

    Task<Result<void>> commit(store::Commit commit) override {
        commit.written = [this, told = std::move(commit.written)] {
            told();
            look();
        };
        return MemoryStore::commit(std::move(commit));
    }

    std::function<void()> look;
};

TEST_F(CatalogTest, HasTheFilesOfACommitBeforeAnyoneHearsOfThem) {
    const model::Asset one = put("one", 10);
    const model::Asset two = asset("two", 20);
    const ManualClock clock(from_unix_seconds(1));
    StoreWithLook store(clock, {});
    Numbers when_written;
    store.look = [&] { when_written = find({}); };
    FileChanges changes;
    changes.put.push_back(two);
    changes.removed.push_back({app, one.id});
    Loop loop;
    ASSERT_TRUE(fakes::run(loop, catalog_.commit(store, {}, std::move(changes))));
    EXPECT_EQ(when_written, Numbers{2});
    EXPECT_EQ(find({}), Numbers{2});
}

}  // namespace hookreel::media
