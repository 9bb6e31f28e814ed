#include "store/store.h"

#include "base/text.h"

namespace hookreel::store {

std::string text(Handle handle) {
    return fmt::to_string(handle.value());
}

Result<Handle> parse_handle(std::string_view text) {
    return map(parse_unsigned(text), [](std::uint64_t value) { return Handle(value); });
}

}  // namespace hookreel::store
