#include "media/files/end_mark.h"

#include <fmt/format.h>

#include "model/task_id.h"

namespace hookreel::media {

store::Put end_mark(const store::RecordKey& work, TimePoint ended) {
    const std::size_t slash = work.id.find('/') + 1;
    std::string id = fmt::format("{}{}{}", work.id.substr(0, slash), model::time_digits(ended),
                                 work.id.substr(slash));
    const EndMark mark{static_cast<int>(work.kind), work.id, ended};
    return {{store::Kind::end_mark, std::move(id)}, to_json_text(mark), std::nullopt};
}

std::string place_before_ends(model::ApplicationId application, TimePoint ended) {
    return fmt::format("{}/{}", application.value(),
                       ended == never ? std::string() : model::time_digits(ended));
}

}  // namespace hookreel::media
