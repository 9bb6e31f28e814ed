#include "api/frame/schema.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "base/text.h"

namespace hookreel::api {
namespace {

constexpr std::string_view component_prefix = "#/components/schemas/";

bool is_among(const auto& all, const auto& one) {
    return std::ranges::find(all, one) != std::ranges::end(all);
}

struct TypeName {
    std::string_view name;
    Schema::Type type;
    std::string_view phrase;
};
constexpr std::array<TypeName, 7> type_names = {{
    {"null", Schema::null, "null"},
    {"boolean", Schema::boolean, "true or false"},
    {"integer", Schema::integer, "a whole number"},
    {"number", Schema::number, "a number"},
    {"string", Schema::text, "a string"},
    {"array", Schema::array, "an array"},
    {"object", Schema::object, "an object"},
}};

unsigned types_of(const json::value& value) {
    if (value.is_array()) {
        unsigned types = 0;
        for (const json::value& one : value.get_array())
            types |= types_of(one);
        return types;
    }
    const auto found =
        std::ranges::find(type_names, std::string_view(value.as_string()), &TypeName::name);
    if (found == type_names.end()) throw std::logic_error("schema: unknown type");
    return found->type;
}

bool is_whole(const json::value& value) {
    if (value.is_int64() || value.is_uint64()) return true;
    return value.is_double() && std::trunc(value.get_double()) == value.get_double() &&
           std::abs(value.get_double()) < 9e15;
}

bool has_type(unsigned types, const json::value& value) {
    switch (value.kind()) {
        case json::kind::null:
            return types & Schema::null;
        case json::kind::bool_:
            return types & Schema::boolean;
        case json::kind::string:
            return types & Schema::text;
        case json::kind::array:
            return types & Schema::array;
        case json::kind::object:
            return types & Schema::object;
        default:
            return (types & Schema::number) || ((types & Schema::integer) && is_whole(value));
    }
}

std::string phrase(unsigned types) {
    std::string all;
    for (const TypeName& type : type_names) {
        if (!(types & type.type)) continue;
        if (!all.empty()) all += " or ";
        all += type.phrase;
    }
    return all;
}

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

bool is_annotation(std::string_view keyword) {
    // A pattern is for readers: the form beside it is what is checked.
    constexpr std::array<std::string_view, 9> names = {"description", "example",  "examples",
                                                       "default",     "title",    "pattern",
                                                       "readOnly",    "required", "deprecated"};
    return keyword.starts_with("x-") || is_among(names, keyword);
}

std::string joined(const std::string& field, std::string_view member) {
    const std::string name = shown_name(member);
    return field.empty() ? name : fmt::format("{}.{}", field, name);
}

class Checker {
 public:
    explicit Checker(std::vector<FieldError>& errors) : errors_(errors) {}

    void check(const Schema& schema, const json::value& value, const std::string& field) {
        if (errors_.size() >= errors_max) return;
        if (!schema.choices.empty()) return check_choice(schema, value, field);
        if (!has_type(schema.types, value)) return add(field, "must be " + phrase(schema.types));
        if (!schema.values.empty() && !is_among(schema.values, value))
            return add(field, "must be one of " + json::serialize(json::array(
                                                      schema.values.begin(), schema.values.end())));
        if (value.is_number()) check_number(schema, value.to_number<double>(), field);
        if (value.is_string()) check_text(schema, value.get_string(), field);
        if (value.is_array()) check_array(schema, value.get_array(), field);
        if (value.is_object()) check_object(schema, value.get_object(), field);
    }

 private:
    void check_choice(const Schema& schema, const json::value& value, const std::string& field) {
        unsigned types = 0;
        for (const Schema* choice : schema.choices) {
            if (has_type(choice->types, value)) return check(*choice, value, field);
            types |= choice->types;
        }
        add(field, "must be " + phrase(types));
    }

    void check_number(const Schema& schema, double value, const std::string& field) {
        if (schema.minimum && value < *schema.minimum)
            add(field, fmt::format("must be at least {}", *schema.minimum), *schema.minimum);
        if (schema.above && value <= *schema.above)
            add(field, fmt::format("must be more than {}", *schema.above), *schema.above);
        if (schema.maximum && value > *schema.maximum)
            add(field, fmt::format("must be at most {}", *schema.maximum), *schema.maximum);
    }

    void check_size(const Schema& schema, std::size_t size, std::string_view unit,
                    const std::string& field) {
        if (size < schema.size_min)
            add(field, fmt::format("must have at least {} {}", schema.size_min, unit),
                schema.size_min);
        if (schema.size_max && size > *schema.size_max)
            add(field, fmt::format("has {} {}; at most {} are taken", size, unit, *schema.size_max),
                *schema.size_max);
    }

    void check_text(const Schema& schema, std::string_view value, const std::string& field) {
        const std::size_t before = errors_.size();
        if (schema.size_min > 0 || schema.size_max)
            check_size(schema, characters(value), "characters", field);
        // What has a wrong length has the wrong form for that alone.
        if (errors_.size() > before) return;
        if (schema.form && !schema.form->fits(value))
            add(field, fmt::format("must be {}{}", schema.form->wanted,
                                   schema.form->why ? "; " + schema.form->why(value) : ""));
    }

    void check_array(const Schema& schema, const json::array& value, const std::string& field) {
        check_size(schema, value.size(), "elements", field);
        if (!schema.items || (schema.size_max && value.size() > *schema.size_max)) return;
        for (std::size_t i = 0; i < value.size() && errors_.size() < errors_max; ++i)
            check(*schema.items, value[i], fmt::format("{}[{}]", field, i));
    }

    void check_object(const Schema& schema, const json::object& value, const std::string& field) {
        check_size(schema, value.size(), "members", field);
        for (const Schema::Member& member : schema.members)
            if (member.required && !value.contains(member.name))
                add(joined(field, member.name), "is required");
        for (const auto& [name, inner] : value) {
            if (schema.names) check_name(*schema.names, name, field);
            const auto known =
                std::ranges::find(schema.members, std::string_view(name), &Schema::Member::name);
            if (known != schema.members.end())
                check(*known->schema, inner, joined(field, name));
            else if (schema.others)
                check(*schema.others, inner, joined(field, name));
            else if (schema.closed)
                add(joined(field, name), "is not known here; known are " + known_names(schema));
        }
    }

    void check_name(const Schema& schema, std::string_view name, const std::string& field) {
        if (schema.form && !schema.form->fits(name))
            add(field, fmt::format("has a member \"{}\", which must be {}", shown_name(name),
                                   schema.form->wanted));
    }

    static std::string known_names(const Schema& schema) {
        std::string names;
        for (const Schema::Member& member : schema.members)
            names += (names.empty() ? "" : ", ") + member.name;
        return names.empty() ? "none" : names;
    }

    void add(const std::string& field, std::string detail) {
        add(field, std::move(detail), json::value(nullptr));
    }
    template <class Limit>
    void add(const std::string& field, std::string detail, Limit limit) {
        if (errors_.size() >= errors_max) return;
        json::value told(limit);
        if (told.is_double() && is_whole(told)) told = static_cast<std::int64_t>(told.get_double());
        errors_.push_back({field.empty() ? "body" : field, std::move(detail), std::move(told)});
    }

    std::vector<FieldError>& errors_;
};

}  // namespace

void check(const Schema& schema, const json::value& value, const std::string& field,
           std::vector<FieldError>& errors) {
    Checker(errors).check(schema, value, field);
}

json::value from_text(const Schema& schema, std::string_view text) {
    if (schema.types & Schema::text) return json::string(text);
    if (schema.types & Schema::boolean && (text == "true" || text == "false"))
        return text == "true";
    if (schema.types & (Schema::integer | Schema::number)) {
        if (const Result<std::int64_t> whole = parse_signed(text)) return *whole;
        if (const Result<double> real = parse_real(text); real && (schema.types & Schema::number))
            return *real;
    }
    return json::string(text);
}

const Schema& Schemas::make(const json::value& definition) {
    const json::object& all = definition.as_object();
    if (const json::value* reference = all.if_contains("$ref")) {
        std::string_view name = reference->as_string();
        if (!name.starts_with(component_prefix)) throw std::logic_error("schema: foreign $ref");
        name.remove_prefix(component_prefix.size());
        if (const auto made = by_name_.find(name); made != by_name_.end()) return *made->second;
        const json::value* component = components_.if_contains(name);
        if (!component) throw std::logic_error("schema: no component " + std::string(name));
        const Schema& made = make(*component);
        by_name_.emplace(name, &made);
        return made;
    }
    Schema& schema = *kept_.emplace_back(std::make_unique<Schema>());
    for (const auto& [keyword, value] : all)
        read(schema, keyword, value, all);
    return schema;
}

void Schemas::read(Schema& schema, std::string_view keyword, const json::value& value,
                   const json::object& all) {
    const auto size = [&value] { return value.to_number<std::size_t>(); };
    if (keyword == "type") {
        schema.types = types_of(value);
    } else if (keyword == "enum") {
        schema.values.assign(value.as_array().begin(), value.as_array().end());
    } else if (keyword == "const") {
        schema.values = {value};
    } else if (keyword == "minimum") {
        schema.minimum = value.to_number<double>();
    } else if (keyword == "maximum") {
        schema.maximum = value.to_number<double>();
    } else if (keyword == "exclusiveMinimum") {
        schema.above = value.to_number<double>();
    } else if (keyword == "minLength" || keyword == "minItems" || keyword == "minProperties") {
        schema.size_min = size();
    } else if (keyword == "maxLength" || keyword == "maxItems" || keyword == "maxProperties") {
        schema.size_max = size();
    } else if (keyword == "format") {
        schema.form = find_form(std::string_view(value.as_string()));
        if (!schema.form) throw std::logic_error("schema: unknown format");
    } else if (keyword == "properties") {
        read_members(schema, value.as_object(), all);
    } else if (keyword == "additionalProperties") {
        if (value.is_bool())
            schema.closed = !value.get_bool();
        else
            schema.others = &make(value);
    } else if (keyword == "propertyNames") {
        schema.names = &make(value);
    } else if (keyword == "items") {
        schema.items = &make(value);
    } else if (keyword == "oneOf") {
        for (const json::value& choice : value.as_array())
            schema.choices.push_back(&make(choice));
    } else if (!is_annotation(keyword)) {
        throw std::logic_error("schema: unknown keyword " + std::string(keyword));
    }
}

void Schemas::read_members(Schema& schema, const json::object& members, const json::object& all) {
    const json::value* required = all.if_contains("required");
    for (const auto& [name, definition] : members) {
        const bool needed = required && is_among(required->as_array(), json::value(name));
        schema.members.push_back({std::string(name), &make(definition), needed});
    }
}

}  // namespace hookreel::api
