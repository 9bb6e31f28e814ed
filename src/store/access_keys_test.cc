#include "store/access_keys.h"

#include <gtest/gtest.h>

#include "store/memory/memory_store.h"

namespace hookreel::store {
namespace {

class AccessKeysTest : public testing::Test {
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

    static model::AccessKey key(std::string id) {
        model::AccessKey made;
        made.id = std::move(id);
        made.secret = "secret of " + made.id;
        made.application = model::ApplicationId(7);
        made.rights = {model::Right::read, model::Right::events};
        return made;
    }
    static Result<void> disable(model::AccessKey& key) {
        key.state = model::KeyState::disabled;
        return {};
    }

    Loop loop_;
    ManualClock clock_{parse_time("2026-03-02T08:00:00Z").value()};
    MemoryStore store_{clock_};
};

TEST_F(AccessKeysTest, KeepsPairsOverARestart) {
    AccessKeys first(store_);
    ASSERT_TRUE(run(first.load()));
    ASSERT_TRUE(run(first.create(key("AKIDb"))));
    ASSERT_TRUE(run(first.create(key("AKIDa"))));
    EXPECT_EQ(run(first.create(key("AKIDa"))).error().code, Code::conflict);

    AccessKeys second(store_);
    ASSERT_TRUE(run(second.load()));
    ASSERT_EQ(second.all().size(), 2u);
    EXPECT_EQ(second.all().front()->id, "AKIDa");
    const AccessKeys::Pointer found = second.find("AKIDb");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->secret, "secret of AKIDb");
    EXPECT_EQ(found->application, model::ApplicationId(7));
    EXPECT_TRUE(found->may(model::Right::events));
    EXPECT_FALSE(found->may(model::Right::write));
    EXPECT_EQ(second.find("AKIDc"), nullptr);
}

TEST_F(AccessKeysTest, ShowsAChangeAndARemovalAtOnceAndForGood) {
    AccessKeys keys(store_);
    ASSERT_TRUE(run(keys.create(key("AKIDa"))));
    const AccessKeys::Pointer before = keys.find("AKIDa");
    ASSERT_TRUE(run(keys.change("AKIDa", disable)));
    EXPECT_EQ(keys.find("AKIDa")->state, model::KeyState::disabled);
    EXPECT_EQ(before->state, model::KeyState::active);  // Who holds an old one keeps it.
    EXPECT_EQ(run(keys.change("AKIDb", disable)).error().code, Code::not_found);

    AccessKeys again(store_);
    ASSERT_TRUE(run(again.load()));
    EXPECT_EQ(again.find("AKIDa")->state, model::KeyState::disabled);
    ASSERT_TRUE(run(again.remove("AKIDa")));
    EXPECT_EQ(again.find("AKIDa"), nullptr);
    EXPECT_EQ(run(again.remove("AKIDa")).error().code, Code::not_found);
    AccessKeys last(store_);
    ASSERT_TRUE(run(last.load()));
    EXPECT_TRUE(last.all().empty());
}

}  // namespace
}  // namespace hookreel::store
