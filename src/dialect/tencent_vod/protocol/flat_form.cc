#include "dialect/tencent_vod/protocol/flat_form.h"

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "base/text.h"

namespace hookreel::dialect::tencent_vod {
namespace {

// A key segment with what is below it, or the text of a whole key.
struct Node {
    std::map<std::string, Node, std::less<>> children;
    std::optional<std::string> text;
};

std::unexpected<WireError> refuse_key(std::string_view key, std::string_view rule) {
    return refuse("InvalidParameter",
                  fmt::format("The parameter `{}` {}.", key.substr(0, 200), rule));
}

// Whether the pair is one of the signature's and the protocol's, not of the action's.
bool is_common(std::string_view key) {
    constexpr std::array<std::string_view, 10> common = {
        "Action", "Version",         "Timestamp", "Nonce",  "SecretId",
        "Token",  "SignatureMethod", "Signature", "Region", "Language"};
    return key == "RequestClient" || std::ranges::find(common, key) != common.end();
}

Answer<void> insert(Node& root, const Form::value_type& pair) {
    Node* node = &root;
    std::string_view rest = pair.first;
    for (int depth = 0; depth < flat_depth_max; ++depth) {
        const std::size_t dot = rest.find('.');
        node = &node->children.try_emplace(std::string(rest.substr(0, dot))).first->second;
        if (dot != std::string_view::npos) {
            rest.remove_prefix(dot + 1);
            continue;
        }
        if (node->text) return refuse_key(pair.first, "is given twice");
        node->text = pair.second;
        return {};
    }
    return refuse_key(pair.first, "is nested too deep");
}

Answer<json::value> read_text(const schema::Member& member, const std::string& text,
                              const std::string& path) {
    if (member.kind != schema::Kind::text && text.empty()) return json::value(nullptr);
    switch (member.kind) {
        case schema::Kind::text:
            if (!is_utf8(text)) return refuse_key(path, "is not UTF-8");
            return json::value(text);
        case schema::Kind::integer:
            if (const Result<std::int64_t> number = parse_signed(text)) return json::value(*number);
            return refuse_key(path, "must be an integer");
        case schema::Kind::natural:
            if (const Result<std::uint64_t> number = parse_unsigned(text))
                return json::value(*number);
            return refuse_key(path, "must be an integer of at least 0");
        case schema::Kind::real:
            if (const Result<double> number = parse_real(text); number && std::isfinite(*number))
                return json::value(*number);
            return refuse_key(path, "must be a number");
        case schema::Kind::boolean:
            if (text == "true" || text == "false") return json::value(text == "true");
            return refuse_key(path, "must be true or false");
        case schema::Kind::object:
            break;
    }
    return refuse_key(path, "must be an object");
}

Answer<json::object> read_members(const schema::Object& type, const Node& node,
                                  const std::string& prefix);

Answer<json::value> read_one(const schema::Member& member, const Node& node,
                             const std::string& path) {
    if (member.kind == schema::Kind::object && !node.text) {
        Answer<json::object> object = read_members(*member.object, node, path + ".");
        if (!object) return std::unexpected(std::move(object.error()));
        return json::value(std::move(*object));
    }
    if (!node.text || !node.children.empty())
        return refuse_key(path, "is both a value and an object, or neither as its type asks");
    return read_text(member, *node.text, path);
}

Answer<json::value> read_list(const schema::Member& member, const Node& node,
                              const std::string& path) {
    if (node.text) return refuse_key(path, "must be a list: Name.0, Name.1, …");
    std::map<std::uint64_t, const Node*> elements;
    for (const auto& [name, child] : node.children) {
        const Result<std::uint64_t> index = parse_unsigned(name);
        if (!index || !elements.emplace(*index, &child).second)
            return refuse_key(path, "must be a list with indices from 0");
    }
    json::array out;
    for (const auto& [index, child] : elements) {
        if (index != out.size()) return refuse_key(path, "must have indices from 0 without gaps");
        Answer<json::value> element = read_one(member, *child, fmt::format("{}.{}", path, index));
        if (!element) return element;
        out.push_back(std::move(*element));
    }
    return json::value(std::move(out));
}

Answer<json::object> read_members(const schema::Object& type, const Node& node,
                                  const std::string& prefix) {
    json::object out;
    for (const auto& [name, child] : node.children) {
        const schema::Member* member = type.find(name);
        if (!member) continue;
        const std::string path = prefix + name;
        Answer<json::value> value =
            member->list ? read_list(*member, child, path) : read_one(*member, child, path);
        if (!value) return std::unexpected(std::move(value.error()));
        out.emplace(name, std::move(*value));
    }
    return out;
}

}  // namespace

Answer<json::object> read_flat_form(const schema::Object& type, const Form& form) {
    Node root;
    json::object unknown;
    for (const Form::value_type& pair : form) {
        const std::string_view first = std::string_view(pair.first).substr(0, pair.first.find('.'));
        if (!type.find(first)) {
            if (!is_common(pair.first)) unknown.emplace(first, nullptr);
            continue;
        }
        Answer<void> inserted = insert(root, pair);
        if (!inserted) return std::unexpected(std::move(inserted.error()));
    }
    Answer<json::object> known = read_members(type, root, "");
    if (!known) return known;
    for (json::key_value_pair& pair : unknown)
        known->emplace(pair.key(), std::move(pair.value()));
    return known;
}

}  // namespace hookreel::dialect::tencent_vod
