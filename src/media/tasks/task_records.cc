#include "media/tasks/task_records.h"

#include <fmt/format.h>

#include "base/digest.h"

namespace hookreel::media {

store::RecordKey task_key(model::ApplicationId application, const model::TaskId& id) {
    return {store::Kind::task, fmt::format("{}/{}", application.value(), id.text())};
}

store::RecordKey session_key(model::ApplicationId application, const std::string& session_id) {
    return {store::Kind::session, fmt::format("{}/task/{}", application.value(),
                                              hex(digest(Algorithm::sha256, session_id)))};
}

}  // namespace hookreel::media
