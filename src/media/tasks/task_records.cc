#include "media/tasks/task_records.h"

#include <fmt/format.h>

namespace hookreel::media {

store::RecordKey task_key(model::ApplicationId application, const model::TaskId& id) {
    return {store::Kind::task, fmt::format("{}/{}", application.value(), id.text())};
}

}  // namespace hookreel::media
