// What receivers may rely on in the data of media events, as JSON Schemas.
#pragma once

#include "base/json.h"

namespace hookreel::dialect::standard {

json::object uploaded_schema();
json::object processed_schema();
json::object pulled_schema();
json::object edited_schema();
json::object composed_schema();
json::object deleted_schema();
json::object external_schema();

}  // namespace hookreel::dialect::standard
