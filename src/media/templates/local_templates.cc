#include "media/templates/local_templates.h"

#include "media/templates/own_record.h"

namespace hookreel::media {

Task<Result<model::OwnTemplates>> LocalTemplates::own(model::ApplicationId application) {
    Result<OwnRecord> own = co_await load_own(store_, application);
    if (!own) co_return fail(std::move(own.error()));
    co_return std::move(own->value);
}

}  // namespace hookreel::media
