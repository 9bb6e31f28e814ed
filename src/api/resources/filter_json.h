// What a recipient wants to hear, as the API writes it: `types`, `keys`, and `data` by path. Pure
// functions.
#pragma once

#include <optional>

#include "api/frame/catalogue.h"
#include "api/frame/fields.h"
#include "api/frame/problem.h"
#include "model/filter.h"

namespace hookreel::api {

// Whether something could pass the types that the fields name: the server raises none of its own
// kind but those of the catalogue.
Answer<void> check_filter(const Fields& fields, const Catalogue& catalogue);
// Sets what the fields name, and leaves the rest; null empties.
void read_filter(const Fields& fields, model::EventFilter& filter);
void write_filter(const model::EventFilter& filter, json::object& object);

// What fits the filter and `types` and `keys` of the fields too, if they are given. None: nothing
// can.
std::optional<model::EventFilter> narrowed(model::EventFilter filter, const Fields& fields);

}  // namespace hookreel::api
