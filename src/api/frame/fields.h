// Reads members of an object that was checked by its schema: a member has its type or is not there.
// Null is as good as absent, unless `is_null` is asked. A view; the object outlives it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"

namespace hookreel::api {

class Fields {
 public:
    explicit Fields(const json::object& object) : object_(&object) {}

    bool has(std::string_view name) const { return find(name) != nullptr; }
    bool is_null(std::string_view name) const {
        const json::value* found = object_->if_contains(name);
        return found && found->is_null();
    }
    std::optional<std::string> text(std::string_view name) const;
    std::string text_or(std::string_view name, std::string_view otherwise) const;
    std::optional<std::int64_t> integer(std::string_view name) const;
    std::int64_t integer_or(std::string_view name, std::int64_t otherwise) const;
    std::optional<double> real(std::string_view name) const;
    std::optional<bool> boolean(std::string_view name) const;
    // A member of the form `date-time`.
    std::optional<TimePoint> time(std::string_view name) const;
    // A member in seconds, with a fraction.
    std::optional<Duration> seconds(std::string_view name) const;
    std::optional<Fields> object(std::string_view name) const;
    const json::array* array(std::string_view name) const;
    std::vector<std::string> texts(std::string_view name) const;
    const json::object& all() const { return *object_; }

 private:
    const json::value* find(std::string_view name) const;

    const json::object* object_;
};

}  // namespace hookreel::api
