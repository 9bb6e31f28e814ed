// The API's definition: the OpenAPI document that is served is the table by which requests are
// routed, read and refused.
//
// It is written by hand in api/openapi and put into the program when it is built; what a request
// may hold is said there and nowhere else. Each operation names its scope (`x-scope`) and the bytes
// that its body may have (`x-body-bytes-max`). A body that is no JSON, and headers, are read by the
// operation's function. Made once at start; constant afterwards. Threads:
// any.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/frame/catalogue.h"
#include "api/frame/schema.h"

namespace hookreel::api {

inline constexpr std::string_view api_prefix = "/api/v1";

struct Operation {
    struct Parameter {
        std::string name;
        const Schema* schema;
        bool required;
    };
    // A piece of the path between slashes: a word, or what goes into a parameter.
    struct Segment {
        std::string word;  // Or the name of the parameter.
        bool is_parameter;
    };

    std::string id;             // "createEndpoint"
    std::string method;         // "POST"
    std::string route;          // "/api/v1/endpoints/{id}"
    std::vector<Segment> path;  // After api_prefix.
    std::string scope;          // Empty: whoever has any token.
    bool is_public = false;     // No token is needed.
    std::vector<Parameter> in_path, in_query;
    const Schema* body = nullptr;  // Null: it takes none.
    bool body_required = false;
    bool reads_body = false;  // Its function takes the body as it comes.
    std::size_t body_bytes_max = 0;
    int success = 200;  // The status of its first good answer.
};

class Definition {
 public:
    // Adds the event types of the catalogue as webhooks. Throws std::logic_error when the document
    // says something that is not understood.
    explicit Definition(const Catalogue& catalogue);

    const std::string& text() const { return text_; }  // The document.
    std::span<const Operation> operations() const { return operations_; }

    struct Match {
        const Operation* operation = nullptr;
        json::object path;  // Parameters of the path, decoded.
    };
    // The operation of a path that begins with api_prefix; a word goes before a parameter. Null
    // when there is none, or not with this method. HEAD is looked up as GET.
    Match find(std::string_view method, std::string_view path) const;
    // The methods that the path has, for Allow: "GET, HEAD, OPTIONS". Empty: no such path.
    std::string methods(std::string_view path) const;

 private:
    void read_path(std::string_view route, const json::object& item);
    Operation read_operation(const json::object& definition);
    void read_parameter(Operation& operation, const json::object& definition);

    json::object document_;
    std::string text_;
    std::unique_ptr<Schemas> schemas_;
    std::vector<Operation> operations_;
};

}  // namespace hookreel::api
