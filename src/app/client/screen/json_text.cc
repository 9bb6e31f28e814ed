#include "app/client/screen/json_text.h"

#include "dialect/tencent_vod/protocol/json_text.h"

namespace hookreel::app::client {
namespace {

void write_pretty(std::string& text, const json::value& value, const Terminal& terminal,
                  std::size_t depth);

template <class Container, class WriteElement>
void write_container(std::string& text, std::string_view brackets, const Container& elements,
                     std::size_t depth, WriteElement write_element) {
    text += brackets[0];
    bool first = true;
    for (const auto& element : elements) {
        text += first ? "\n" : ",\n";
        first = false;
        text.append(2 * (depth + 1), ' ');
        write_element(element);
    }
    if (!first) text.append("\n").append(2 * depth, ' ');
    text += brackets[1];
}

void write_pretty(std::string& text, const json::value& value, const Terminal& terminal,
                  std::size_t depth) {
    if (const json::object* object = value.if_object()) {
        write_container(text, "{}", *object, depth, [&](const auto& member) {
            text += terminal.paint(Paint::blue, json::serialize(json::value(member.key()))) + ": ";
            write_pretty(text, member.value(), terminal, depth + 1);
        });
    } else if (const json::array* array = value.if_array()) {
        write_container(text, "[]", *array, depth, [&](const json::value& element) {
            write_pretty(text, element, terminal, depth + 1);
        });
    } else {
        const Paint paint = value.is_string()   ? Paint::green
                            : value.is_number() ? Paint::cyan
                                                : Paint::dim;
        text += terminal.paint(paint, dialect::tencent_vod::write_json(value));
    }
}

}  // namespace

const json::value* find(const json::object& object, std::initializer_list<std::string_view> path) {
    const json::object* here = &object;
    const json::value* found = nullptr;
    for (const std::string_view name : path) {
        if (!here) return nullptr;
        found = here->if_contains(name);
        if (!found) return nullptr;
        here = found->if_object();
    }
    return found;
}

std::string_view find_text(const json::object& object,
                           std::initializer_list<std::string_view> path) {
    const json::value* found = find(object, path);
    return found && found->is_string() ? std::string_view(found->get_string()) : std::string_view();
}

double find_number(const json::object& object, std::initializer_list<std::string_view> path) {
    const json::value* found = find(object, path);
    return found && found->is_number() ? found->to_number<double>() : 0.0;
}

const json::object* find_object(const json::object& object,
                                std::initializer_list<std::string_view> path) {
    const json::value* found = find(object, path);
    return found ? found->if_object() : nullptr;
}

std::vector<const json::object*> find_objects(const json::object& object,
                                              std::initializer_list<std::string_view> path) {
    std::vector<const json::object*> found;
    const json::value* array = find(object, path);
    if (!array || !array->is_array()) return found;
    for (const json::value& element : array->get_array())
        if (element.is_object()) found.push_back(&element.get_object());
    return found;
}

std::string compact(const json::value& value) {
    return dialect::tencent_vod::write_json(value);
}

std::string pretty(const json::value& value, const Terminal& terminal) {
    std::string text;
    write_pretty(text, value, terminal, 0);
    return text;
}

}  // namespace hookreel::app::client
