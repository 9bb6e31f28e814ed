#include "base/json.h"

#include <gtest/gtest.h>

namespace hookreel {
namespace {

enum class Colour { red, green };
constexpr std::array<std::string_view, 2> names(Colour*) {
    return {"red", "green"};
}

struct Dot {
    static constexpr std::string_view kind = "dot";
    int x = 0;
};
template <class V>
void fields(V& v, Of<Dot, V> d) {
    v("x", d.x);
}
struct Line {
    static constexpr std::string_view kind = "line";
    double length = 0;
};
template <class V>
void fields(V& v, Of<Line, V> l) {
    v("length", l.length);
}
struct Drawing {
    std::string title;
    Colour colour = Colour::red;
    std::optional<int> weight;
    std::vector<std::variant<Dot, Line>> shapes;
};
template <class V>
void fields(V& v, Of<Drawing, V> d) {
    v("title", d.title);
    v("colour", d.colour);
    v("weight", d.weight);
    v("shapes", d.shapes);
}

TEST(Json, WritesAndReadsStructsByTheirFields) {
    const Drawing drawing{"t", Colour::green, 3, {Dot{7}, Line{1.5}}};
    const std::string text = to_json_text(drawing);
    EXPECT_EQ(text, R"({"title":"t","colour":"green","weight":3,)"
                    R"("shapes":[{"kind":"dot","x":7},{"kind":"line","length":1.5E0}]})");
    const Result<Drawing> read = from_json_text<Drawing>(text);
    ASSERT_TRUE(read);
    EXPECT_EQ(to_json_text(*read), text);
}

TEST(Json, LeavesAbsentFieldsAtTheirDefault) {
    const Result<Drawing> read = from_json_text<Drawing>(R"({"title":"t","later":1})");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->colour, Colour::red);
    EXPECT_FALSE(read->weight);
}

TEST(Json, NamesTheFieldThatIsWrong) {
    EXPECT_EQ(from_json_text<Drawing>(R"({"title":1})").error().detail, "title is not a string");
    EXPECT_EQ(from_json_text<Drawing>(R"({"colour":"blue"})").error().code, Code::invalid);
    EXPECT_FALSE(from_json_text<Drawing>(R"({"shapes":[{"kind":"circle"}]})"));
    EXPECT_FALSE(from_json_text<Drawing>(R"({"weight":99999999999})"));
}

TEST(Json, RefusesHostileText) {
    EXPECT_FALSE(parse_json(std::string(10'000, '[')));
    EXPECT_FALSE(parse_json("{} x"));
    EXPECT_FALSE(parse_json("\"\xff\""));
    EXPECT_EQ(parse_json("[1,2,3]", {.depth_max = 4, .bytes_max = 3}).error().code,
              Code::too_large);
    EXPECT_EQ(parse_json("[[[1]]]", {.depth_max = 2}).error().code, Code::too_large);
    EXPECT_EQ(parse_json("[[[", {.depth_max = 3}).error().code, Code::invalid);
}

}  // namespace
}  // namespace hookreel
