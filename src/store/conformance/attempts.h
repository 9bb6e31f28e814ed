// Conformance: the attempt log and its searches.
#pragma once

#include "store/conformance/fixture.h"

namespace hookreel::store {

TEST_P(StoreConformance, LogsAttempts) {
    const Attempt full{.event = model::EventId("one"),
                       .queue = queue_a,
                       .application = model::ApplicationId(7),
                       .type = "media.uploaded",
                       .number = 2,
                       .at = start_time,
                       .took = Duration(17),
                       .url = "http://127.0.0.1:1/hook",
                       .status = 503,
                       .outcome = "retry",
                       .error = "answered 503",
                       .request_head = "POST /hook HTTP/1.1",
                       .response_head = "HTTP/1.1 503 Busy",
                       .response_body = std::string("\0later", 6)};
    Commit logged;
    logged.attempts = {share(full)};
    ASSERT_TRUE(commit(logged));
    const std::vector<Attempt> found = attempts({});
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].event, full.event);
    EXPECT_EQ(found[0].queue, full.queue);
    EXPECT_EQ(found[0].type, full.type);
    EXPECT_EQ(found[0].number, full.number);
    EXPECT_EQ(found[0].at, full.at);
    EXPECT_EQ(found[0].took, full.took);
    EXPECT_EQ(found[0].url, full.url);
    EXPECT_EQ(found[0].status, full.status);
    EXPECT_EQ(found[0].outcome, full.outcome);
    EXPECT_EQ(found[0].error, full.error);
    EXPECT_EQ(found[0].application, full.application);
    EXPECT_EQ(found[0].request_head, full.request_head);
    EXPECT_EQ(found[0].response_head, full.response_head);
    EXPECT_EQ(found[0].response_body, full.response_body);
}

TEST_P(StoreConformance, FindsAttemptsByQueueAndEventNewestFirst) {
    const auto log = [&](const char* event, model::QueueId queue, int number) {
        return Attempt{.event = model::EventId(event),
                       .queue = std::move(queue),
                       .number = number,
                       .at = clock_.now()};
    };
    Commit first;
    first.attempts = {share(log("one", queue_a, 1)), share(log("one", queue_b, 2))};
    Commit second;
    second.attempts = {share(log("two", queue_a, 3)), share(log("one", queue_a, 4))};
    ASSERT_TRUE(commit(first));
    ASSERT_TRUE(commit(second));
    const auto numbers = [&](AttemptQuery filter) {
        std::vector<int> found;
        for (const Attempt& attempt : attempts(filter))
            found.push_back(attempt.number);
        return found;
    };
    using Numbers = std::vector<int>;
    EXPECT_EQ(numbers({}), (Numbers{4, 3, 2, 1}));
    EXPECT_EQ(numbers({.count_max = 3}), (Numbers{4, 3, 2}));
    EXPECT_EQ(numbers({.queue = queue_a}), (Numbers{4, 3, 1}));
    EXPECT_EQ(numbers({.event = model::EventId("one")}), (Numbers{4, 2, 1}));
    EXPECT_EQ(numbers({.queue = queue_a, .event = model::EventId("one")}), (Numbers{4, 1}));
    EXPECT_EQ(numbers({.queue = queue_c}), Numbers{});
    EXPECT_EQ(numbers({.event = model::EventId("on")}), Numbers{});
}

TEST_P(StoreConformance, FindsAttemptsByEachPartOfAQueryInPages) {
    for (int i = 1; i <= 9; ++i) {
        Commit logged;
        logged.attempts = {share({.event = model::EventId(fmt::format("event-{}", i)),
                                  .queue = queue_a,
                                  .application = model::ApplicationId(i % 2 == 0 ? 7 : 8),
                                  .type = i % 3 == 0 ? "stream.started" : "media.uploaded",
                                  .number = i,
                                  .at = clock_.now(),
                                  .status = i < 5 ? 200 : 503,
                                  .outcome = i < 5 ? "delivered" : "retry"})};
        ASSERT_TRUE(commit(logged));
        clock_.advance(Duration(10));
    }
    const auto numbers = [&](AttemptQuery query) {
        std::vector<int> found;
        for (const Attempt& attempt : all<Attempt>(&Store::attempts, std::move(query)))
            found.push_back(attempt.number);
        return found;
    };
    using Numbers = std::vector<int>;
    EXPECT_EQ(numbers({.count_max = 2}), (Numbers{9, 8, 7, 6, 5, 4, 3, 2, 1}));
    EXPECT_EQ(numbers({.application = model::ApplicationId(7), .count_max = 1}),
              (Numbers{8, 6, 4, 2}));
    EXPECT_EQ(numbers({.type = "stream.*"}), (Numbers{9, 6, 3}));
    EXPECT_EQ(numbers({.outcome = "delivered"}), (Numbers{4, 3, 2, 1}));
    EXPECT_EQ(numbers({.type = "media.uploaded", .status = 503}), (Numbers{8, 7, 5}));
    EXPECT_EQ(numbers({.span = {start_time + Duration(20), start_time + Duration(50)}}),
              (Numbers{5, 4, 3}));
    EXPECT_EQ(code(runner_.run<Result<Page<Attempt>>>(store_->attempts({.cursor = "x"}))),
              Code::invalid);
}

TEST_P(StoreConformance, CutsLongTextsOfAnAttempt) {
    Commit logged;
    logged.attempts = {share({.event = model::EventId("1"),
                              .queue = queue_a,
                              .url = std::string(5000, 'u'),
                              .error = std::string(5000, 'e'),
                              .request_head = std::string(9000, 'q'),
                              .response_head = std::string(9000, 'h'),
                              .response_body = std::string(8191, 'b') + "\u00e9"})};
    ASSERT_TRUE(commit(logged));
    const Attempt cut = attempts({}).at(0);
    EXPECT_EQ(cut.url.size(), 4096u);
    EXPECT_EQ(cut.error.size(), 4096u);
    EXPECT_EQ(cut.request_head.size(), 8192u);
    EXPECT_EQ(cut.response_head.size(), 8192u);
    EXPECT_EQ(cut.response_body, std::string(8191, 'b'));
}

}  // namespace hookreel::store
