#include "store/store.h"

#include "base/text.h"

namespace hookreel::store {

std::string text(Handle handle) {
    return fmt::to_string(handle.value());
}

Result<Handle> parse_handle(std::string_view text) {
    return map(parse_unsigned(text), [](std::uint64_t value) { return Handle(value); });
}

namespace {

std::unexpected<Error> missing() {
    return fail(Code::unavailable, "this store cannot do that");
}

}  // namespace

Task<Result<std::vector<Published>>> Store::publish(std::vector<NewEvent>) {
    co_return missing();
}
Task<Result<Page<ArchivedEvent>>> Store::events(EventQuery) {
    co_return missing();
}
Task<Result<ArchivedEvent>> Store::event(model::ApplicationId, model::EventId) {
    co_return missing();
}
Task<Result<Page<Delivery>>> Store::deliveries(DeliveryQuery) {
    co_return missing();
}
Task<Result<Delivery>> Store::delivery(DeliveryId) {
    co_return missing();
}
Task<Result<void>> Store::retry(DeliveryId) {
    co_return missing();
}
Task<Result<ReplayStep>> Store::replay(Replay) {
    co_return missing();
}

}  // namespace hookreel::store
