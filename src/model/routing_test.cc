#include "model/routing.h"

#include <gtest/gtest.h>

namespace hookreel::model {
namespace {

Event uploaded() {
    return make_event(default_application, TimePoint{}, FileUploaded{});
}

Event processed() {
    return make_event(default_application, TimePoint{}, ProcedureChanged{});
}

TEST(Routing, LeavesANewApplicationInPeace) {
    EXPECT_EQ(recipient({}, uploaded()), Recipient::nobody);
    EXPECT_EQ(recipient({}, processed()), Recipient::nobody);
}

TEST(Routing, SendsToTheUrlInPushModeAndToTheReelInPullMode) {
    EventSettings settings;
    settings.notification_url = "http://192.0.2.10:8080/vod";
    EXPECT_EQ(recipient(settings, processed()), Recipient::endpoint);
    settings.mode = Mode::pull;
    EXPECT_EQ(recipient(settings, processed()), Recipient::reel);
    settings.notification_url.clear();
    EXPECT_EQ(recipient(settings, processed()), Recipient::reel);
}

TEST(Routing, HoldsBackUploadsUnlessTheirSwitchIsOn) {
    EventSettings settings;
    settings.mode = Mode::pull;
    settings.delete_complete = Switch::on;
    settings.persistence_complete = Switch::on;
    EXPECT_EQ(recipient(settings, uploaded()), Recipient::nobody);
    settings.upload_complete = Switch::on;
    EXPECT_EQ(recipient(settings, uploaded()), Recipient::reel);
}

TEST(Routing, HoldsBackDeletionsUnlessTheirSwitchIsOnAndNeverPulls) {
    EventSettings settings;
    settings.mode = Mode::pull;
    const Event deleted = make_event(default_application, TimePoint{}, MediaDeleted{});
    const Event pulled = make_event(default_application, TimePoint{}, MediaPulled{});
    EXPECT_EQ(recipient(settings, deleted), Recipient::nobody);
    EXPECT_EQ(recipient(settings, pulled), Recipient::reel);
    settings.delete_complete = Switch::on;
    EXPECT_EQ(recipient(settings, deleted), Recipient::reel);
}

TEST(Routing, NamesOneEndpointForEachApplication) {
    EXPECT_EQ(callback_endpoint(ApplicationId(7)), callback_endpoint(ApplicationId(7)));
    EXPECT_NE(callback_endpoint(ApplicationId(7)), callback_endpoint(ApplicationId(8)));
}

}  // namespace
}  // namespace hookreel::model
