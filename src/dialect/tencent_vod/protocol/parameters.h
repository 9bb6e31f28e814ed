// The business parameters of a call, in one form whatever way they came: JSON body, query, or form.
//
// Everything that the definition says of them is checked here: types, required members, lists and
// objects. An action reads what is left without asking again. Flat keys such as
// `MediaProcessTask.TranscodeTaskSet.0.Definition` become objects and lists; indices count from 0
// without gaps.
#pragma once

#include <optional>
#include <string_view>

#include "base/json.h"
#include "dialect/tencent_vod/protocol/errors.h"
#include "dialect/tencent_vod/protocol/schema.h"
#include "dialect/tencent_vod/protocol/signature.h"

namespace hookreel::dialect::tencent_vod {

// What is done with a member at the top that the definition does not know. New SDKs add some
// weekly, so they are passed over unless an operator wants them refused (open point 25).
enum class Unknown { ignored, refused };

// Errors: InvalidParameter (not JSON, too deep, not UTF-8, a wrong type), MissingParameter,
// UnknownParameter. A null is as good as absent. Numbers come out as int64, uint64 or double, as
// the definition has them.
Answer<json::object> parse_parameters(const schema::Object& type, std::string_view json_text,
                                      Unknown unknown);
// Of a query or a form. Every value is text and read as the definition's type; an empty text for
// anything else than text is as good as absent. At most 16 levels.
Answer<json::object> parse_parameters(const schema::Object& type, const Form& form,
                                      Unknown unknown);

// The rules alone, for a value that was parsed already.
Answer<json::object> check_object(const schema::Object& type, const json::value& value,
                                  Unknown unknown);

// How many characters a UTF-8 text has: limits of the API count these.
std::size_t characters(std::string_view text);

// Reads members of an object that was checked: a member has its type or is not there.
class Members {
 public:
    explicit Members(const json::object& object) : object_(&object) {}

    const json::object& as_object() const { return *object_; }
    // All of it, as a JSON text.
    std::string as_json() const { return json::serialize(*object_); }

    std::optional<std::string_view> text(std::string_view name) const;
    // As text, empty when it is absent.
    std::string text_or_empty(std::string_view name) const;
    std::optional<std::int64_t> integer(std::string_view name) const;
    std::optional<std::uint64_t> natural(std::string_view name) const;
    std::optional<double> real(std::string_view name) const;
    std::optional<Members> object(std::string_view name) const;
    std::vector<std::string> texts(std::string_view name) const;
    std::vector<std::int64_t> integers(std::string_view name) const;
    std::vector<std::uint64_t> naturals(std::string_view name) const;
    std::vector<double> reals(std::string_view name) const;
    std::vector<Members> objects(std::string_view name) const;
    // Whether it is there and says something: not an empty text, list or object.
    bool has(std::string_view name) const;

 private:
    const json::value* find(std::string_view name) const { return object_->if_contains(name); }
    const json::array& list(std::string_view name) const;

    const json::object* object_;
};

}  // namespace hookreel::dialect::tencent_vod
