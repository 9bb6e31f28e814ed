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

}  // namespace
}  // namespace hookreel::delivery
