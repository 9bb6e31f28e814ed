#include "app/queue_figures.h"

#include <gtest/gtest.h>

#include "model/application.h"
#include "model/queue.h"

namespace hookreel::app {
namespace {

TEST(QueueFigures, HaveTheSameSeriesHoweverManyQueuesThereAre) {
    const TimePoint now(Duration(1'700'000'000'000));
    store::QueueTotals totals;
    MetricsText none;
    write_metrics(none, totals, now);
    store::add(totals, model::QueueId("endpoint/a"),
               {.waiting = 3, .leased = 1, .dead = 2, .oldest = now - Duration(1'500)});
    store::add(totals, model::QueueId("endpoint/b"), {.waiting = 4, .oldest = now});
    MetricsText some;
    write_metrics(some, totals, now);
    const std::string empty = none.take(), full = some.take();
    EXPECT_EQ(std::ranges::count(empty, '\n'), std::ranges::count(full, '\n'));
    for (const char* line : {"hookreel_queue_entries{kind=\"endpoint\",state=\"waiting\"} 7\n",
                             "hookreel_queue_entries{kind=\"endpoint\",state=\"leased\"} 1\n",
                             "hookreel_queue_dead_letters{kind=\"endpoint\"} 2\n",
                             "hookreel_queue_oldest_age_seconds{kind=\"endpoint\"} 1.5\n",
                             "hookreel_queue_oldest_age_seconds{kind=\"reel\"} 0\n"})
        EXPECT_TRUE(full.contains(line)) << line << full;
}

TEST(QueueFigures, KnowEveryKindOfQueue) {
    const model::ApplicationId application = model::default_application;
    const TimePoint now(Duration(1'700'000'000'000));
    for (const model::QueueId& queue :
         {model::endpoint_queue(model::EndpointId("a")), model::reel_queue(application),
          model::consumer_queue(application, "a"), model::task_queue(), model::pull_queue(),
          model::external_queue()}) {
        store::QueueTotals totals;
        store::add(totals, queue, {.waiting = 3});
        MetricsText text;
        write_metrics(text, totals, now);
        EXPECT_TRUE(text.take().contains("state=\"waiting\"} 3\n")) << queue.text();
    }
}

}  // namespace
}  // namespace hookreel::app
