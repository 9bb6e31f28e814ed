#include "api/frame/raw_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "api/frame/problem.h"

namespace hookreel::api {
namespace {

bool is_blank(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

class Scanner {
 public:
    explicit Scanner(std::string_view text) : text_(text) {}

    // The next character that is no blank; '\0' at the end.
    char peek() {
        while (at_ < text_.size() && is_blank(text_[at_]))
            ++at_;
        return at_ < text_.size() ? text_[at_] : '\0';
    }
    void skip() { ++at_; }

    // The value that begins here.
    std::string_view value() {
        peek();
        const std::size_t begin = at_;
        int depth = 0;
        do {
            const char c = peek();
            if (c == '\0') break;
            if (c == '"')
                skip_text();
            else if (c == '{' || c == '[')
                ++depth, ++at_;
            else if (c == '}' || c == ']')
                --depth, ++at_;
            else if (c == ',' || c == ':')
                ++at_;
            else
                skip_word();
        } while (depth > 0);
        at_ = std::min(at_, text_.size());  // A text may end anywhere.
        return text_.substr(std::min(begin, at_), at_ - begin);
    }

 private:
    void skip_text() {
        for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_)
            if (text_[at_] == '\\') ++at_;
        ++at_;
    }
    // A number, true, false or null.
    void skip_word() {
        constexpr std::string_view ends = ",:]}\" \n\r\t";
        while (at_ < text_.size() && !ends.contains(text_[at_]))
            ++at_;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace

std::vector<std::string_view> raw_elements(std::string_view array) {
    std::vector<std::string_view> elements;
    Scanner scanner(array);
    if (scanner.peek() != '[') return elements;
    do {
        scanner.skip();
        if (scanner.peek() == ']') break;
        elements.push_back(scanner.value());
    } while (scanner.peek() == ',');
    return elements;
}

std::optional<std::string_view> raw_member(std::string_view object, std::string_view name) {
    std::optional<std::string_view> found;
    Scanner scanner(object);
    if (scanner.peek() != '{') return found;
    do {
        scanner.skip();
        if (scanner.peek() == '}') break;
        const std::string_view quoted = scanner.value();
        scanner.peek();
        scanner.skip();  // The colon.
        const std::string_view value = scanner.value();
        if (quoted.size() == name.size() + 2 && quoted.substr(1, name.size()) == name)
            found = value;
    } while (scanner.peek() == ',');
    return found;
}

namespace {

std::size_t count_members(const json::value& value) {
    std::size_t count = 0;
    if (const json::object* object = value.if_object()) {
        count += object->size();
        for (const auto& [name, inner] : *object)
            count += count_members(inner);
    } else if (const json::array* array = value.if_array()) {
        for (const json::value& inner : *array)
            count += count_members(inner);
    }
    return count;
}

// Of the text: each member has one colon outside of strings.
std::size_t count_written_members(std::string_view text) {
    std::size_t count = 0;
    for (std::size_t at = 0; (at = text.find_first_of(":\"", at)) != std::string_view::npos; ++at) {
        if (text[at] == ':') {
            ++count;
            continue;
        }
        for (++at; at < text.size() && text[at] != '"'; ++at)
            if (text[at] == '\\') ++at;
    }
    return count;
}

std::optional<std::string> find_repeated(std::string_view text, const std::string& place) {
    Scanner scanner(text);
    const char kind = scanner.peek();
    if (kind != '{' && kind != '[') return std::nullopt;
    std::set<std::string> names;
    for (std::size_t index = 0;; ++index) {
        scanner.skip();
        if (const char end = scanner.peek(); end == '}' || end == ']') return std::nullopt;
        std::string inside = fmt::format("{}[{}]", place, index);
        if (kind == '{') {
            const std::string name(json::parse(scanner.value()).as_string());
            inside = place.empty() ? shown_name(name) : place + "." + shown_name(name);
            if (!names.insert(name).second) return inside;
            scanner.peek();
            scanner.skip();  // The colon.
        }
        if (auto found = find_repeated(scanner.value(), inside)) return found;
        if (scanner.peek() != ',') return std::nullopt;
    }
}

}  // namespace

std::optional<std::string> repeated_member(std::string_view text, const json::value& parsed) {
    if (count_written_members(text) == count_members(parsed)) return std::nullopt;
    return find_repeated(text, "");
}

}  // namespace hookreel::api
