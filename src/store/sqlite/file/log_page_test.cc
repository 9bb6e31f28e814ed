#include "store/sqlite/file/log_page.h"

#include <gtest/gtest.h>

#include <random>

#include "store/sqlite/file/bytes.h"

namespace hookreel::store {
namespace {

Attempt attempt_of(int number) {
    return {.event = model::EventId(fmt::format("event-{}", number)),
            .queue = model::QueueId(fmt::format("endpoint/{}", number % 3)),
            .application = model::ApplicationId(1500000001),
            .type = "media.uploaded",
            .number = number,
            .at = TimePoint(Duration(5 + number)),
            .took = Duration(6),
            .url = "http://127.0.0.1/",
            .status = number % 2 == 0 ? 200 : 503,
            .outcome = number % 2 == 0 ? "delivered" : "retry",
            .error = number % 2 == 0 ? "" : "answered 503",
            .request_head = fmt::format("POST / HTTP/1.1\r\nid: {}\r\nhost: a\r\n", number),
            .response_head = "HTTP/1.1",
            .response_body = std::string(std::size_t(number % 5) * 1000, 'b')};
}

LogPage page_of(int count) {
    LogPage page;
    for (int i = 0; i < count; ++i)
        page.append(share(attempt_of(i)));
    return page;
}

TEST(LogPage, ReadsWhatWasAppended) {
    const LogPage page = page_of(20);
    EXPECT_EQ(page.count(), 20);
    EXPECT_EQ(page.earliest(), TimePoint(Duration(5)));
    EXPECT_EQ(page.latest(), TimePoint(Duration(24)));
    const auto attempts = read_attempts(page.bytes(), LogForm::differences);
    ASSERT_TRUE(attempts);
    ASSERT_EQ(attempts->size(), 20u);
    for (int i = 0; i < 20; ++i) {
        const Attempt& read = attempts->at(std::size_t(i));
        const Attempt written = attempt_of(i);
        EXPECT_EQ(read.event, written.event);
        EXPECT_EQ(read.queue, written.queue);
        EXPECT_EQ(read.application, written.application);
        EXPECT_EQ(read.at, written.at);
        EXPECT_EQ(read.took, written.took);
        EXPECT_EQ(read.status, written.status);
        EXPECT_EQ(read.outcome, written.outcome);
        EXPECT_EQ(read.error, written.error);
        EXPECT_EQ(read.url, written.url);
        EXPECT_EQ(read.request_head, written.request_head);
        EXPECT_EQ(read.response_body, written.response_body);
    }
}

// Texts that differ at any place, and in length, so that every way to compare them is taken.
TEST(LogPage, FindsADifferenceAnywhere) {
    std::vector<std::string> texts;
    for (const std::size_t size : {0, 1, 7, 8, 9, 31, 32, 33, 47, 80})
        for (std::size_t at = 0; at <= size; at += size < 40 ? 1 : 5) {
            texts.emplace_back(size, 'a');
            if (at < size) texts.back()[at] = 'b';
        }
    LogPage page;
    for (const std::string& text : texts)
        page.append(share({.error = text}));
    const auto attempts = read_attempts(page.bytes(), LogForm::differences);
    ASSERT_TRUE(attempts);
    ASSERT_EQ(attempts->size(), texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i)
        EXPECT_EQ(attempts->at(i).error, texts[i]);
}

TEST(LogPage, WritesEqualTextsOnce) {
    LogPage page;
    Attempt attempt = attempt_of(1);
    attempt.request_head = std::string(5000, 'h');
    for (int i = 0; i < 10; ++i)
        page.append(share(attempt));
    EXPECT_LT(page.bytes().size(), 8000u);
    EXPECT_EQ(read_attempts(page.bytes(), LogForm::differences)->back().request_head,
              attempt.request_head);
}

TEST(LogPage, SurvivesAnyBytes) {
    std::mt19937 random(1);
    const std::string bytes = page_of(3).bytes();
    for (std::size_t size = 1; size < bytes.size(); ++size)
        static_cast<void>(
            read_attempts(std::string_view(bytes).substr(0, size), LogForm::differences));
    for (int round = 0; round < 2000; ++round) {
        std::string damaged = bytes.substr(0, 400);
        for (int i = 0; i < 5; ++i)
            damaged[random() % damaged.size()] = static_cast<char>(random());
        static_cast<void>(read_attempts(damaged, LogForm::full));
        static_cast<void>(read_attempts(damaged, LogForm::differences));
    }
}

TEST(LogPage, ReadsPagesOfTheFirstForm) {
    std::string piece;
    put(piece, std::int64_t(5));
    put(piece, std::int64_t(6));
    put(piece, std::int32_t(2));
    put(piece, std::int32_t(200));
    for (const char* text : {"e", "q", "t", "o", "u", "x"})
        put(piece, static_cast<std::uint16_t>(std::string_view(text).size()));
    piece += "eqtoux";
    std::string page;
    put(page, static_cast<std::uint32_t>(piece.size()));
    page += piece;
    const auto attempts = read_attempts(page, LogForm::full);
    ASSERT_TRUE(attempts);
    EXPECT_EQ(attempts->at(0).event.text(), "e");
    EXPECT_EQ(attempts->at(0).number, 2);
    EXPECT_EQ(attempts->at(0).error, "x");
}

TEST(LogPage, MarksWhatItHolds) {
    const std::string marks = page_of(64).marks();
    int wrong = 0;
    for (int i = 0; i < 1000; ++i) {
        const bool may =
            MarkTest({.event = model::EventId(fmt::format("event-{}", i))}).may_hold(marks);
        if (i < 64) EXPECT_TRUE(may);
        wrong += i >= 64 && may;
    }
    EXPECT_LT(wrong, 50);
    EXPECT_TRUE(MarkTest({.queue = model::QueueId("endpoint/1"),
                          .event = model::EventId("event-5"),
                          .type = "media.*",
                          .outcome = "retry",
                          .status = 503})
                    .may_hold(marks));
    EXPECT_FALSE(MarkTest({.outcome = "dead"}).may_hold(page_of(1).marks()));
    EXPECT_TRUE(MarkTest({.outcome = "dead"}).may_hold(""));
}

}  // namespace
}  // namespace hookreel::store
