#include "store/applications.h"

#include <gtest/gtest.h>

#include "store/memory/memory_store.h"

namespace hookreel::store {
namespace {

class ApplicationsTest : public testing::Test {
 protected:
    template <class T>
    T run(Task<T> task) {
        std::optional<T> result;
        asio::co_spawn(loop_, std::move(task),
                       [&](std::exception_ptr, T value) { result = std::move(value); });
        loop_.restart();
        loop_.run();
        return std::move(*result);
    }

    // As after a start of the server.
    std::optional<model::KeyPair> start(Applications& applications,
                                        std::optional<model::KeyPair> keys = std::nullopt) {
        const auto made = run(applications.load(std::move(keys), clock_.now()));
        EXPECT_TRUE(made);
        return made.value_or(std::nullopt);
    }

    Loop loop_;
    ManualClock clock_{parse_time("2026-03-02T08:00:00Z").value()};
    MemoryStore store_{clock_};
};

TEST_F(ApplicationsTest, MakesTheDefaultApplicationAndItsKeysOnce) {
    Applications first(store_);
    const std::optional<model::KeyPair> made = start(first);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->secret_id.size(), 36u);
    EXPECT_TRUE(made->secret_id.starts_with("AKID"));
    EXPECT_EQ(made->secret_key.size(), 32u);
    EXPECT_EQ(first.find(model::default_application)->name, "main");

    Applications second(store_);
    EXPECT_EQ(start(second), std::nullopt);
    EXPECT_EQ(second.find_key(made->secret_id)->secret_key, made->secret_key);
    EXPECT_EQ(second.find(model::default_application)->created, clock_.now());
}

TEST_F(ApplicationsTest, TakesGivenKeysInsteadOfThoseItHas) {
    Applications first(store_);
    EXPECT_EQ(start(first, model::KeyPair{"AKIDone", "one"}), std::nullopt);
    EXPECT_EQ(first.find_key("AKIDone")->secret_key, "one");

    Applications second(store_);
    EXPECT_EQ(start(second, model::KeyPair{"AKIDtwo", "two"}), std::nullopt);
    EXPECT_FALSE(second.find_key("AKIDone"));
    EXPECT_EQ(second.find_key("AKIDtwo")->application->id, model::default_application);

    Applications third(store_);
    EXPECT_EQ(start(third), std::nullopt);
    EXPECT_TRUE(third.find_key("AKIDtwo"));
}

TEST_F(ApplicationsTest, RefusesHalfAKeyPair) {
    Applications applications(store_);
    const auto loaded = run(applications.load(model::KeyPair{"AKIDone", ""}, clock_.now()));
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, Code::invalid);
}

TEST_F(ApplicationsTest, KeepsAChangeAndShowsItAfterARestart) {
    Applications applications(store_);
    start(applications);
    const Applications::Pointer before = applications.find(model::default_application);
    std::vector<Applications::Pointer> heard;
    applications.listen([&](const Applications::Pointer& now) { heard.push_back(now); });
    const auto changed =
        run(applications.change(model::default_application, [](model::Application& application) {
            application.events.mode = model::Mode::pull;
        }));
    ASSERT_TRUE(changed);
    EXPECT_EQ(before->events.mode, model::Mode::push);  // An old snapshot does not move.
    EXPECT_EQ(applications.find(model::default_application)->events.mode, model::Mode::pull);
    ASSERT_EQ(heard.size(), 1u);
    EXPECT_EQ(heard[0], *changed);

    Applications again(store_);
    start(again);
    EXPECT_EQ(again.find(model::default_application)->events.mode, model::Mode::pull);
}

TEST_F(ApplicationsTest, LosesNoneOfTwoChangesAtOnce) {
    Applications applications(store_), other(store_);  // As on two nodes.
    start(applications);
    start(other);
    ASSERT_TRUE(run(other.change(model::default_application, [](model::Application& application) {
        application.events.sign_key = "key";
    })));
    ASSERT_TRUE(
        run(applications.change(model::default_application, [](model::Application& application) {
            application.events.notification_url = "http://192.0.2.1/";
        })));
    const Applications::Pointer now = applications.find(model::default_application);
    EXPECT_EQ(now->events.sign_key, "key");
    EXPECT_EQ(now->events.notification_url, "http://192.0.2.1/");
}

TEST_F(ApplicationsTest, MakesApplicationsWithTheNextId) {
    Applications applications(store_), other(store_);  // As on two nodes.
    start(applications);
    start(other);
    std::string heard;
    applications.listen([&](const Applications::Pointer& made) { heard += made->name + " "; });
    model::Application wanted;
    wanted.name = "shop";
    wanted.keys = {{"AKIDshop", "key"}};
    const auto first = run(applications.create(wanted));
    ASSERT_TRUE(first);
    EXPECT_EQ((*first)->id.value(), model::default_application.value() + 1);
    EXPECT_EQ(heard, "shop ");
    EXPECT_EQ(applications.find_key("AKIDshop")->application->name, "shop");

    Commit with;
    with.puts.push_back({{Kind::audit, "1"}, "{}", std::nullopt});
    wanted.keys = {{"AKIDelse", "key"}};
    const auto second = run(other.create(wanted, with));  // It has not heard of the first.
    ASSERT_TRUE(second);
    EXPECT_EQ((*second)->id.value(), model::default_application.value() + 2);
    EXPECT_TRUE(run(store_.get({Kind::audit, "1"})));
}

TEST_F(ApplicationsTest, ChangesNothingThatIsNotThereOrCannotBeKept) {
    Applications applications(store_);
    start(applications);
    const auto edit = [](model::Application& application) { application.name = "other"; };
    EXPECT_EQ(run(applications.change(model::ApplicationId(7), edit)).error().code,
              Code::not_found);
    store_.close();
    EXPECT_EQ(run(applications.change(model::default_application, edit)).error().code,
              Code::unavailable);
    EXPECT_EQ(applications.find(model::default_application)->name, "main");
}

TEST_F(ApplicationsTest, ReadsManyApplications) {
    Commit commit;
    for (std::uint64_t i = 1; i <= 250; ++i) {
        model::Application application;
        application.id = model::ApplicationId(i);
        application.keys = {{"id" + std::to_string(i), "key" + std::to_string(i)}};
        commit.puts.push_back(
            {{Kind::application, std::to_string(i)}, to_json_text(application), std::nullopt});
    }
    ASSERT_TRUE(run(store_.commit(std::move(commit))));
    Applications applications(store_);
    start(applications);
    EXPECT_EQ(applications.all().size(), 251u);
    EXPECT_EQ(applications.find_key("id250")->application->id, model::ApplicationId(250));
}

TEST_F(ApplicationsTest, RefusesARecordThatCannotBeRead) {
    Commit commit;
    commit.puts.push_back({{Kind::application, "1"}, "{\"id\":\"x\"}", std::nullopt});
    ASSERT_TRUE(run(store_.commit(std::move(commit))));
    Applications applications(store_);
    EXPECT_EQ(run(applications.load(std::nullopt, clock_.now())).error().code, Code::invalid);
}

}  // namespace
}  // namespace hookreel::store
