// Realistic payloads of all types, for descriptions, trials and tests.
#pragma once

#include "model/event.h"

namespace hookreel::dialect::standard {

// When the examples happen.
TimePoint example_time();

model::FileUploaded uploaded_example();
// A transcode that worked, a cover, and a step that failed.
model::ProcedureChanged processed_example();
model::MediaPulled pulled_example();
model::MediaEdited edited_example();
model::MediaComposed composed_example();
// Its transcodes by one template.
model::MediaDeleted deleted_example();
// Work of the kind that went well.
model::ExternalTaskEnded external_example(const model::ExternalKind& kind);
// `type` is one of the names in model::EndpointTold.
model::EndpointTold told_example(std::string_view type);

}  // namespace hookreel::dialect::standard
