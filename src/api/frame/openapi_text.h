// The hand-written part of the OpenAPI document, put together from api/openapi when the program is
// built. Constant.
#pragma once

#include <string_view>

namespace hookreel::api {

std::string_view openapi_text();

}  // namespace hookreel::api
