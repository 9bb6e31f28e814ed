// Conformance: events from outside are stored once, and what the archive keeps is found again.
#pragma once

#include "store/conformance/fixture.h"

namespace hookreel::store {

using Stored = std::vector<Published>;

TEST_P(StoreConformance, StoresAnEventOfOneIdOnce) {
    EXPECT_EQ(publish({kept_event("1", {queue_a})}), Stored{Published::stored});
    EXPECT_EQ(publish({kept_event("1", {queue_a}), kept_event("2", {queue_a}),
                       kept_event("2", {queue_b})}),
              (Stored{Published::duplicate, Published::stored, Published::duplicate}));
    EXPECT_EQ(ids(lease(queue_a)), (Texts{"1", "2"}));
    EXPECT_TRUE(lease(queue_b).empty());
    EXPECT_EQ(publish({kept_event("1", {queue_a})}), Stored{Published::duplicate});
    EXPECT_EQ(publish({}), Stored{});
}

TEST_P(StoreConformance, KnowsAnIdAlsoAfterItsLastEntry) {
    ASSERT_TRUE(publish({event_for("kept by nobody", {queue_a})}));
    ASSERT_TRUE(confirm(lease_one(queue_a).handle));
    EXPECT_EQ(publish({event_for("kept by nobody", {queue_a})}), Stored{Published::duplicate});
    EXPECT_EQ(code(event("kept by nobody")), Code::not_found);
}

TEST_P(StoreConformance, KnowsTheIdsOfEachApplicationApart) {
    NewEvent other = kept_event("1", {queue_a});
    other.application = model::ApplicationId(8);
    EXPECT_EQ(publish({kept_event("1", {queue_a})}), Stored{Published::stored});
    EXPECT_EQ(publish({other}), Stored{Published::stored});
    EXPECT_EQ(event("1")->application, model::ApplicationId(7));
    EXPECT_EQ(event("1", model::ApplicationId(8))->application, model::ApplicationId(8));
    EXPECT_EQ(code(event("1", model::ApplicationId(9))), Code::not_found);
}

TEST_P(StoreConformance, StoresOnceWhatTwoPublishAtTheSameTime) {
    using Answer = Result<Stored>;
    std::vector<LoopRunner::Pending<Answer>> pending;
    for (int i = 0; i < 8; ++i)
        pending.push_back(runner_.start<Answer>(store_->publish({kept_event("1", {queue_a})})));
    int stored = 0;
    for (auto& each : pending)
        stored += runner_.finish<Answer>(each)->at(0) == Published::stored;
    EXPECT_EQ(stored, 1);
    EXPECT_EQ(count(queue_a).waiting, 1u);
}

TEST_P(StoreConformance, StoresNothingOfARefusedPublish) {
    open(Limits{.queue_entries_max = 2});
    NewEvent large = kept_event("large", {queue_a});
    large.body = body_of(std::string(1024 * 1024 + 1, 'x'));
    const auto refused = publish({kept_event("1", {queue_a}), large});
    ASSERT_EQ(code(refused), Code::too_large);
    EXPECT_NE(refused.error().detail.find("event's body"), std::string::npos);
    EXPECT_NE(refused.error().detail.find("1048576"), std::string::npos);
    EXPECT_EQ(code(publish({kept_event("1", {queue_a}), kept_event("2", {queue_a}),
                            kept_event("3", {queue_a})})),
              Code::too_large);
    EXPECT_EQ(count(queue_a), QueueCounts{});
    EXPECT_TRUE(events().empty());
    EXPECT_EQ(publish({kept_event("1", {queue_a})}), Stored{Published::stored});
}

TEST_P(StoreConformance, ForgetsIdsAfterTheirTime) {
    ASSERT_TRUE(publish({event_for("1", {queue_a})}));
    ASSERT_TRUE(publish({kept_event("2", {})}));
    clock_.advance(Duration(10));
    ASSERT_TRUE(publish({event_for("3", {queue_a})}));
    EXPECT_EQ(purge({.ids_before = start_time}), 0);
    EXPECT_EQ(purge({.ids_before = start_time + Duration(10)}), 1);
    // The archive keeps the second one's event, and so its id.
    EXPECT_EQ(publish({event_for("1", {}), event_for("2", {}), event_for("3", {})}),
              (Stored{Published::stored, Published::duplicate, Published::duplicate}));
    EXPECT_EQ(purge({.events_before = never, .ids_before = start_time + Duration(10)}), 2);
    EXPECT_EQ(publish({event_for("2", {}), event_for("3", {})}),
              (Stored{Published::stored, Published::duplicate}));
}

TEST_P(StoreConformance, ArchivesAnEventWithItsBody) {
    Commit one;
    one.events.push_back(kept_event("1", {queue_a}, start_time - Duration(5)));
    one.events.push_back(event_for("2", {queue_a}, start_time));
    one.events.push_back(kept_event("3", {}, start_time));
    ASSERT_TRUE(commit(one));
    EXPECT_EQ(*lease_one(queue_a).body, *one.events[0].body);
    const Result<ArchivedEvent> found = event("1");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->id.text(), "1");
    EXPECT_EQ(found->application, model::ApplicationId(7));
    EXPECT_EQ(found->type, "media.uploaded");
    EXPECT_EQ(found->key, "key-1");
    EXPECT_EQ(found->time, start_time - Duration(5));
    EXPECT_EQ(*found->body, *one.events[0].body);
    EXPECT_EQ(code(event("2")), Code::not_found);
    EXPECT_TRUE(event("3"));
    EXPECT_EQ(ids(events()), (Texts{"1", "3"}));
}

TEST_P(StoreConformance, GivesEachQueueItsOwnWordsAndTheArchiveTheNeutralOnes) {
    NewEvent event = kept_event("1", {queue_a, queue_b, queue_c});
    event.entries[1].body = body_of("words for b");
    event.entries[2].body = body_of("words for c");
    Commit one;
    one.events.push_back(event);
    ASSERT_TRUE(commit(one));
    EXPECT_EQ(*lease_one(queue_a).body, *event.body);
    EXPECT_EQ(*lease_one(queue_b).body, "words for b");
    EXPECT_EQ(*lease_one(queue_c).body, "words for c");
    EXPECT_EQ(*this->event("1")->body, *event.body);
    EXPECT_EQ(ids(events()), Texts{"1"});
}

TEST_P(StoreConformance, KeepsAnEventAfterItsLastEntry) {
    ASSERT_TRUE(publish({kept_event("1", {queue_a, queue_b})}));
    ASSERT_TRUE(confirm(lease_one(queue_a).handle));
    ASSERT_TRUE(bury(lease_one(queue_b).handle, "why"));
    EXPECT_EQ(ids(events()), Texts{"1"});
    EXPECT_EQ(count(queue_a), QueueCounts{});
}

TEST_P(StoreConformance, FindsEventsByTypeKeyDataAndTimeInPages) {
    for (int i = 0; i < 7; ++i) {
        NewEvent event = kept_event(fmt::format("{}", i), {queue_a}, clock_.now());
        event.type = i % 2 == 0 ? "media.uploaded" : "stream.started";
        event.key = i % 3 == 0 ? "three" : "";
        ASSERT_TRUE(publish({event}));
        clock_.advance(Duration(10));
    }
    EventQuery all{.application = model::ApplicationId(7)};
    EXPECT_EQ(ids(events(all)), (Texts{"0", "1", "2", "3", "4", "5", "6"}));
    EventQuery paged = all;
    paged.count_max = 2;
    EXPECT_EQ(ids(events(paged)), (Texts{"0", "1", "2", "3", "4", "5", "6"}));
    EventQuery typed = paged;
    typed.filter.types = {"stream.*"};
    EXPECT_EQ(ids(events(typed)), (Texts{"1", "3", "5"}));
    EventQuery keyed = all;
    keyed.filter.keys = {"three", "four"};
    EXPECT_EQ(ids(events(keyed)), (Texts{"0", "3", "6"}));
    EventQuery named = all;
    named.filter.data = {{"name", {"\"2\"", "\"5\""}}};
    EXPECT_EQ(ids(events(named)), (Texts{"2", "5"}));
    EventQuery timed = all;
    timed.span = {start_time + Duration(10), start_time + Duration(40)};
    EXPECT_EQ(ids(events(timed)), (Texts{"1", "2", "3"}));
    EXPECT_TRUE(events({.application = model::ApplicationId(8)}).empty());
    for (const char* cursor : {"x", "-", "1-", "1-x", "123456789012345678901234567890"})
        EXPECT_EQ(code(runner_.run<Result<Page<ArchivedEvent>>>(
                      store_->events({.application = model::ApplicationId(7), .cursor = cursor}))),
                  Code::invalid)
            << cursor;
}

TEST_P(StoreConformance, PurgesTheArchiveInSteps) {
    for (int i = 0; i < 4; ++i) {
        ASSERT_TRUE(publish({kept_event(fmt::format("{}", i), {queue_a}, never - Duration(1))}));
        clock_.advance(Duration(1));
    }
    ASSERT_TRUE(confirm(lease_one(queue_a).handle));
    const PurgeLimits limits{.events_before = start_time + Duration(3), .count_max = 2};
    EXPECT_EQ(purge(limits), 2);
    EXPECT_EQ(ids(events()), (Texts{"2", "3"}));
    EXPECT_EQ(purge(limits), 1);
    EXPECT_EQ(purge(limits), 0);
    EXPECT_EQ(ids(events()), Texts{"3"});
    EXPECT_EQ(code(event("0")), Code::not_found);
    EXPECT_EQ(code(event("2")), Code::not_found);
    // What still waits in a queue stays there.
    const std::vector<Lease> waiting = lease(queue_a);
    ASSERT_EQ(ids(waiting), (Texts{"1", "2", "3"}));
    for (const Lease& each : waiting)
        EXPECT_TRUE(confirm(each.handle));
    EXPECT_EQ(purge(limits), 0);
    EXPECT_EQ(ids(deliveries()), Texts{"3"});
}

TEST_P(StoreConformance, SaysWhenTheOldestEventHappened) {
    EXPECT_EQ(oldest(queue_a), never);
    ASSERT_TRUE(append("1", queue_a));
    clock_.advance(Duration(10));
    ASSERT_TRUE(append("2", queue_a));
    EXPECT_EQ(oldest(queue_a), start_time);
    const Lease first = lease_one(queue_a);
    EXPECT_EQ(oldest(queue_a), start_time);
    ASSERT_TRUE(give_back(first.handle, hold));
    EXPECT_EQ(oldest(queue_a), start_time);
    clock_.advance(hold);
    ASSERT_TRUE(confirm(lease_one(queue_a).handle));
    EXPECT_EQ(oldest(queue_a), start_time + Duration(10));
    ASSERT_TRUE(confirm(lease_one(queue_a).handle));
    EXPECT_EQ(oldest(queue_a), never);
}

}  // namespace hookreel::store
