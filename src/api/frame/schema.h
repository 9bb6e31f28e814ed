// What a JSON value from outside must be: the part of JSON Schema that the API's definition uses.
//
// Made from the schemas of the definition at start; a keyword that is not understood is a
// programmer's error (std::logic_error), so nothing in the definition is silently not held. Members
// that a closed object does not name are refused with their name. Threads: any, once made.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/frame/forms.h"
#include "api/frame/problem.h"
#include "base/json.h"

namespace hookreel::api {

struct Schema {
    enum Type : unsigned {
        null = 1,
        boolean = 2,
        integer = 4,
        number = 8,
        text = 16,
        array = 32,
        object = 64,
        anything = 127
    };
    struct Member {
        std::string name;
        const Schema* schema;
        bool required;
    };

    unsigned types = anything;
    std::vector<json::value> values;  // Empty, or one of these.
    std::optional<double> minimum, maximum;
    std::optional<double> above;  // Exclusive minimum.
    std::size_t size_min = 0;     // Characters, elements or members.
    std::optional<std::size_t> size_max;
    const Form* form = nullptr;
    std::vector<Member> members;
    bool closed = false;                 // No other members.
    const Schema* others = nullptr;      // Of each other member.
    const Schema* names = nullptr;       // Of the name of each member.
    const Schema* items = nullptr;       // Of each element.
    std::vector<const Schema*> choices;  // The one whose type the value has.
};

inline constexpr std::size_t errors_max = 20;

// Appends what is wrong with the value, up to `errors_max` in all. `field` names the value itself.
void check(const Schema& schema, const json::value& value, const std::string& field,
           std::vector<FieldError>& errors);

// A text as the schema's type, for parameters: "25" where an integer is wanted. Text that is no
// such value stays text, which `check` then refuses.
json::value from_text(const Schema& schema, std::string_view text);

// Makes schemas and keeps them.
class Schemas {
 public:
    // `components` is what "#/components/schemas/…" refers to; it outlives this.
    explicit Schemas(const json::object& components) : components_(components) {}

    const Schema& make(const json::value& definition);

 private:
    void read(Schema& schema, std::string_view keyword, const json::value& value,
              const json::object& all);
    void read_members(Schema& schema, const json::object& members, const json::object& all);

    const json::object& components_;
    std::vector<std::unique_ptr<Schema>> kept_;
    std::map<std::string, const Schema*, std::less<>> by_name_;
};

}  // namespace hookreel::api
