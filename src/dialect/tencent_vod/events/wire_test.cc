// Every fixture against the definition: so whoever renders another kind of event or answers another
// action finds the names and types proved.
#include <gtest/gtest.h>

#include <set>

#include "dialect/tencent_vod/events/event_types.h"
#include "dialect/tencent_vod/events/fixtures_test.h"
#include "dialect/tencent_vod/protocol/parameters.h"

namespace hookreel::dialect::tencent_vod {
namespace {

std::string action_of(const std::string& file) {
    return file.substr(0, file.find('.'));
}

const schema::Object& event_content() {
    return *schema::find_object("EventContent");
}

// The kind's own member must be there and no other.
std::string event_misfit(const json::object& event) {
    const EventType* type = find_event_type(std::string_view(event.at("EventType").as_string()));
    if (!type) return "EventType";
    for (const auto& pair : event) {
        const bool is_kind = event_content().find(pair.key()) &&
                             event_content().find(pair.key())->kind == schema::Kind::object;
        if (is_kind && !pair.value().is_null() && pair.key() != type->member) return pair.key();
    }
    if (!event.contains(type->member)) return std::string(type->member) + " (missing)";
    return misfit(event, event_content());
}

TEST(Wire, EveryKindOfEventHasItsOwnMemberOfTheDefinition) {
    std::set<std::string_view> names, members;
    for (const EventType& type : event_types) {
        const schema::Member* member = event_content().find(type.member);
        ASSERT_NE(member, nullptr) << type.member;
        EXPECT_EQ(member->kind, schema::Kind::object);
        names.insert(type.name);
        members.insert(type.member);
    }
    EXPECT_EQ(names.size(), event_types.size());
    EXPECT_EQ(members.size(), event_types.size());
    // All kinds of the definition but one, which no event type names.
    for (const schema::Member& member : event_content().members)
        if (member.kind == schema::Kind::object && !members.contains(member.name))
            EXPECT_EQ(member.name, "ReduceMediaBitrateCompleteEvent");
}

TEST(Wire, EveryEventFixtureIsOfTheDefinition) {
    std::set<std::string> kinds;
    for (const std::string& file : fixture_names("event.", ".json")) {
        json::object event = fixture(file).as_object();
        event.erase("Sign");
        event.erase("T");
        EXPECT_EQ(event_misfit(event), "") << file;
        kinds.insert(std::string(event.at("EventType").as_string()));
    }
    EXPECT_EQ(kinds.size(), event_types.size());
}

TEST(Wire, EveryAnswerFixtureIsOfTheDefinition) {
    const auto files = fixture_names("", ".response.json");
    EXPECT_GT(files.size(), 25u);
    for (const std::string& file : files) {
        const schema::Action* action = schema::find_action(action_of(file));
        ASSERT_NE(action, nullptr) << file;
        EXPECT_EQ(misfit(fixture(file).at("Response"), *action->output), "") << file;
    }
    for (const char* file :
         {"PullEvents.response.json", "PullEvents.six-nulls-omitted.response.json"})
        for (const json::value& event : fixture(file).at("Response").at("EventSet").as_array())
            EXPECT_EQ(event_misfit(event.as_object()), "") << file;
}

TEST(Wire, EveryRequestFixtureIsTaken) {
    const auto files = fixture_names("", ".request.json");
    EXPECT_GT(files.size(), 25u);
    for (const std::string& file : files) {
        const schema::Action* action = schema::find_action(action_of(file));
        ASSERT_NE(action, nullptr) << file;
        const auto taken = check_object(*action->input, fixture(file), Unknown::refused);
        EXPECT_TRUE(taken) << file << ": " << (taken ? "" : taken.error().message);
        if (taken) EXPECT_EQ(difference(*taken, fixture(file)), "") << file;
    }
}

TEST(Wire, EveryErrorFixtureHasACodeOfItsActionOrACommonOne) {
    const std::set<std::string_view> common = {"MissingParameter"};
    for (const std::string& file : fixture_names("", ".error.json")) {
        const schema::Action* action = schema::find_action(action_of(file));
        if (!action) continue;  // common.*
        const std::string code(fixture(file).at("Response").at("Error").at("Code").as_string());
        EXPECT_TRUE(action->lists(code) || common.contains(code)) << file << ": " << code;
    }
}

}  // namespace
}  // namespace hookreel::dialect::tencent_vod
