#include "dialect/tencent_vod/protocol/schema.h"

#include <algorithm>

namespace hookreel::dialect::tencent_vod::schema {
namespace {

template <class Row>
const Row* find_row(std::span<const Row> rows, std::string_view name) {
    const auto found = std::ranges::lower_bound(rows, name, {}, &Row::name);
    return found != rows.end() && found->name == name ? &*found : nullptr;
}

}  // namespace

const Member* Object::find(std::string_view member) const {
    const auto found = std::ranges::find(members, member, &Member::name);
    return found == members.end() ? nullptr : &*found;
}

bool Action::lists(std::string_view error_code) const {
    return std::ranges::find(errors, error_code) != errors.end();
}

const Action* find_action(std::string_view name) {
    return find_row(actions(), name);
}

const Object* find_object(std::string_view name) {
    return find_row(objects(), name);
}

}  // namespace hookreel::dialect::tencent_vod::schema
