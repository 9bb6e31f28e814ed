#include "api/frame/definition.h"

#include <algorithm>
#include <stdexcept>

#include "api/frame/openapi_text.h"
#include "base/text.h"

namespace hookreel::api {
namespace {

constexpr std::size_t body_bytes_max_default = 256 * 1024;

using Segments = std::vector<std::string_view>;

// "/endpoints/{id}" -> "endpoints", "{id}".
Segments split(std::string_view path) {
    Segments segments;
    while (path.starts_with('/')) {
        path.remove_prefix(1);
        const std::string_view segment = path.substr(0, path.find('/'));
        segments.push_back(segment);
        path.remove_prefix(segment.size());
    }
    return segments;
}

std::string_view text_of(const json::object& object, std::string_view name) {
    const json::value* found = object.if_contains(name);
    return found ? std::string_view(found->as_string()) : std::string_view();
}

std::string upper(std::string_view method) {
    std::string text(method);
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

// Parameters take what fits their form and their size; words what is equal.
std::optional<json::object> match(const Operation& operation, const Segments& segments) {
    if (operation.path.size() != segments.size()) return std::nullopt;
    for (std::size_t i = 0; i < segments.size(); ++i)
        if (!operation.path[i].is_parameter && operation.path[i].word != segments[i])
            return std::nullopt;
    json::object parameters;
    for (std::size_t i = 0; i < segments.size(); ++i) {
        if (!operation.path[i].is_parameter) continue;
        const Result<std::string> decoded = percent_decode(segments[i]);
        if (!decoded || decoded->empty() || !is_utf8(*decoded)) return std::nullopt;
        parameters[operation.path[i].word] = *decoded;
    }
    return parameters;
}

json::object webhook(const model::EventType& type) {
    json::object content;
    content["schema"] = body_schema(type);
    content["example"] = json::parse(type.example_body);
    json::object post;
    post["summary"] = type.description;
    post["operationId"] = type.name;
    post["security"] = json::array();
    post["requestBody"] = json::object{
        {"required", true}, {"content", json::object{{"application/json", std::move(content)}}}};
    post["responses"] = json::object{
        {"2XX", json::object{{"description", "Taken; any other answer is tried again."}}},
        {"410", json::object{{"description", "Unwanted for good: the endpoint is disabled."}}}};
    return json::object{{"post", std::move(post)}};
}

}  // namespace

Definition::Definition(const Catalogue& catalogue) {
    document_ = json::parse(openapi_text()).as_object();
    json::object webhooks;
    for (const model::EventType& type : catalogue)
        webhooks[type.name] = webhook(type);
    document_["webhooks"] = std::move(webhooks);
    text_ = json::serialize(document_);

    schemas_ =
        std::make_unique<Schemas>(document_.at("components").as_object().at("schemas").as_object());
    for (const auto& [path, item] : document_.at("paths").as_object())
        read_path(path, item.as_object());
    // Words before parameters, so that the first that matches is the right one.
    std::ranges::sort(operations_, {}, [](const Operation& operation) {
        const auto count =
            std::ranges::count(operation.path, true, &Operation::Segment::is_parameter);
        return std::pair(count, operation.method);
    });
}

void Definition::read_path(std::string_view route, const json::object& item) {
    std::string_view path = route;
    if (!path.starts_with(api_prefix)) throw std::logic_error("a path outside of the API");
    path.remove_prefix(api_prefix.size());
    for (const auto& [method, definition] : item) {
        if (method == "parameters") continue;
        Operation operation = read_operation(definition.as_object());
        operation.method = upper(method);
        operation.route = route;
        if (const json::value* shared = item.if_contains("parameters"))
            for (const json::value& parameter : shared->as_array())
                read_parameter(operation, parameter.as_object());
        for (const std::string_view segment : split(path)) {
            const bool is_parameter = segment.starts_with('{');
            const std::string_view word =
                is_parameter ? segment.substr(1, segment.size() - 2) : segment;
            operation.path.push_back({std::string(word), is_parameter});
        }
        operations_.push_back(std::move(operation));
    }
}

Operation Definition::read_operation(const json::object& definition) {
    Operation operation;
    operation.id = text_of(definition, "operationId");
    operation.scope = text_of(definition, "x-scope");
    const json::value* security = definition.if_contains("security");
    operation.is_public = security && security->as_array().empty();
    if (const json::value* parameters = definition.if_contains("parameters"))
        for (const json::value& parameter : parameters->as_array())
            read_parameter(operation, parameter.as_object());
    if (const json::value* body = definition.if_contains("requestBody")) {
        const json::object& content = body->as_object().at("content").as_object();
        const json::value* json_form = content.if_contains("application/json");
        operation.reads_body = !json_form;
        if (json_form) operation.body = &schemas_->make(json_form->as_object().at("schema"));
        const json::value* required = body->as_object().if_contains("required");
        operation.body_required = required && required->as_bool();
        const json::value* limit = definition.if_contains("x-body-bytes-max");
        operation.body_bytes_max = limit ? limit->to_number<std::size_t>() : body_bytes_max_default;
    }
    const std::string status(definition.at("responses").as_object().begin()->key());
    operation.success = static_cast<int>(parse_unsigned(status).value());
    return operation;
}

void Definition::read_parameter(Operation& operation, const json::object& definition) {
    constexpr std::string_view prefix = "#/components/parameters/";
    std::string_view reference = text_of(definition, "$ref");
    if (reference.starts_with(prefix)) {
        reference.remove_prefix(prefix.size());
        const json::object& components = document_.at("components").as_object();
        const json::value& named = components.at("parameters").as_object().at(reference);
        return read_parameter(operation, named.as_object());
    }
    if (text_of(definition, "in") == "header") return;
    const json::value* required = definition.if_contains("required");
    const Operation::Parameter parameter{std::string(text_of(definition, "name")),
                                         &schemas_->make(definition.at("schema")),
                                         required && required->as_bool()};
    const std::string_view place = text_of(definition, "in");
    if (place != "path" && place != "query") throw std::logic_error("a parameter nowhere");
    (place == "path" ? operation.in_path : operation.in_query).push_back(parameter);
}

Definition::Match Definition::find(std::string_view method, std::string_view path) const {
    if (!path.starts_with(api_prefix)) return {};
    const Segments segments = split(path.substr(api_prefix.size()));
    const std::string_view wanted = method == "HEAD" ? "GET" : method;
    for (const Operation& operation : operations_) {
        if (operation.method != wanted) continue;
        if (std::optional<json::object> parameters = match(operation, segments))
            return {&operation, std::move(*parameters)};
    }
    return {};
}

std::string Definition::methods(std::string_view path) const {
    if (!path.starts_with(api_prefix)) return {};
    const Segments segments = split(path.substr(api_prefix.size()));
    std::string methods;
    for (const Operation& operation : operations_) {
        if (!match(operation, segments)) continue;
        methods += (methods.empty() ? "" : ", ") + operation.method;
        if (operation.method == "GET") methods += ", HEAD";
    }
    return methods.empty() ? methods : methods + ", OPTIONS";
}

}  // namespace hookreel::api
