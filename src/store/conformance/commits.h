// Conformance: commits are atomic, records have versions, limits are kept.
#pragma once

#include "store/conformance/fixture.h"

namespace hookreel::store {

TEST_P(StoreConformance, ReadsWhatWasWritten) {
    ASSERT_TRUE(put("one", "value"));
    const Result<Record> record = get("one");
    ASSERT_TRUE(record);
    EXPECT_EQ(record->value, "value");
    EXPECT_EQ(record->version, 1u);
    EXPECT_EQ(record->key, (RecordKey{Kind::asset, "one"}));
    EXPECT_EQ(code(get("other")), Code::not_found);
}

TEST_P(StoreConformance, KeepsBytesAsTheyAre) {
    const std::string bytes("\0\xff\x80 a'b\"\n", 9);
    ASSERT_TRUE(put("id\xff", bytes));
    EXPECT_EQ(get("id\xff")->value, bytes);
}

TEST_P(StoreConformance, SaysThatACommitIsWrittenOnceAndOnlyIfItIs) {
    int written = 0;
    Commit refused;
    refused.puts.push_back({{Kind::asset, "one"}, "a", 7});
    refused.written = [&] { ++written; };
    EXPECT_EQ(code(commit(refused)), Code::conflict);
    EXPECT_EQ(written, 0);
    Commit taken;
    taken.puts.push_back({{Kind::asset, "one"}, "a", 0});
    taken.written = [&] { ++written; };
    ASSERT_TRUE(commit(taken));
    EXPECT_EQ(written, 1);
}

TEST_P(StoreConformance, CountsVersionsPerWrite) {
    ASSERT_TRUE(put("one", "a"));
    ASSERT_TRUE(put("one", "b"));
    EXPECT_EQ(get("one")->version, 2u);
    EXPECT_EQ(get("one")->value, "b");
    Commit removal;
    removal.removes.push_back({Kind::asset, "one"});
    ASSERT_TRUE(commit(removal));
    EXPECT_EQ(code(get("one")), Code::not_found);
    ASSERT_TRUE(put("one", "c"));
    EXPECT_EQ(get("one")->version, 1u);
}

TEST_P(StoreConformance, RefusesAnotherVersionThanExpected) {
    ASSERT_TRUE(put("one", "a", 0));
    EXPECT_EQ(code(put("one", "b", 0)), Code::conflict);
    EXPECT_EQ(code(put("one", "b", 2)), Code::conflict);
    EXPECT_EQ(code(put("other", "b", 1)), Code::conflict);
    ASSERT_TRUE(put("one", "b", 1));
    EXPECT_EQ(get("one")->value, "b");
    EXPECT_EQ(get("one")->version, 2u);
}

TEST_P(StoreConformance, ComparesVersionsWithTheStateBeforeTheCommit) {
    Commit twice;
    twice.puts.push_back({{Kind::asset, "one"}, "a", 0});
    twice.puts.push_back({{Kind::asset, "one"}, "b", 0});
    ASSERT_TRUE(commit(twice));
    EXPECT_EQ(get("one")->value, "b");
    EXPECT_EQ(get("one")->version, 2u);
}

TEST_P(StoreConformance, RemovesAfterItPuts) {
    Commit both;
    both.removes.push_back({Kind::asset, "one"});
    both.puts.push_back({{Kind::asset, "one"}, "a", 0});
    ASSERT_TRUE(commit(both));
    EXPECT_EQ(code(get("one")), Code::not_found);
}

TEST_P(StoreConformance, KeepsKindsApart) {
    Commit both;
    both.puts.push_back({{Kind::asset, "one"}, "asset", 0});
    both.puts.push_back({{Kind::task, "one"}, "task", 0});
    ASSERT_TRUE(commit(both));
    EXPECT_EQ(get("one")->value, "asset");
    EXPECT_EQ(runner_.run<Result<Record>>(store_->get({Kind::task, "one"}))->value, "task");
}

TEST_P(StoreConformance, ListsByIdInPages) {
    for (const char* id : {"b/2", "a/9", "b/1", "c/1", "b/10", "b"})
        ASSERT_TRUE(put(id, id));
    const auto list = [&](std::string prefix, std::string after, int count_max) {
        const ListOptions options{prefix, after, count_max};
        Texts found;
        for (const Record& record :
             *runner_.run<Result<std::vector<Record>>>(store_->list(Kind::asset, options))) {
            EXPECT_EQ(record.value, record.key.id);
            EXPECT_EQ(record.version, 1u);
            found.push_back(record.key.id);
        }
        return found;
    };
    EXPECT_EQ(list("", "", 100), (Texts{"a/9", "b", "b/1", "b/10", "b/2", "c/1"}));
    EXPECT_EQ(list("b/", "", 100), (Texts{"b/1", "b/10", "b/2"}));
    EXPECT_EQ(list("b/", "b/1", 1), (Texts{"b/10"}));
    EXPECT_EQ(list("b/", "a", 2), (Texts{"b/1", "b/10"}));
    EXPECT_EQ(list("b/", "b/2", 9), Texts{});
    EXPECT_EQ(list("", "", 0), Texts{});
}

TEST_P(StoreConformance, StoresNothingOfACommitThatConflicts) {
    ASSERT_TRUE(put("one", "a"));
    ASSERT_TRUE(append("held", queue_a));
    const Lease held = lease_one(queue_a);
    Commit bad;
    bad.puts.push_back({{Kind::asset, "new"}, "value", std::nullopt});
    bad.puts.push_back({{Kind::asset, "one"}, "b", 7});
    bad.removes.push_back({Kind::asset, "one"});
    bad.events.push_back(event_for("event", {queue_a}));
    bad.confirms.push_back(held.handle);
    bad.attempts.push_back(share({.event = model::EventId("held"), .queue = queue_a}));
    EXPECT_EQ(code(commit(bad)), Code::conflict);
    EXPECT_EQ(code(get("new")), Code::not_found);
    EXPECT_EQ(get("one")->value, "a");
    EXPECT_EQ(count(queue_a), (QueueCounts{.waiting = 0, .leased = 1}));
    EXPECT_TRUE(attempts({}).empty());
    EXPECT_TRUE(confirm(held.handle));
}

TEST_P(StoreConformance, StoresNothingOfACommitWhoseLeaseIsLost) {
    ASSERT_TRUE(append("one", queue_a));
    ASSERT_TRUE(append("two", queue_a));
    const std::vector<Lease> held = lease(queue_a);
    Commit bad;
    bad.puts.push_back({{Kind::asset, "new"}, "value", 0});
    bad.events.push_back(event_for("event", {queue_b}));
    bad.confirms = {held[0].handle};
    bad.buries.push_back({held[1].handle, "reason"});
    bad.give_backs.push_back({Handle(123456), Duration(0)});
    EXPECT_EQ(code(commit(bad)), Code::lease_lost);
    EXPECT_EQ(code(get("new")), Code::not_found);
    EXPECT_EQ(count(queue_a), (QueueCounts{.waiting = 0, .leased = 2}));
    EXPECT_EQ(count(queue_b), QueueCounts{});
    EXPECT_TRUE(confirm(held[0].handle));
    EXPECT_TRUE(confirm(held[1].handle));
}

TEST_P(StoreConformance, LetsNoFailingCommitHarmItsNeighbours) {
    ASSERT_TRUE(append("held", queue_a));
    const Lease held = lease_one(queue_a);
    std::vector<LoopRunner::Pending<Result<void>>> pending;
    for (int i = 0; i < 30; ++i) {
        Commit one;
        one.events.push_back(event_for(fmt::format("event-{}", i), {queue_b}));
        if (i % 3 == 1) one.puts.push_back({{Kind::asset, "absent"}, "x", 5});
        if (i % 3 == 2) one.confirms.push_back(Handle(99));
        if (i == 15) one.confirms.push_back(held.handle);
        pending.push_back(runner_.start<Result<void>>(store_->commit(std::move(one))));
    }
    for (int i = 0; i < 30; ++i) {
        const Result<void> result = runner_.finish<Result<void>>(pending[std::size_t(i)]);
        EXPECT_EQ(result.has_value(), i % 3 == 0) << i;
    }
    EXPECT_EQ(count(queue_b).waiting, 10u);
    EXPECT_EQ(count(queue_a), QueueCounts{});
}

TEST_P(StoreConformance, LetsOneOfTwoConcurrentWritersWin) {
    ASSERT_TRUE(put("one", "a"));
    std::vector<LoopRunner::Pending<Result<void>>> pending;
    for (int i = 0; i < 8; ++i) {
        Commit one;
        one.puts.push_back({{Kind::asset, "one"}, fmt::format("writer {}", i), 1});
        pending.push_back(runner_.start<Result<void>>(store_->commit(std::move(one))));
    }
    int winners = 0;
    for (auto& each : pending)
        winners += runner_.finish<Result<void>>(each).has_value();
    EXPECT_EQ(winners, 1);
    EXPECT_EQ(get("one")->version, 2u);
}

TEST_P(StoreConformance, TakesAnEmptyCommitAndAnEventForNobody) {
    EXPECT_TRUE(commit({}));
    Commit nobody;
    nobody.events.push_back(event_for("event", {}));
    EXPECT_TRUE(commit(nobody));
}

TEST_P(StoreConformance, RefusesWhatIsTooLarge) {
    const std::string largest(1024 * 1024, 'x');
    EXPECT_TRUE(put(std::string(512, 'i'), largest));
    EXPECT_EQ(code(put("one", largest + "x")), Code::too_large);
    EXPECT_EQ(code(put(std::string(513, 'i'), "")), Code::too_large);
    Commit commit_one;
    commit_one.events.push_back(event_for("one", {queue_a}, {}, largest));
    EXPECT_TRUE(commit(commit_one));
    commit_one.events.push_back(event_for("two", {queue_a}, {}, largest + "x"));
    EXPECT_EQ(code(commit(commit_one)), Code::too_large);
    EXPECT_EQ(code(append(std::string(513, 'i'), queue_a)), Code::too_large);
    EXPECT_EQ(code(append("i", model::QueueId(std::string(513, 'q')))), Code::too_large);
    Commit many;
    many.removes.resize(100'001);
    EXPECT_EQ(code(commit(many)), Code::too_large);
    EXPECT_EQ(count(queue_a).waiting, 1u);
    EXPECT_EQ(lease_one(queue_a).body->size(), largest.size());
}

TEST_P(StoreConformance, RefusesAnEventForAFullQueue) {
    open(Limits{.queue_entries_max = 3});
    for (const char* id : {"1", "2"})
        ASSERT_TRUE(append(id, queue_a));
    Commit two;
    two.events.push_back(event_for("3", {queue_a, queue_b}));
    two.events.push_back(event_for("4", {queue_b, queue_a}));
    const Result<void> refused = commit(two);
    ASSERT_EQ(code(refused), Code::too_large);
    EXPECT_NE(refused.error().detail.find(queue_a.text()), std::string::npos);
    EXPECT_EQ(count(queue_b), QueueCounts{});
    ASSERT_TRUE(append("3", queue_a));
    EXPECT_EQ(code(append("4", queue_a)), Code::too_large);
    EXPECT_TRUE(append("4", queue_b));
    ASSERT_TRUE(confirm(lease_one(queue_a).handle));
    EXPECT_TRUE(append("4", queue_a));
}

TEST_P(StoreConformance, CutsNotesThatAreTooLong) {
    ASSERT_TRUE(append("one", queue_a));
    Commit logged;
    logged.attempts.push_back(share({.event = model::EventId("one"),
                                     .queue = queue_a,
                                     .url = std::string(5000, 'u'),
                                     .error = std::string(4095, 'e') + "\xc3\xa9"}));
    logged.buries.push_back({lease_one(queue_a).handle, std::string(9999, 'r')});
    ASSERT_TRUE(commit(logged));
    EXPECT_EQ(attempts({}).at(0).url.size(), 4096u);
    EXPECT_EQ(attempts({}).at(0).error, std::string(4095, 'e'));
    EXPECT_EQ(dead_letters(queue_a).at(0).reason.size(), 4096u);
}

}  // namespace hookreel::store
