#include "http/client/resolver.h"

#include <gtest/gtest.h>

#include <set>

#include "http/client/testing_dns.h"
#include "http/testing.h"

namespace hookreel::http {
namespace {

using Answer = TestNameServer::Answer;
using Question = TestNameServer::Question;

constexpr Duration patience{9'000};

class ResolverTest : public testing::Test {
 protected:
    void start(TestNameServer::Rule rule) {
        server_.emplace(std::move(rule));
        thread_.call([this] { resolver_.emplace(thread_.loop, server_->address()); });
    }
    void TearDown() override {
        thread_.call([this] { resolver_.reset(); });
    }
    Result<Addresses> resolve(std::string name, Duration limit = patience) {
        return thread_.run(resolver_->resolve(std::move(name), limit));
    }
    std::future<Result<Addresses>> begin(std::string name) {
        return asio::co_spawn(thread_.loop, resolver_->resolve(std::move(name), patience),
                              asio::use_future);
    }

    std::optional<TestNameServer> server_;
    LoopThread thread_;
    std::optional<Resolver> resolver_;
};

std::set<std::string> texts(const Addresses& addresses) {
    std::set<std::string> texts;
    for (const auto& address : addresses)
        texts.insert(address.to_string());
    return texts;
}

TEST_F(ResolverTest, FindsAddressesOfBothFamilies) {
    start([](const Question&) { return Answer{{"192.0.2.1", "192.0.2.2", "2001:db8::1"}}; });
    const auto found = resolve("name.test");
    ASSERT_TRUE(found) << found.error().detail;
    EXPECT_EQ((std::set<std::string>{"192.0.2.1", "192.0.2.2", "2001:db8::1"}), texts(*found));
}

TEST_F(ResolverTest, AsksNobodyForAnAddressAndForLocalhost) {
    start([](const Question&) { return Answer{{"192.0.2.1"}}; });
    EXPECT_EQ(std::set<std::string>{"198.51.100.7"}, texts(*resolve("198.51.100.7")));
    EXPECT_EQ(std::set<std::string>{"2001:db8::7"}, texts(*resolve("2001:db8::7")));
    const auto local = resolve("localhost");
    ASSERT_TRUE(local);
    for (const auto& address : *local)
        EXPECT_TRUE(address.is_loopback()) << address.to_string();
    EXPECT_EQ(0, server_->asked("localhost"));
}

TEST_F(ResolverTest, KeepsAnAnswerAndARefusal) {
    start([](const Question& question) {
        return question.name == "good.test" ? Answer{{"192.0.2.1"}} : Answer{{}, 60, false};
    });
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(resolve("good.test"));
        const auto none = resolve("bad.test");
        ASSERT_FALSE(none);
        EXPECT_EQ(Code::network, none.error().code);
        EXPECT_EQ("no such name", none.error().detail);
    }
    EXPECT_EQ(1, server_->asked("good.test"));
    EXPECT_EQ(1, server_->asked("bad.test"));
}

// The server stays silent until it was asked for all ten: only side by side can they be answered.
TEST_F(ResolverTest, AsksForTenNamesSideBySide) {
    start([asked =
               std::set<std::string>()](const Question& question) mutable -> std::optional<Answer> {
        asked.insert(question.name);
        if (asked.size() < 10) return std::nullopt;
        return Answer{{"192.0.2.1"}};
    });
    std::vector<std::future<Result<Addresses>>> found;
    for (int i = 0; i < 10; ++i)
        found.push_back(begin("slow" + std::to_string(i) + ".test"));
    for (auto& one : found)
        EXPECT_TRUE(one.get());
}

TEST_F(ResolverTest, SharesAQueryAmongThoseWhoWantTheSame) {
    std::promise<void> release;
    const auto released = release.get_future().share();
    start([released](const Question&) {
        released.wait();
        return Answer{{"192.0.2.1"}};
    });
    auto first = begin("same.test");
    auto second = begin("same.test");
    thread_.call([] {});
    release.set_value();
    EXPECT_TRUE(first.get());
    EXPECT_TRUE(second.get());
    EXPECT_EQ(1, server_->asked("same.test"));
}

TEST_F(ResolverTest, GivesUpWhenTheTimeIsOver) {
    start([](const Question&) { return std::nullopt; });
    const auto none = resolve("silent.test", Duration(20));
    ASSERT_FALSE(none);
    EXPECT_EQ(Code::unavailable, none.error().code);
    EXPECT_EQ("the name servers do not answer within 20 ms", none.error().detail);
}

TEST_F(ResolverTest, DoesNotWaitForAFamilyThatIsNotAnswered) {
    start([](const Question& question) -> std::optional<Answer> {
        const bool is_silent = question.is_v6 == (question.name == "four.test");
        if (is_silent) return std::nullopt;
        return Answer{{"192.0.2.1", "2001:db8::1"}};
    });
    // Far less than the first repetition of a question.
    EXPECT_EQ(std::set<std::string>{"192.0.2.1"}, texts(*resolve("four.test", Duration(1'000))));
    EXPECT_EQ(std::set<std::string>{"2001:db8::1"}, texts(*resolve("six.test", Duration(1'000))));
}

TEST_F(ResolverTest, TakesTheFamiliesInTurn) {
    start([](const Question&) {
        return Answer{{"192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1", "2001:db8::2"}};
    });
    const auto found = resolve("many.test");
    ASSERT_TRUE(found);
    ASSERT_EQ(5u, found->size());
    for (std::size_t i = 0; i < found->size(); ++i)
        EXPECT_EQ(i == 0 || i == 2, (*found)[i].is_v6()) << i;
}

TEST_F(ResolverTest, KeepsAnAnswerNoLongerThanItLives) {
    start([](const Question& question) {
        return Answer{{question.count == 1 ? "192.0.2.1" : "192.0.2.2"}, 0};
    });
    EXPECT_EQ(std::set<std::string>{"192.0.2.1"}, texts(*resolve("short.test")));
    while (server_->asked("short.test") < 2)
        ASSERT_TRUE(resolve("short.test"));
    EXPECT_EQ(std::set<std::string>{"192.0.2.2"}, texts(*resolve("short.test")));
}

TEST_F(ResolverTest, TellsABadNameFromBadNameServers) {
    start([](const Question& question) -> std::optional<Answer> {
        if (question.name == "good.test") return Answer{{"192.0.2.1"}};
        return Answer{.failure = 2};
    });
    EXPECT_EQ(Code::unavailable, resolve("bad.test").error().code);
    EXPECT_TRUE(resolve("good.test"));
    EXPECT_EQ((Error{Code::network, "the name's own name servers fail"}),
              resolve("worse.test").error());
}

TEST_F(ResolverTest, EndsItsLookUpsWhenItIsCancelled) {
    start([](const Question&) { return std::nullopt; });
    auto found = begin("silent.test");
    thread_.call([this] { resolver_->cancel(); });
    EXPECT_EQ(Code::cancelled, found.get().error().code);
}

TEST_F(ResolverTest, MayBeThrownAwayWithALookUpUnderWay) {
    start([](const Question&) { return std::nullopt; });
    auto found = begin("silent.test");
    thread_.call([this] { resolver_.reset(); });
    EXPECT_EQ(Code::cancelled, found.get().error().code);
}

TEST_F(ResolverTest, RefusesUnusableSettings) {
    thread_.call([this] { resolver_.emplace(thread_.loop, "not an address"); });
    for (int i = 0; i < 2; ++i)
        EXPECT_EQ("the resolver's settings are unusable", resolve("any.test").error().detail);
}

}  // namespace
}  // namespace hookreel::http
