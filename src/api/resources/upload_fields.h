// What an upload may say of its file, in whatever form it says it: metadata, a query, a form.
// Pure functions.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "api/frame/problem.h"
#include "media/uploads/uploads.h"
#include "model/ids.h"

namespace hookreel::api {

// Names and values, decoded, in order.
using UploadFields = std::vector<std::pair<std::string, std::string>>;

// Reads filename (whose extension is the file's type; `name` when there is none), title (else the
// filename without its extension), procedure, class_id, source_context, session_context and
// expires, which must be after `now`. Others belong to the client and are ignored. Errors: 400,
// naming each field.
Answer<media::UploadRequest> read_upload_fields(model::ApplicationId application,
                                                const UploadFields& fields, TimePoint now);

}  // namespace hookreel::api
