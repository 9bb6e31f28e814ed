#include "api/resources/handle_seal.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "base/random.h"

namespace hookreel::api {
namespace {

constexpr std::size_t seal_bytes = 8;

}  // namespace

HandleSeal::HandleSeal() : key_(random_bytes(32)) {}

std::string HandleSeal::text(store::Handle handle, const model::QueueId& queue) const {
    const std::string number = store::text(handle);
    return fmt::format("{}-{}", number, seal(number, queue));
}

std::optional<store::Handle> HandleSeal::open(std::string_view text,
                                              const model::QueueId& queue) const {
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const std::string_view number = text.substr(0, dash);
    if (!constant_time_equal(text.substr(dash + 1), seal(number, queue))) return std::nullopt;
    const Result<store::Handle> handle = store::parse_handle(number);
    return handle ? std::optional(*handle) : std::nullopt;
}

std::string HandleSeal::seal(std::string_view number, const model::QueueId& queue) const {
    const std::string sealed =
        hmac(Algorithm::sha256, key_, fmt::format("{}\n{}", number, queue.text()));
    return hex(std::string_view(sealed).substr(0, seal_bytes));
}

}  // namespace hookreel::api
