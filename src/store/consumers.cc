#include "store/consumers.h"

#include <fmt/format.h>

namespace hookreel::store {
namespace {

std::string record_id(model::ApplicationId application, std::string_view name) {
    return fmt::format("{}/{}", application.value(), name);
}

std::string id_of(const model::Consumer& consumer) {
    return record_id(consumer.application, consumer.name);
}

}  // namespace

Consumers::Consumers(Store& store)
    : directory_(store, {Kind::consumer, "queue", id_of, count_max}) {}

Consumers::Pointer Consumers::find(const Name& name) const {
    return directory_.find(record_id(name.application, name.name));
}

Task<Result<Consumers::Pointer>> Consumers::change(
    Name name, std::function<Result<void>(model::Consumer&)> edit, Commit with) {
    return directory_.change(record_id(name.application, name.name), std::move(edit),
                             std::move(with));
}

Task<Result<void>> Consumers::remove(Name name, Commit with) {
    return directory_.remove(record_id(name.application, name.name), std::move(with));
}

}  // namespace hookreel::store
