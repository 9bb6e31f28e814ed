// A kind of event that the server knows, for those who describe or try it: the native API, its
// OpenAPI file, the `trigger` command.
//
// The table of them is made where their neutral rendering is (dialect/standard/events); others get
// it as a value. Types of applications' own are not in it: their data is any JSON.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "model/event.h"

namespace hookreel::model {

struct EventType {
    std::string_view name;         // "media.uploaded"
    std::string_view description;  // A sentence.
    json::object schema;           // Of its data: JSON Schema 2020-12, without references.
    Payload example;               // Realistic; can be announced.
    std::string example_body;      // How it looks: the neutral body.
};

}  // namespace hookreel::model
