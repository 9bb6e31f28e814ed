// The API definition (api.json, made into tables when the server is built): the actions, their
// error codes, and the objects that they take and give.
//
// Constant data. Lookups are by exact name. What a request may hold, which members of an answer may
// be null and which codes an action may answer with are asked here, and nowhere written again.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace hookreel::dialect::tencent_vod::schema {

// The version that the definition describes, and the only one that is spoken.
inline constexpr std::string_view version = "2018-07-17";

enum class Kind : std::uint8_t { text, integer, natural, real, boolean, object };

struct Object;

struct Member {
    std::string_view name;
    const Object* object;  // Set when the kind is object.
    Kind kind;
    bool list;
    bool required;
    bool nullable;  // The definition says that an answer may hold null here.
};

struct Object {
    std::string_view name;
    std::span<const Member> members;

    // Null when there is no such member.
    const Member* find(std::string_view member) const;
};

struct Action {
    std::string_view name;
    const Object* input;
    const Object* output;
    std::span<const std::string_view> errors;

    bool lists(std::string_view error_code) const;
};

std::span<const Action> actions();  // By name, ascending.
std::span<const Object> objects();  // By name, ascending.

// Null when there is none of that name.
const Action* find_action(std::string_view name);
const Object* find_object(std::string_view name);

}  // namespace hookreel::dialect::tencent_vod::schema
