#include "delivery/lane.h"

#include "delivery/sender_test.h"

namespace hookreel::delivery {
namespace {

Instant at(Duration time) {
    return Instant(time);
}

std::vector<store::Lease> leases(int count) {
    return std::vector<store::Lease>(static_cast<std::size_t>(count));
}

class LaneTest : public testing::Test {
 protected:
    std::size_t ready() { return lane_.take_all().size(); }

    PlainRenderer renderer_;
    const HealthRules rules_{};
    Lane lane_{share(endpoint("a")), &renderer_, rules_};
};

TEST_F(LaneTest, IsSmallForThereMayBeTensOfThousands) {
    EXPECT_LE(sizeof(Lane), 320u);
}

TEST_F(LaneTest, LeasesARoundBesideTheOneThatIsUnderWay) {
    EXPECT_EQ(lane_.room(at(1s)), 16);
    lane_.add(leases(16));
    EXPECT_EQ(lane_.room(at(1s)), 0);
    EXPECT_TRUE(lane_.take_unsendable(at(1s)).empty());
    EXPECT_EQ(ready(), 16u);
}

TEST_F(LaneTest, CountsWhatIsReplayedAmongTheRetries) {
    std::vector<store::Lease> replayed = leases(1);
    replayed.front().earlier = 3;
    lane_.add(std::move(replayed));
    EXPECT_FALSE(lane_.has_ready(Turn::first));
    EXPECT_TRUE(lane_.has_ready(Turn::again));
    EXPECT_EQ(lane_.begin(Slots(8), at(1s))->turn, Turn::again);
}

TEST_F(LaneTest, GivesBackWhatTheEndpointBearsNoMore) {
    lane_.add(leases(8));
    for (const Duration time : {1s, 2s, 3s})
        lane_.heard({Verdict::overloaded, at(time), at(time + 1s)}, TimePoint{});
    EXPECT_EQ(lane_.take_unsendable(at(5s)).size(), 7u);
    EXPECT_EQ(ready(), 1u);
}

TEST_F(LaneTest, LeasesWhatItsRateLetsItSendSoon) {
    model::Endpoint slow = endpoint("a");
    slow.rate_per_second = 0.1;
    lane_.set(share(slow), &renderer_);
    EXPECT_EQ(lane_.room(at(1s)), 1);
    EXPECT_EQ(lane_.pause(at(1s)), 0ms);
    lane_.add(leases(1));
    ASSERT_TRUE(lane_.begin(Slots(8), at(1s)));
    EXPECT_EQ(lane_.room(at(1s)), 0);
    EXPECT_GT(lane_.pause(at(1s)), 9s);
    EXPECT_EQ(lane_.room(at(11s)), 1);
}

TEST_F(LaneTest, GivesBackWhatANewRateSendsNotSoon) {
    lane_.add(leases(8));
    model::Endpoint slow = endpoint("a");
    slow.rate_per_second = 0.1;
    lane_.set(share(slow), &renderer_);
    EXPECT_EQ(lane_.take_unsendable(at(1s)).size(), 7u);
    EXPECT_EQ(ready(), 1u);
}

// What is sent at most once is spent first, and then the store hands out the next of its key.
TEST_F(LaneTest, SendsTheNextOfAKeyWhenTheOneBeforeHasEnded) {
    model::Endpoint once = endpoint("a");
    once.order = model::Order::key;
    once.guarantee = model::Guarantee::at_most_once;
    lane_.set(share(once), &renderer_);
    const Slots slots(8);
    const auto add = [this](const char* key) {
        std::vector<store::Lease> one = leases(1);
        one.front().key = key;
        lane_.add(std::move(one));
    };
    add("k");
    const std::optional<Parcel> first = lane_.begin(slots, at(1s));
    ASSERT_TRUE(first);
    add("k");
    EXPECT_FALSE(lane_.has_ready());
    EXPECT_FALSE(lane_.is_idle());
    add("other");
    add("");
    const std::optional<Parcel> other = lane_.begin(slots, at(1s));
    ASSERT_TRUE(other);
    EXPECT_EQ(other->leases.front().key, "other");
    const std::optional<Parcel> without = lane_.begin(slots, at(1s));
    ASSERT_TRUE(without);
    lane_.end(without->keys);
    lane_.end(other->keys);
    EXPECT_FALSE(lane_.has_ready());
    lane_.end(first->keys);
    const std::optional<Parcel> second = lane_.begin(slots, at(1s));
    ASSERT_TRUE(second);
    EXPECT_EQ(second->leases.front().key, "k");
}

TEST_F(LaneTest, LetsGoOfWhatWaitsForItsKey) {
    model::Endpoint once = endpoint("a");
    once.order = model::Order::key;
    once.guarantee = model::Guarantee::at_most_once;
    lane_.set(share(once), &renderer_);
    std::vector<store::Lease> two = leases(2);
    two[0].key = two[1].key = "k";
    lane_.add({two[0]});
    ASSERT_TRUE(lane_.begin(Slots(8), at(1s)));
    lane_.add({two[1]});
    EXPECT_EQ(ready(), 1u);
}

}  // namespace
}  // namespace hookreel::delivery
