#include "app/client/native/trial_event.h"

#include <gtest/gtest.h>

namespace hookreel::app::client {
namespace {

json::value parsed(std::string_view text) {
    return parse_json(text).value();
}

// The cases of RFC 7396, appendix A.
TEST(TrialEvent, MergesAsTheRfcSays) {
    struct Case {
        const char *target, *patch, *result;
    };
    for (const Case& one :
         {Case{R"({"a":"b"})", R"({"a":"c"})", R"({"a":"c"})"},
          {R"({"a":"b"})", R"({"b":"c"})", R"({"a":"b","b":"c"})"},
          {R"({"a":"b"})", R"({"a":null})", R"({})"},
          {R"({"a":"b","b":"c"})", R"({"a":null})", R"({"b":"c"})"},
          {R"({"a":["b"]})", R"({"a":"c"})", R"({"a":"c"})"},
          {R"({"a":"c"})", R"({"a":["b"]})", R"({"a":["b"]})"},
          {R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})", R"({"a":{"b":"d"}})"},
          {R"({"a":[{"b":"c"}]})", R"({"a":[1]})", R"({"a":[1]})"},
          {R"(["a","b"])", R"(["c","d"])", R"(["c","d"])"},
          {R"({"a":"b"})", R"(["c"])", R"(["c"])"},
          {R"({"a":"foo"})", "null", "null"},
          {R"({"a":"foo"})", R"("bar")", R"("bar")"},
          {R"({"e":null})", R"({"a":1})", R"({"e":null,"a":1})"},
          {"[1,2]", R"({"a":"b","c":null})", R"({"a":"b"})"},
          {"{}", R"({"a":{"bb":{"ccc":null}}})", R"({"a":{"bb":{}}})"}})
        EXPECT_EQ(merged(parsed(one.target), parsed(one.patch)), parsed(one.result)) << one.patch;
}

TEST(TrialEvent, IsTheSampleButForWhatIsWished) {
    const json::value sample = parsed(R"({"type":"media.uploaded","timestamp":"t","id":"i",
        "key":"7","data":{"asset":{"id":"7","name":"clip"}}})");
    EXPECT_EQ(trial_event({"media.uploaded", {}, {}}, sample),
              parsed(R"({"type":"media.uploaded","key":"7",
                         "data":{"asset":{"id":"7","name":"clip"}}})"));
    EXPECT_EQ(trial_event({"media.uploaded", "8", parsed(R"({"asset":{"name":"mine"}})")}, sample),
              parsed(R"({"type":"media.uploaded","key":"8",
                   "data":{"asset":{"id":"7","name":"mine"}}})"));
}

TEST(TrialEvent, OfAnUnknownTypeHasTheDataThatIsGiven) {
    EXPECT_EQ(trial_event({"order.paid", {}, parsed("[7]")}, nullptr),
              parsed(R"({"type":"order.paid","data":[7]})"));
    EXPECT_EQ(trial_event({"order.paid", {}, {}}, nullptr),
              parsed(R"({"type":"order.paid","data":{}})"));
}

}  // namespace
}  // namespace hookreel::app::client
